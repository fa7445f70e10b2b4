// What `npm test` runs, in order. Cheap before dear: a fault is told by the cheapest stage that can see it.

export const typedFolders = ['shared', 'agent', 'electron', 'renderer', 'test', 'scripts'];

/**
 * What takes time in a stage:
 * - first: the programs that others run
 * - computes: both processors, and nothing in it hangs on how long something takes
 * - waits: mostly for leases, timers and real hosts
 * Stages that compute run one after another beside those that wait, at the lowest priority.
 * @typedef {'first' | 'computes' | 'waits'} Lane
 *
 * A stage is one of
 * - checks: commands of tools, each counts as one test
 * - vitest: projects of vitest.config.ts, each test counts
 * - model: the bounded exploration of the lease; each configuration and each rule left out counts
 * - sim: seeded histories over the production code; each line of seeds and each planted bug counts
 * - lab: the core set on real hosts, its own runner counts
 * `built`: needs the programs in dist/. Where one of these is not there, the stage is counted as skipped:
 * `needs`: programs of the machine; `platforms`: systems it can run on; `memoryMb`: free memory.
 * @typedef {{ id: string, title: string, lane: Lane, built?: boolean, needs?: string[], platforms?: string[],
 *   memoryMb?: number } & (
 *   | { kind: 'checks', checks: { name: string, tool: [string, string?] | undefined, args: string[] }[] }
 *   | { kind: 'vitest', project: string }
 *   | { kind: 'model' }
 *   | { kind: 'sim' }
 *   | { kind: 'lab' })} Stage
 */

/** @type {Stage[]} */
export const stages = [
  check('format', 'Formatting', ['prettier'], ['--check', '.']),
  check('lint', 'Lint', ['eslint'], ['.', '--max-warnings', '0']),
  {
    id: 'types',
    title: 'Types',
    lane: 'computes',
    kind: 'checks',
    checks: typedFolders.map((folder) => ({
      name: `types of ${folder}`,
      tool: ['typescript', 'tsc'],
      args: ['-p', folder],
    })),
  },
  check(
    'imports',
    'Import rules',
    ['dependency-cruiser', 'depcruise'],
    ['--config', '.dependency-cruiser.cjs', 'shared', 'agent', 'electron', 'renderer', 'scripts', 'test'],
  ),
  check('unused', 'Unused code', ['knip'], []),
  check('lock', 'Lock file', undefined, ['scripts/check-lock.mjs']),
  check('docs', 'Documents', undefined, ['scripts/check-docs.mjs']),
  { ...check('build', 'Build', undefined, ['scripts/build.mjs']), lane: 'first' },
  { id: 'unit', title: 'Rules (ring 1)', lane: 'computes', kind: 'vitest', project: 'unit' },
  { id: 'page', title: 'Pages (jsdom)', lane: 'computes', kind: 'vitest', project: 'page' },
  { id: 'model', title: 'Model (ring 2)', lane: 'computes', kind: 'model', memoryMb: 700 },
  { id: 'sim', title: 'Simulation (ring 3)', lane: 'computes', kind: 'sim', memoryMb: 700 },
  {
    id: 'processes',
    title: 'Processes (ring 4)',
    lane: 'waits',
    kind: 'vitest',
    project: 'processes',
    built: true,
    platforms: ['linux'],
  },
  { id: 'security', title: 'Security', lane: 'waits', kind: 'vitest', project: 'security', built: true },
  {
    id: 'e2e',
    title: 'Console in Chromium',
    lane: 'waits',
    kind: 'vitest',
    project: 'e2e',
    built: true,
    needs: ['chromium'],
    platforms: ['linux'],
  },
  { id: 'lab', title: 'Lab core (ring 5)', lane: 'waits', kind: 'lab', built: true, platforms: ['linux'] },
];

/**
 * Why a stage cannot run on this machine; undefined when it can.
 * @param {Stage} stage
 * @param {{ platform: string, freeMb: number, missing: string[] }} machine `missing`: programs that it lacks
 */
export function reasonNotToRun({ needs = [], platforms, memoryMb = 0 }, { platform, freeMb, missing }) {
  const lacking = needs.filter((program) => missing.includes(program));
  if (lacking.length > 0) return `${lacking.join(', ')} is not installed`;
  if (platforms && !platforms.includes(platform)) return `it needs ${platforms.join(' or ')}`;
  if (freeMb < memoryMb) return `it needs ${memoryMb} MB of free memory, there are ${Math.floor(freeMb)}`;
  return undefined;
}

/**
 * The stages that were asked for.
 * @param {string | undefined} only names separated by commas; undefined: all
 * @returns {{ ok: true, value: Stage[] } | { ok: false, unknown: string[] }}
 */
export function selectStages(only) {
  if (only === undefined) return { ok: true, value: stages };
  const names = only.split(',').filter(Boolean);
  const unknown = names.filter((name) => !stages.some(({ id }) => id === name));
  if (unknown.length > 0 || names.length === 0) return { ok: false, unknown };
  return { ok: true, value: stages.filter(({ id }) => names.includes(id)) };
}

/** @returns {Stage} */
function check(id, title, tool, args) {
  return { id, title, lane: 'computes', kind: 'checks', checks: [{ name: title.toLowerCase(), tool, args }] };
}
