import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noAnswers } from '../../../shared/advisor/answers.ts';
import { knownSituation } from '../../../shared/advisor/known.ts';
import { answerProblems } from '../../../shared/advisor/problems.ts';
import {
  interfacesFromLines,
  linesFromInterfaces,
  unreadableRate,
} from '../../../shared/advisor/interface-lines.ts';

const name = fc
  .string({ minLength: 1, maxLength: 20 })
  .map((text) => text.replaceAll(/[\r\n\t]/g, '').trim())
  .filter((text) => text !== '');

test('reads back every list that it has written', () => {
  const list = fc.array(
    fc.record({
      name,
      perSecond: fc.option(
        fc.oneof(
          fc.integer({ min: 0, max: 1_000_000 }),
          fc.integer({ min: 0, max: 9_999_999 }).map((n) => n / 1000),
        ),
        { nil: null },
      ),
      together: fc.array(name, { maxLength: 3 }),
    }),
  );
  fc.assert(
    fc.property(list, (interfaces) => {
      expect(interfacesFromLines(linesFromInterfaces(interfaces))).toEqual(interfaces);
    }),
  );
});

test('reads what is pasted from a table, with commas in figures, and tells nonsense from nothing', () => {
  expect(interfacesFromLines('ADT in\t2,5\tORM, ORU\r\n\r\nORM\t?\nORU; x')).toEqual([
    { name: 'ADT in', perSecond: 2.5, together: ['ORM', 'ORU'] },
    { name: 'ORM', perSecond: null, together: [] },
    { name: 'ORU', perSecond: -1, together: [] },
  ]);
});

test.each([
  ['1200', 1_200],
  ['1 200', 1_200],
  ["1'200", 1_200],
  ['1,200,000', 1_200_000],
  ['1.200,5', 1_200.5],
  ['1,200.5', 1_200.5],
  ['12,5', 12.5],
  ['0,125', 0.125],
  ['0.125', 0.125],
  ['1.1250', 1.125],
  ['1,200', unreadableRate],
  ['1.200', unreadableRate],
  ['1,200,5', unreadableRate],
  ['-3', unreadableRate],
  ['1e3', unreadableRate],
])('reads a rate written as %s, or says that it cannot', (text, expected) => {
  expect(interfacesFromLines(`ADT in; ${text}`)[0]?.perSecond).toBe(expected);
});

test('says which rate cannot be read for sure, and how to write it', () => {
  const answers = { ...noAnswers, interfaces: interfacesFromLines('ADT in; 1,200') };
  expect(answerProblems(answers).map(({ says }) => says)).toEqual([
    'The rate of “ADT in” cannot be read for sure. Write it in plain digits, such as 1200 or 2.5.',
  ]);
});

test('takes the load of a list as known only where every interface has a rate', () => {
  const shareOf = (text: string) =>
    knownSituation({
      ...noAnswers,
      load: { ...noAnswers.load, capacityPerSecond: 100 },
      interfaces: interfacesFromLines(text),
    }).shareNow;
  expect(shareOf('ADT in; 20\nORM; 30')).toBe(0.5);
  expect(shareOf('ADT in; 20\nORM')).toBeNull();
});
