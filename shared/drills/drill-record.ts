import * as z from 'zod/mini';

/**
 * What can be rehearsed, with its level: 0 changes nothing, 1 asks single parts, 2 moves in order, 3 lets something fail.
 */
export const drillKinds = [
  'dry-run',
  'components',
  'switchover-and-back',
  'engine-kill',
  'store-cut',
  'cut-off',
  'power-off',
] as const;
export const DrillKind = z.enum(drillKinds);
export type DrillKind = z.infer<typeof DrillKind>;

const Text = z.string().check(z.maxLength(4_000));
const Told = z.nullable(Text);

/** One thing that is expected, and after the drill what happened. */
export const DrillLine = z.object({
  id: Text,
  what: Text,
  expected: Text,
  /** Null: the drill did not get there. */
  happened: Told,
  verdict: z.enum(['open', 'met', 'not-met', 'not-known']),
  /** Where false it is told and does not decide the verdict: an estimate may be wrong. */
  decides: z.boolean(),
});
export type DrillLine = z.infer<typeof DrillLine>;

export const DrillStep = z.object({
  title: Text,
  state: z.enum(['pending', 'running', 'done', 'failed']),
  /** Wall time of its beginning. */
  at: Told,
  tookMs: z.nullable(z.number()),
  evidence: Text,
});
export type DrillStep = z.infer<typeof DrillStep>;

/** Computed or measured before; null where nothing is known to compute from. */
export const DrillExpectation = z.object({
  bestMs: z.nullable(z.number()),
  worstMs: z.nullable(z.number()),
  /** Where the numbers come from. */
  basis: Text,
});
export type DrillExpectation = z.infer<typeof DrillExpectation>;

/** How long nothing was acknowledged or nobody was Active, and who says so. */
export const MeasuredOutage = z.object({
  ms: z.nullable(z.number()),
  by: z.enum(['acknowledged-messages', 'journals', 'nothing']),
  /** Not more exact than looked: it took at least this long. */
  atLeast: z.boolean(),
  /** From the clock of one server to that of another, whose difference nobody knows; absent: by one clock. */
  betweenClocks: z.optional(z.boolean()),
  sentence: Text,
});
export type MeasuredOutage = z.infer<typeof MeasuredOutage>;

export const MeasuredLoss = z.object({
  /** Null: it cannot be told. */
  lost: z.nullable(z.int()),
  sentence: Text,
});
export type MeasuredLoss = z.infer<typeof MeasuredLoss>;

/** What a drill has taken away, and the agent gives back by its own clock. */
export const DrillHealing = z.object({
  /** Name of the member. */
  who: Text,
  /** By then at the latest, by the clock of the console that makes the drill; null: it was asked for and not answered. */
  by: z.nullable(z.iso.datetime()),
});
export type DrillHealing = z.infer<typeof DrillHealing>;

/** What a drill waits for that a person has to do, or that has to come of it. */
export const DrillAwaited = z.object({
  what: z.enum(['power-off', 'takeover', 'power-on']),
  /** Name of the server whose power it is. */
  server: Text,
  /** Name of the server that takes over. */
  other: Text,
  /** Since then, by the clock of the console that makes the drill; of a takeover: the last sign of life. */
  since: z.iso.datetime(),
  /** By then it should have been seen. */
  by: z.iso.datetime(),
});
export type DrillAwaited = z.infer<typeof DrillAwaited>;

export const drillVerdicts = ['passed', 'not-passed', 'not-known', 'interrupted'] as const;

/** One drill from its beginning to its verdict, as the site keeps it. */
export const DrillRecord = z.object({
  schema: z.literal('ixha-drill/1'),
  id: z.string().check(z.regex(/^[\w-]{1,80}$/)),
  site: Text,
  siteName: Text,
  cluster: Text,
  kind: DrillKind,
  by: z.object({ name: Text, role: Text }),
  reason: Text,
  startedAt: z.iso.datetime(),
  /** The console that runs it was alive then. */
  aliveAt: z.iso.datetime(),
  endedAt: z.nullable(z.iso.datetime()),
  state: z.enum(['running', 'ended']),
  goalSeconds: z.nullable(z.int()),
  /** The test listener to which messages were sent meanwhile; absent: none were. */
  probe: z.optional(Text),
  /** What was said before: what will happen, in sentences. */
  prose: z.array(Text),
  expectation: DrillExpectation,
  lines: z.array(DrillLine),
  steps: z.array(DrillStep),
  /** Null or absent: nothing is taken away now. */
  healing: z.optional(z.nullable(DrillHealing)),
  /** Null or absent: it waits for nobody. */
  awaited: z.optional(z.nullable(DrillAwaited)),
  /** Operations that belong to it. */
  operations: z.array(Text),
  outage: z.nullable(MeasuredOutage),
  loss: z.nullable(MeasuredLoss),
  /** Null while it runs. */
  verdict: z.nullable(z.enum(drillVerdicts)),
  /** How it ended in one sentence, or what it waits for. */
  sentence: Text,
});
export type DrillRecord = z.infer<typeof DrillRecord>;

interface DrillWords {
  readonly level: 0 | 1 | 2 | 3;
  readonly title: string;
  /** What it proves, as one sentence. */
  readonly proves: string;
  /** Whether senders have to wait while it is made. */
  readonly sendersWait: boolean;
  /** How many days it counts. */
  readonly validDays: number;
}

export const drillWords: Readonly<Record<DrillKind, DrillWords>> = {
  'dry-run': {
    level: 0,
    title: 'Dry run',
    proves: 'What the rules would decide if the Active were gone now. Nothing is changed.',
    sendersWait: false,
    validDays: 30,
  },
  components: {
    level: 1,
    title: 'Single parts',
    proves: 'A guard is restarted and beats again; lease store, storage and load balancer answer.',
    sendersWait: false,
    validDays: 30,
  },
  'switchover-and-back': {
    level: 2,
    title: 'Switchover and back',
    proves: 'The cluster moves to the other server in order, is verified there, and moves back.',
    sendersWait: true,
    validDays: 90,
  },
  'engine-kill': {
    level: 3,
    title: 'Engine killed',
    proves: 'The engine of the Active dies, and its agent brings it back or the other server takes over.',
    sendersWait: true,
    validDays: 180,
  },
  'store-cut': {
    level: 3,
    title: 'Lease store cut off',
    proves: 'The Active does not reach the lease store for a while, and goes on with its messages.',
    sendersWait: false,
    validDays: 180,
  },
  'cut-off': {
    level: 3,
    title: 'Active cut off',
    proves: 'The Active reaches nobody for a while; the other server takes over, and never both run.',
    sendersWait: true,
    validDays: 180,
  },
  'power-off': {
    level: 3,
    title: 'Power cut by a person',
    proves:
      'A person cuts the power of the Active; the other server takes over, and the first one comes back.',
    sendersWait: true,
    validDays: 365,
  },
};

/** A console that runs a drill tells so at least this often, and is taken for gone after the longer time. */
export const aliveEveryMs = 2_000;
export const goneAfterMs = 30_000;

/** Drills that have ended and whose verdict is known, newest first. */
export function endedDrills(records: readonly DrillRecord[]): DrillRecord[] {
  return records
    .filter(({ state }) => state === 'ended')
    .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
}
