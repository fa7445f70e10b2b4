import { timingPresets, type TimingPresetName } from '../../shared/lease/timing.ts';
import { Faults, type Scope } from './faults.ts';
import { cured, heal, protectedAgain } from './healing.ts';
import { asksAPerson, help } from './person.ts';
import type { Planted } from './planted.ts';
import { Random } from './random.ts';
import type { ClusterSetting } from './setting.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { World } from './world.ts';

export interface SeedOptions {
  readonly seed: number;
  readonly planted: Planted;
  readonly keepHistory: boolean;
}

export interface SeedResult {
  readonly seed: number;
  readonly violation: string | null;
  readonly history: readonly string[];
  readonly virtualMs: number;
  readonly plan: string;
  readonly faults: number;
  readonly engineChanges: number;
  readonly acknowledged: number;
  readonly duplicates: number;
  readonly lateWrites: number;
  /** How often a person had to do what the members asked for. */
  readonly helped: number;
  /** What happened how often. */
  readonly noted: readonly (readonly [string, number])[];
  /** Rules by which something was decided. */
  readonly rules: readonly string[];
  readonly thawOverlapMs: number;
  /** From the end of the faults until every cluster was well again. */
  readonly healedMs: number;
}

/** What a seed is about. */
interface Plan {
  readonly kind: Scope;
  readonly clusters: readonly ClusterSetting[];
  readonly faultsMs: number;
  readonly edge: boolean;
}

const presets: readonly TimingPresetName[] = ['fast', 'fast', 'fast', 'rapid', 'lan', 'normal'];

function planOf(random: Random): Plan {
  const kind = kindOf(random.next());
  const count = kind === 'local' || random.chance(0.2) ? 2 : 1;
  const clusters = (['WK1', 'WK2'] as const).slice(0, count).map((id, index): ClusterSetting => {
    const timing = timingPresets[random.pick(presets)];
    return { id, timing, preferred: index === 0 ? 'north' : 'south', localRestarts: random.below(4) };
  });
  const longest = Math.max(...clusters.map(({ timing }) => timing.T));
  const many = random.chance(0.02) ? 20 : 1;
  return {
    kind,
    clusters,
    faultsMs: many * Math.min(240, 30 + longest * 8) * 1000,
    edge: kind === 'margins' || random.chance(0.3),
  };
}

function kindOf(drawn: number): Scope {
  if (drawn < 0.05) return 'quiet';
  if (drawn < 0.15) return 'local';
  if (drawn < 0.27) return 'margins';
  if (drawn < 0.4) return 'one';
  return drawn < 0.55 ? 'lost' : 'any';
}

/** One whole history: start, faults, healing. The same seed gives the same history. */
export async function runSeed({ seed, planted, keepHistory }: SeedOptions): Promise<SeedResult> {
  const random = new Random(seed);
  const plan = planOf(random.fork());
  const world = new World({
    random: random.fork(),
    clusters: plan.clusters,
    edge: plan.edge,
    planted,
    keepHistory,
  });
  const faults = new Faults(world, random.fork(), plan.kind);
  const end = { healedMs: 0 };
  await live(world, plan, faults, end).catch((error: unknown) =>
    world.violate(`the world stops: ${String(error)}`),
  );
  return resultOf(world, seed, plan, faults.count, end.healedMs);
}

async function live(world: World, plan: Plan, faults: Faults, end: { healedMs: number }): Promise<void> {
  const { schedule } = world;
  const over = () => world.violation !== null;
  await becomesWell(world, 'starts', boundMs(world, 30_000));
  const changesBefore = world.clusters.map(({ checks }) => checks.changes);
  if (plan.kind === 'one') await survives(world, faults);
  else {
    if (plan.kind !== 'quiet') faults.begin();
    await schedule.pass(schedule.nowMs + plan.faultsMs, over);
  }
  faults.end();
  const untouched =
    plan.kind === 'quiet' ? world.clusters : plan.kind === 'local' ? world.clusters.slice(1) : [];
  for (const cluster of untouched) {
    const before = changesBefore[world.clusters.indexOf(cluster)];
    if (cluster.checks.changes === before) continue;
    world.violate(
      plan.kind === 'quiet'
        ? `${cluster.id} changed although nothing was wrong`
        : `I7: ${cluster.id} changed by faults of ${world.clusters[0]?.id}`,
    );
  }
  const healedAtMs = schedule.nowMs;
  heal(world);
  await becomesWell(world, 'comes back', boundMs(world, 150_000), { missing: protectedAgain });
  end.healedMs = schedule.nowMs - healedAtMs;
  if (plan.kind === 'lost') await failsOver(world);
  for (const cluster of world.clusters) checkMessages(world, cluster);
}

/** What people have mended protects again: the server of the Active goes, and the other one does the work. */
async function failsOver(world: World): Promise<void> {
  const busy = world.clusters[0]?.sites.find(({ unit }) => unit.process !== null);
  if (busy === undefined || world.violation !== null) return;
  world.powerOff(busy.machine);
  await becomesWell(world, 'fails over after all', boundMs(world, 30_000));
}

/** One server is hit for good: the other one does the work, and nobody is needed for that. */
async function survives(world: World, faults: Faults): Promise<void> {
  const { schedule } = world;
  await schedule.pass(schedule.nowMs + 5_000, () => world.violation !== null);
  const { survivable } = faults.strikeForGood();
  // What has struck must be seen first.
  await schedule.pass(schedule.nowMs + 5_000, () => world.violation !== null);
  const orElse = survivable === 'told' ? asksAPerson : () => false;
  await becomesWell(world, 'goes on with one fault', boundMs(world, 120_000), { missing: cured, orElse });
}

/** Waits for leases to run out a few times over, and `moreMs` for boots, starts and calls that hang to their limit. */
function boundMs(world: World, moreMs: number): number {
  const longest = Math.max(...world.clusters.map(({ timing }) => timing.T * 1.01 + 0.25));
  return 4 * longest * 1000 + moreMs;
}

/** For so long the members must have asked for the same before somebody comes. */
const helpAfterMs = 30_000;
/** What has not helped by then does not help. */
const helpsAtMost = 8;

interface Wanted {
  /** What is not as it must be; null: nothing, and messages get through. */
  readonly missing: (cluster: ClusterWorld) => string | null;
  /** What is enough as well. */
  readonly orElse?: (cluster: ClusterWorld) => boolean;
}

/** I5: within the limit, or once a person has done what the members say that he must. */
async function becomesWell(
  world: World,
  what: string,
  limitMs: number,
  { missing, orElse = () => false }: Wanted = { missing: cured },
): Promise<void> {
  const { schedule } = world;
  let untilMs = schedule.nowMs + limitMs;
  let helpMs = schedule.nowMs + helpAfterMs;
  let helps = 0;
  const acknowledged = world.clusters.map(({ traffic }) => traffic.acknowledged.size);
  const well = (cluster: ClusterWorld, index: number) =>
    (missing(cluster) === null && cluster.traffic.acknowledged.size > (acknowledged[index] ?? 0)) ||
    orElse(cluster);
  while (world.violation === null && !world.clusters.every(well)) {
    if (schedule.nowMs >= untilMs) {
      const ill = world.clusters.find((cluster, index) => !well(cluster, index));
      const why = ill === undefined ? '' : `${ill.id}: ${missing(ill) ?? 'no message gets through'}`;
      world.violate(`I5: not every cluster ${what} within ${Math.round(limitMs / 1000)} s: ${why}`);
      return;
    }
    if (schedule.nowMs >= helpMs) {
      helpMs = schedule.nowMs + helpAfterMs;
      const helped = world.clusters.filter(
        (cluster) => missing(cluster) !== null && help(world, cluster) !== null,
      );
      if (helped.length > 0 && helps < helpsAtMost) untilMs = schedule.nowMs + limitMs;
      helps += helped.length;
      world.helped += helped.length;
    }
    await schedule.pass(schedule.nowMs + 1_000, () => world.violation !== null);
  }
}

/** I3: everything acknowledged has been delivered, and in its order. */
function checkMessages(world: World, { id, traffic }: ClusterWorld): void {
  for (const number of traffic.acknowledged) {
    if (!traffic.seen.has(number)) return world.violate(`I3: ${id} lost the acknowledged message ${number}`);
  }
  const wrong = traffic.received.find((number, at) => number < (traffic.received[at - 1] ?? 0));
  if (wrong !== undefined) world.violate(`I3: ${id} delivered message ${wrong} after a later one`);
}

function resultOf(world: World, seed: number, plan: Plan, faults: number, healedMs: number): SeedResult {
  const { clusters } = world;
  const sum = (of: (cluster: ClusterWorld) => number) =>
    clusters.reduce((total, cluster) => total + of(cluster), 0);
  return {
    seed,
    violation: world.violation,
    history: world.history,
    virtualMs: world.schedule.nowMs,
    plan: `${plan.kind}, ${plan.clusters.map(({ id, timing }) => `${id} T=${timing.T} s`).join(', ')}`,
    faults,
    engineChanges: sum(({ checks }) => checks.changes),
    acknowledged: sum(({ traffic }) => traffic.acknowledged.size),
    duplicates: sum(({ traffic }) => traffic.duplicates),
    lateWrites: sum(({ storage }) => storage.lateWrites),
    helped: world.helped,
    noted: [...world.noted],
    rules: [...new Set(clusters.flatMap(({ told }) => [...told.rules]))],
    thawOverlapMs: Math.max(...clusters.map(({ checks }) => checks.longestThawOverlapMs)),
    healedMs,
  };
}
