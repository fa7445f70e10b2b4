import { describe, expect, it } from 'vitest';
import { plantedNames, showsPlanted } from '../../sim/planted.ts';

describe('a planted bug', () => {
  it('is found by what it is meant to violate', () => {
    expect(showsPlanted('guards-asleep', 'I1: two engines of WK1 run, on north and south')).toBe(true);
    expect(showsPlanted('deadline-not-shut', 'I6: an engine starts on north under epoch 2')).toBe(true);
  });

  it('is not found by anything else, or by nothing', () => {
    expect(showsPlanted('guards-asleep', 'I6: epoch 2 is used by north and by south')).toBe(false);
    expect(showsPlanted('guards-asleep', 'the world stops: Error: it breaks at I1: here')).toBe(false);
    expect(plantedNames.filter((name) => showsPlanted(name, null))).toEqual([]);
  });
});
