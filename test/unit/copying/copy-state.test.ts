import { describe, expect, it } from 'vitest';
import { readCopyState } from '../../../shared/copying/copy-state.ts';

describe('what the script tells of a copied directory', () => {
  const whole = 'whole 6 17 yes 123456 850 1000 12 2026-01-01T00:00:00Z';
  it('is read, with the time at which the sender began to read', () => {
    expect(readCopyState(`data 5\ngiven 4\n${whole}\n`)).toEqual({
      dataEpoch: 5,
      givenEpoch: 4,
      whole: {
        epoch: 6,
        sequence: 17,
        final: true,
        readAtMs: 122_606,
        bytes: 1000,
        files: 12,
        wallTime: '2026-01-01T00:00:00Z',
      },
    });
  });

  it('says nothing of an age from before the boot', () => {
    const state = readCopyState(`data 0\ngiven 0\n${whole.replace('123456', '-')}\n`);
    expect(state?.whole?.readAtMs).toBeNull();
  });

  it.each(['', 'data 5\n', 'given 5\n', 'data x\ngiven 0\n', 'data -1\ngiven 0\n'])(
    'is unknown when it does not look as it should: %j',
    (text) => expect(readCopyState(text)).toBeNull(),
  );

  it.each(['whole 6 17 maybe 1 1 1 1 now', 'whole 6', 'whole 6 17 yes 1 1 1 1'])(
    'has no copy when that line does not: %s',
    (line) => expect(readCopyState(`data 5\ngiven 0\n${line}\n`)?.whole).toBeNull(),
  );
});
