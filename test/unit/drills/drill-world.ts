import { carryOutDrill, prepareDrill } from '../../../electron/host/drills/carry-out-drill.ts';
import type { DrillPorts } from '../../../electron/host/drills/drill-run.ts';
import type { HostTime } from '../../../electron/host/host-time.ts';
import type { Command, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import type { DrillKind, DrillRecord } from '../../../shared/drills/drill-record.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { fixtures } from '../../screens/fixtures.ts';

/** Clocks that go on by themselves as fast as they are waited for. */
export function fastTime(onTime: (passedMs: number) => void = () => undefined): HostTime {
  let now = 1_000;
  return {
    bootMs: () => now,
    wallTime: () => new Date(Date.UTC(2026, 2, 14) + now).toISOString(),
    after: (delayMs, task) => {
      now += delayMs;
      onTime(delayMs);
      const turn = setImmediate(task);
      return () => clearImmediate(turn);
    },
  };
}

/** A record of the journal of a member of WK1 at second `at` of its own clocks. */
export function recordOf(
  server: string,
  seq: number,
  at: number,
  told: Partial<JournalRecord>,
): JournalRecord {
  return {
    ...{ seq, wallTime: new Date(Date.UTC(2026, 2, 14) + at * 1_000).toISOString(), bootMs: at * 1_000 },
    ...{ cluster: 'WK1', server, epoch: 47, kind: 'step', ruleId: null, verdict: null, sentence: 'x' },
    ...{ requestedBy: null, step: null, result: null, operation: null, tookMs: null, previous: '' },
    ...told,
  };
}

/** What a drill of WK1 finds, and who answers it. */
export interface DrillWorld {
  seen: ConsoleSnapshot;
  /** Oldest first. */
  journal: JournalRecord[];
  /** How far the journals have been read when the drill begins. */
  head: number;
  ends: string | null;
  /** Called with each command; what it answers. */
  answer: (command: Command, world: DrillWorld) => Result<CommandAnswer, ProductError>;
  /** Called at each passing of time. */
  passes: (passedMs: number, world: DrillWorld) => void;
}

/** Makes one drill of WK1, whose Active is ig-north at first. */
export async function drillIn(kind: DrillKind, given: Partial<DrillWorld>, profileDirectory = '/nowhere') {
  const world: DrillWorld = {
    ...{ seen: fixtures.healthy(), journal: [], head: 0, ends: null, passes: () => undefined },
    answer: () => ({ ok: true, value: { accepted: true, operation: 'rehearsal-1' } }),
    ...given,
  };
  noTraffic(world.seen);
  const asks: Command[] = [];
  const told: DrillRecord[] = [];
  const time = fastTime((passedMs) => world.passes(passedMs, world));
  const site = {
    watch: {
      site: world.seen.site,
      view: () => world.seen.site,
      agents: () =>
        world.seen.site!.clusters[0]!.members.map(({ cluster, server, snapshot }) => ({
          endpoint: { cluster, server, name: server },
          snapshot,
        })),
    },
    ask: (_endpoint: unknown, { body }: { body: Command }) => {
      asks.push(body);
      return Promise.resolve(world.answer(body, world));
    },
    history: () =>
      Promise.resolve({
        database: {
          head: () => world.head,
          find: (search: { kinds: string[] }) => found(world, search.kinds),
        },
      }),
    profileDirectory,
    me: { name: 'admin-1', role: 'admin' },
  } as unknown as DrillPorts['site'];
  const order = { cluster: 'WK1', kind, reason: 'yearly' };
  const prepared = prepareDrill(order, site, { goalSeconds: 10, running: null }, time);
  if (!prepared.ok) throw new Error(prepared.error.details?.join(' ') ?? prepared.error.message);
  const record = await carryOutDrill(prepared.value, {
    ...{ site, time, ends: () => world.ends },
    tell: (now) => Promise.resolve(void told.push(now)),
  });
  const happened = Object.fromEntries(record.lines.map(({ id, verdict }) => [id, verdict]));
  return { record, happened, asks, told };
}

/** Nobody sends numbered messages, so that the drill goes by its other evidence. */
function noTraffic(seen: ConsoleSnapshot): void {
  for (const cluster of seen.site!.clusters) cluster.traffic = null;
}

/** As the history tells it: newest first. */
function found({ journal }: DrillWorld, kinds: readonly string[]): JournalRecord[] {
  return journal.filter(({ kind }) => kinds.includes(kind)).reverse();
}
