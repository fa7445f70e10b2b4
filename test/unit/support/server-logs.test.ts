import { describe, expect, it } from 'vitest';
import { logText, logWeight, readSince, sinceWord } from '../../../shared/support/server-logs.ts';

/** Goal: a time as people say it reaches the journal as it was meant. Method: words in, what journalctl reads out. */
describe('from when on logs are told', () => {
  it.each([
    ['90s', '-90s'],
    ['10min', '-600s'],
    ['2h', '-7200s'],
    ['3d', '-259200s'],
    ['2026-05-01T08:00Z', '@1777622400'],
    ['2026-05-01T10:00+02:00', '@1777622400'],
  ])('%s is %s', (text, word) => {
    expect(sinceWord(readSince(text)!)).toBe(word);
  });

  it.each(['yesterday', '10', '10 min', '-2h', '2026-13-01T08:00Z', '@5', ''])('“%s” is no time', (text) => {
    expect(readSince(text)).toBeNull();
  });
});

describe('a line', () => {
  const line = {
    at: '2026-05-01T08:00:00.000Z',
    unit: 'ixha-agent@WK1.service',
    priority: 4,
    pid: 7,
    text: 'Told.',
  };

  it('reads as time, server, unit and words', () => {
    expect(logText(line, 'ig-north')).toBe('2026-05-01T08:00:00.000Z ig-north ixha-agent@WK1: Told.');
  });

  it('is as bad as its priority says', () => {
    expect([3, 4, 6, null].map((priority) => logWeight({ priority }))).toEqual([
      'error',
      'warning',
      'plain',
      'plain',
    ]);
  });
});
