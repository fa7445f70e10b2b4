import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceRanges } from '../../../../electron/demo/traffic/sequence-ranges.ts';

const values = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 });
const bounds = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }));

function rangesOf(added: readonly number[]): SequenceRanges {
  const ranges = new SequenceRanges();
  for (const value of added) ranges.add(value);
  return ranges;
}

describe('sequence ranges', () => {
  it('answer as a plain set does', () => {
    fc.assert(
      fc.property(values, bounds, (added, [first, last]) => {
        const ranges = new SequenceRanges();
        const plain = new Set<number>();
        for (const value of added) {
          expect(ranges.add(value)).toBe(!plain.has(value));
          plain.add(value);
        }
        const inside = [...plain].filter((value) => value >= first && value <= last).sort((a, b) => a - b);
        expect(ranges.size).toBe(plain.size);
        expect(ranges.max).toBe(Math.max(0, ...plain));
        expect(ranges.countWithin(first, last)).toBe(inside.length);
        expect([...ranges.membersWithin(first, last)]).toEqual(inside);
        for (let value = 0; value <= 61; value += 1) expect(ranges.has(value)).toBe(plain.has(value));
      }),
    );
  });

  it('hold nothing between bounds that are the wrong way round', () => {
    const ranges = rangesOf([1, 2, 3, 4, 5]);
    expect(ranges.countWithin(4, 2)).toBe(0);
    expect([...ranges.membersWithin(4, 2)]).toEqual([]);
    expect([...ranges.gapsWithin(4, 2)]).toEqual([]);
  });

  it('name exactly what is missing', () => {
    fc.assert(
      fc.property(values, bounds, (added, [first, last]) => {
        const missing = [...rangesOf(added).gapsWithin(first, last)].flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        const expected = [];
        for (let value = first; value <= last; value += 1) if (!added.includes(value)) expected.push(value);
        expect(missing).toEqual(expected);
      }),
    );
  });

  it('stay one range over a million messages that repeat now and then', () => {
    const ranges = new SequenceRanges();
    for (let value = 1; value <= 1_000_000; value += 1) {
      ranges.add(value);
      if (value % 1000 === 0) ranges.add(value - 1);
    }
    expect(ranges.rangeCount).toBe(1);
    expect(ranges.size).toBe(1_000_000);
  });
});
