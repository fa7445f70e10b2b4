import { describe, expect, it } from 'vitest';
import { noAnswers } from '../../../shared/advisor/answers.ts';
import { readAnswers } from '../../../shared/advisor/read-answers.ts';

const details = (value: unknown) => {
  const read = readAnswers(typeof value === 'string' ? value : JSON.stringify(value), 'answers.json');
  return read.ok ? [] : [read.error.message, ...(read.error.details ?? [])];
};
const listed = (...names: string[]) => ({
  schema: 1,
  interfaces: names.map((name) => ({ name, perSecond: 1 })),
});

describe('a file of answers', () => {
  it('may leave out whatever is not known', () => {
    expect(readAnswers('{"schema":1}', 'a.json')).toEqual({ ok: true, value: noAnswers });
    expect(readAnswers('{"schema":1,"load":{"perSecond":3}}', 'a.json')).toMatchObject({
      value: { load: { perSecond: 3, divisible: null } },
    });
  });

  it('may have names with quotes, of any script, of 200 characters', () => {
    expect(details(listed('O\'Brien "ADT"', 'קבלת חולים', '入院', 'x'.repeat(200)))).toEqual([]);
  });

  it.each([
    ['{', 'is not valid JSON'],
    [{ schema: 1, order: 'sometimes' }, 'order must be one of none, within, across'],
    [{ schema: 1, colour: 'red' }, 'colour is no question of the advisor'],
    [{ schema: 1, load: { perSecond: '3' } }, 'load.perSecond must be a number'],
    [{ schema: 2 }, 'schema must be 1'],
    ['[]', 'must be an object'],
    [{ schema: 1, load: { perSecond: -1 } }, 'cannot be negative; -1 was given'],
    [{ schema: 1, load: { interfaces: 10_000 } }, 'must be between 1 and 5,000; 10,000 was given'],
    [{ schema: 1, sites: 1.5 }, 'must be a whole number'],
    [
      listed(...Array.from({ length: 10_000 }, (_, index) => `if-${index}`)),
      'The list has 10,000 interfaces',
    ],
    [listed('a', 'a'), '“a” is in the list twice'],
    [listed(''), 'Interface 1 has no name'],
    [listed('x'.repeat(201)), 'has 201 characters; 200 are allowed'],
    [listed('a\u202Eb'), 'marks that turn the text'],
    [
      { schema: 1, interfaces: [{ name: 'a', together: ['b'] }] },
      '“a” must stay in order with “b”, which is not in the list',
    ],
    [{ schema: 1, interfaces: [{ name: 'a', perSecond: -2 }] }, 'The rate of “a” must be between'],
  ])('refuses with the sentence %#', (value, sentence) => {
    expect(details(value).join('\n')).toContain(sentence);
  });
});
