import { describe, expect, it } from 'vitest';
import { lookNamed, looksTold } from '../../../../electron/host/site-command/proof-looks.ts';
import type { KeptLook } from '../../../../shared/verification/kept-verification.ts';

const look = (number: number, hash: string, more: Partial<KeptLook> = {}): KeptLook => ({
  look: number,
  hash: hash.padEnd(64, '0'),
  checkedAt: `2026-03-14T05:0${number}:00.000Z`,
  unknown: 2,
  violated: 0,
  judgements: 0,
  signedBy: [],
  ...more,
});
const looks = [
  look(2, 'abcdef01'),
  look(1, '12345678', { judgements: 1 }),
  look(1, 'abcdef02', { violated: 1, signedBy: ['owner-1', 'owner-2'] }),
];
const hashOf = (named: string) => {
  const found = lookNamed(looks, named);
  return found.ok ? found.value.hash.slice(0, 8) : found.error;
};

describe('the look that --look names', () => {
  it('is the one of that number as it is now, or the one whose hash begins so, as it was signed', () => {
    expect(hashOf('2')).toBe('abcdef01');
    expect(hashOf('1')).toBe('12345678');
    expect(hashOf('abcdef02')).toBe('abcdef02');
    expect(hashOf('12345678')).toBe('12345678');
  });

  it('is refused with what is kept where there is none, or more than one', () => {
    expect(hashOf('3')).toMatchObject({
      code: 'request.invalid',
      message: 'No look 3 of this move is kept.',
      details: expect.arrayContaining([expect.stringContaining('look 2, 2026-03-14T05:02')]) as string[],
    });
    const alike = lookNamed([look(2, 'abcdef0100'), look(1, 'abcdef0111')], 'abcdef01');
    expect(!alike.ok && alike.error.message).toContain('More than one look');
  });

  it('is told with who has signed it, where there is more than one', () => {
    expect(looksTold(looks).at(-1)).toBe(
      '  look 1, 2026-03-14T05:01:00.000Z, sha256 abcdef020000, 1 VIOLATED, 2 UNKNOWN, signed by owner-1 and owner-2',
    );
    expect(looksTold(looks.slice(0, 1))).toEqual([]);
  });
});
