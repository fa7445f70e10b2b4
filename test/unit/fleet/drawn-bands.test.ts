import { expect, test } from 'vitest';
import { drawnBands } from '../../../shared/fleet/timeline/drawn-bands.ts';
import type { RoleBand } from '../../../shared/fleet/timeline/role-bands.ts';

const window = { fromMs: 0, toMs: 100_000 };

function band(fromMs: number, toMs: number, role: RoleBand['role']): RoleBand {
  return { cluster: 'WK1', server: 'north', fromMs, toMs, role, word: role, epoch: 1, endedBy: null };
}

test('draws bands that can be seen as they are', () => {
  const bands = [band(0, 40_000, 'active'), band(40_000, 100_000, 'passive')];
  expect(drawnBands(bands, window)).toEqual(bands.map((one) => ({ band: one, count: 1 })));
});

test('keeps a short band between long ones to itself', () => {
  const bands = [
    band(0, 40_000, 'active'),
    band(40_000, 40_050, 'unknown'),
    band(40_050, 100_000, 'passive'),
  ];
  expect(drawnBands(bands, window)).toHaveLength(3);
});

test('draws thousands of changes as some hundred stretches that lose no time', () => {
  const bands = Array.from({ length: 5_000 }, (_, at) =>
    band(at * 20, at * 20 + 20, at % 2 === 0 ? 'active' : 'passive'),
  );
  const drawn = drawnBands(bands, window);
  expect(drawn.length).toBeLessThan(600);
  expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  expect(drawn.every(({ band: one }, at) => at === 0 || one.fromMs === drawn[at - 1]!.band.toMs)).toBe(true);
  expect(drawn.at(-1)!.band.toMs).toBe(100_000);
});
