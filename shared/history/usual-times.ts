/**
 * How long the steps of a cluster's changes usually take, by the journals of changes that went through: what a plan
 * expects, and what a running step is held against. Pure.
 */
import type { JournalRecord } from '../agent-api/journal-record.ts';
import { changeRecords, isRequest } from './change-records.ts';
import { timeParts } from './time-parts.ts';
import type { ClusterUsual, UsualKind, UsualTime, UsualTimes } from './usual-time.ts';

/** So many changes of a kind are counted, the newest. */
export const changesCounted = 10;

/** A change that went through, as its journals tell it. */
export interface PastChange {
  readonly kind: UsualKind;
  readonly beganAt: string;
  readonly to: string;
  readonly withoutActiveMs: number;
  readonly steps: readonly { readonly step: string; readonly server: string; readonly tookMs: number }[];
}

/** Changes that `command` records name as ended well, newest first, each kind at most `changesCounted` times. */
export function countedChanges(
  commands: readonly JournalRecord[],
): { readonly operation: string; readonly wallTime: string }[] {
  const ordered = commands
    .filter(({ kind, operation }) => kind === 'command' && operation !== null)
    .toSorted((one, other) => (one.wallTime < other.wallTime ? 1 : -1));
  const taken: Record<UsualKind, number> = { planned: 0, takeover: 0 };
  const found = new Map<string, string>();
  for (const { operation, result, sentence, requestedBy, wallTime } of ordered) {
    const isEnd = result === 'ok' && requestedBy !== null && /\bis Active with epoch \d+/.test(sentence);
    if (!isEnd || operation === null || found.has(operation)) continue;
    const kind = askedFor(ordered, operation);
    if (kind === null || taken[kind] >= changesCounted) continue;
    taken[kind] += 1;
    found.set(operation, wallTime);
  }
  return [...found].map(([operation, wallTime]) => ({ operation, wallTime }));
}

/** What a person asked for; where nobody did, a rule let a member take over. Null: something that is no move. */
function askedFor(commands: readonly JournalRecord[], operation: string): UsualKind | null {
  const asked = commands.find((record) => record.operation === operation && isRequest(record.sentence));
  if (asked === undefined) return 'takeover';
  const verb = /\basked for a ([\w-]+) of\b/.exec(asked.sentence)?.[1] ?? '';
  if (verb === 'switchover' || verb === 'handover' || verb === 'failback') return 'planned';
  return verb === 'failover' || verb === 'force-takeover' ? 'takeover' : null;
}

/** One change by the records around it. Null: they do not tell that it went through. */
export function pastChange(records: readonly JournalRecord[], operation: string): PastChange | null {
  const change = changeRecords(records, operation);
  if (change === null || change.end?.result !== 'ok') return null;
  const { taker, giver, activeAgain } = change;
  if (taker === null || activeAgain !== taker || giver === taker) return null;
  const done = change.around.filter(
    (record) => record.operation === operation && record.kind === 'step' && record.result === 'ok',
  );
  return {
    kind: giver === null ? 'takeover' : 'planned',
    beganAt: new Date(change.beganMs).toISOString(),
    to: taker,
    withoutActiveMs: timeParts(change, (server) => server).reduce((sum, { ms }) => sum + ms, 0),
    steps: done.flatMap(({ step, server, tookMs }) =>
      step === null || tookMs === null ? [] : [{ step, server, tookMs }],
    ),
  };
}

/** What is usual by these changes. */
export function usualOf(changes: readonly PastChange[]): ClusterUsual {
  const of = (kind: UsualKind) => timesOf(changes.filter((change) => change.kind === kind));
  return { planned: of('planned'), takeover: of('takeover') };
}

/** The same from whole journals; for one cluster. `except`: a change that is not counted, such as the one under way. */
export function usualIn(records: readonly JournalRecord[], except: string | null = null): ClusterUsual {
  const counted = countedChanges(records).filter(({ operation }) => operation !== except);
  return usualOf(counted.flatMap(({ operation }) => pastChange(records, operation) ?? []));
}

interface Measured {
  readonly ms: number;
  readonly at: string;
}

function timesOf(changes: readonly PastChange[]): UsualTimes {
  const steps = new Map<string, Measured[]>();
  const without = new Map<string, Measured[]>();
  const note = (map: Map<string, Measured[]>, key: string, one: Measured) =>
    map.set(key, [...(map.get(key) ?? []), one]);
  for (const { steps: taken, to, withoutActiveMs, beganAt } of changes) {
    // A step that was taken twice in one change counts as it was at the end.
    const last = new Map(taken.map((one) => [`${one.step}/${one.server}`, one.tookMs]));
    for (const [key, ms] of last) note(steps, key, { ms, at: beganAt });
    note(without, to, { ms: withoutActiveMs, at: beganAt });
  }
  return {
    steps: [...steps].map(([key, all]) => {
      const [step, server] = splitKey(key);
      return { step, server, ...usual(all) };
    }),
    withoutActive: [...without].map(([to, all]) => ({ to, ...usual(all) })),
  };
}

/** Names of steps have no slash. */
function splitKey(key: string): [step: string, server: string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}

function usual(measured: readonly Measured[]): UsualTime {
  const ordered = measured.map(({ ms }) => ms).toSorted((one, other) => one - other);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? 0;
  return {
    count: ordered.length,
    medianMs: ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? 0) + upper) / 2,
    shortestMs: ordered[0] ?? 0,
    longestMs: ordered.at(-1) ?? 0,
    since: measured.map(({ at }) => at).toSorted()[0] ?? '',
  };
}
