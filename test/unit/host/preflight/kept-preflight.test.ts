import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  keepFindings,
  keepPreflight,
  keptPreflight,
} from '../../../../electron/host/preflight/kept-preflight.ts';
import { differenceCheck } from '../../../../shared/preflight/configuration-check.ts';

/** Goal: a comparison that is made by itself replaces the older one, and nothing else. Method: a folder on disk. */
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ixha-kept-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = { first: 'ig-north', other: 'ig-south' };
const nothing = { missing: [], surplus: [], changed: [] };
const equal = (cluster: string) => differenceCheck(cluster, { ...nothing, same: 3 }, names);
const differs = (cluster: string) =>
  differenceCheck(cluster, { ...nothing, changed: ['config/a'], same: 2 }, names);
const [morning, noon] = ['2026-03-14T08:00:00.000Z', '2026-03-14T12:00:00.000Z'];

it('stands beside what was found before, with a time of its own', async () => {
  await keepPreflight(folder, [differs('WK1'), differs('WK2')], morning);
  await keepFindings(folder, [equal('WK1')], noon);
  const kept = await keptPreflight(folder);
  expect(kept?.wallTime).toBe(morning);
  expect(kept?.checks.map(({ what, verdict, wallTime }) => [what, verdict, wallTime])).toEqual([
    ['configuration of the engines of WK2', 'warning', undefined],
    ['configuration of the engines of WK1', 'ok', noon],
  ]);
});

it('is kept where nothing was found before', async () => {
  await keepFindings(folder, [differs('WK1')], noon);
  expect(await keptPreflight(folder)).toMatchObject({
    wallTime: noon,
    checks: [{ id: 'engine-configuration', verdict: 'warning' }],
  });
});
