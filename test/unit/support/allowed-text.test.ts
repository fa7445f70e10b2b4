import { describe, expect, it } from 'vitest';
import { allowText, allowValue, countLeftOut, wordsOf } from '../../../shared/support/allowed-text.ts';

/** Goal: only what is known to be harmless passes. Method: texts with something strange in each of them. */
const allowed = {
  words: wordsOf('The lease of is held by until and engine exited code status agent because left s request'),
  names: new Set(['WK1', 'ig-north', '10.20.4.11', '/srv/wk1', 'Ahlers']),
};

describe('the words of a support bundle', () => {
  it('lets the sentences of the product pass as they are', () => {
    const sentence =
      'The lease of WK1 is held by ig-north (10.20.4.11:7670) until 2026-11-28T21:30:01.123Z, 12.4 s left.';
    expect(allowText(sentence, allowed)).toBe(sentence);
    expect(allowText('agent exited, code=exited, status=137', allowed)).toContain('code=exited');
  });

  it.each([
    'hunter2',
    'S3cret-Pa55',
    'correct-horse',
    'PID|1||4711^^^HOSP||SMITH^JOHN||19700101|M',
    'MSH|^~\\&|ADT1',
    '1970-01-01',
    '123-45-6789',
    '4711081512',
    '-----BEGIN',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49',
    'user:cGFzc3dvcmQ=',
    '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'bearer=eyJhbGciOi',
    '/home/someone/.ssh/id',
  ])('leaves %s out', (strange) => {
    expect(allowText(`The request of ${strange} is held`, allowed)).toBe('The request of [left out] is held');
    expect(allowText(`The request "${strange}", held`, allowed)).not.toContain(strange);
  });

  it('joins neighbours to one mark and counts the marks', () => {
    const text = allowText('agent Smith John 19700101 left, engine hunter2', allowed);
    expect(text).toBe('agent [left out] left, engine [left out]');
    expect(countLeftOut(text)).toBe(2);
  });

  it('looks at every text of a value and keeps an identifier only in a field for it', () => {
    const hash = 'ab'.repeat(32);
    const value = {
      previous: hash,
      sentence: hash,
      list: [{ request: 'hunter2' }, 3, true, null],
      'key hunter2': 1,
    };
    const kept = allowValue(value, {
      ...allowed,
      words: new Set([...allowed.words, 'previous', 'sentence', 'list', 'key']),
    });
    expect(kept).toEqual({
      previous: hash,
      sentence: '[left out]',
      list: [{ request: '[left out]' }, 3, true, null],
      'key [left out]': 1,
    });
  });
});
