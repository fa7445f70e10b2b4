import * as z from 'zod/mini';
import { readPatchWhy } from '../patching/patch-why.ts';

/** Moves that can be asked for at a time of their own. */
export const scheduledVerbs = ['switchover', 'handover', 'failback'] as const;
export const ScheduledVerb = z.enum(scheduledVerbs);
export type ScheduledVerb = z.infer<typeof ScheduledVerb>;

/** From when to when, and what the clock of the one who asked said then: both as wall time in UTC. */
export const MoveWindow = z.strictObject({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  askedAt: z.iso.datetime(),
});
export type MoveWindow = z.infer<typeof MoveWindow>;

/** What an administrator has asked the Active to do in a window, as that member keeps it. */
export const ScheduledMove = z.object({
  id: z.string(),
  verb: ScheduledVerb,
  /** Server that shall become Active. */
  to: z.string(),
  /** The epoch that it was asked for: once the cluster has moved, it is not what was meant any more. */
  epoch: z.int(),
  from: z.string(),
  until: z.string(),
  by: z.string(),
  reason: z.string(),
  /** waiting · begun: the move was asked for · skipped: it was not, and will not be · cancelled by a person. */
  state: z.enum(['waiting', 'begun', 'skipped', 'cancelled']),
  /** What it waits for, what became of it, or why not. */
  why: z.string(),
});
export type ScheduledMove = z.infer<typeof ScheduledMove>;

/** Mark in `verdict` of the record by which a member tells that it will not make a scheduled move any more. */
export const scheduleSkippedMark = 'schedule-skipped';

const minuteMs = 60_000;
export const shortestWindowMs = minuteMs;
export const longestWindowMs = 24 * 60 * minuteMs;
export const farthestAheadMs = 31 * 24 * 60 * minuteMs;
/** Clocks that are further apart do not mean the same time. */
export const clocksApartMs = minuteMs;

/** Why a window cannot be kept to, with the way out; null: it can. `now` is the wall time of the member. Pure. */
export function windowRefusal(
  { from, until, askedAt }: MoveWindow,
  now: string,
): { readonly said: string; readonly next: string } | null {
  const [fromMs, untilMs, nowMs] = [Date.parse(from), Date.parse(until), Date.parse(now)];
  const apartMs = Math.abs(Date.parse(askedAt) - nowMs);
  const next = 'Choose another window.';
  if (apartMs > clocksApartMs) {
    const said = `The clock of this server and the one you ask from are ${Math.round(apartMs / 1000)} s apart, so what time is meant is not certain.`;
    return { said, next: 'Set both clocks right, then ask again.' };
  }
  if (untilMs - fromMs < shortestWindowMs) return { said: 'The window is shorter than a minute.', next };
  if (untilMs - fromMs > longestWindowMs) return { said: 'The window is longer than a day.', next };
  if (untilMs <= nowMs) return { said: 'The window has passed already.', next };
  if (fromMs - nowMs > farthestAheadMs) return { said: 'The window is more than a month ahead.', next };
  return null;
}

/** What the member knows when it looks at what it was asked for. */
export interface ScheduleSight {
  /** Its wall time now: it tells when, and nothing else is decided by it. */
  readonly now: string;
  readonly epoch: number;
  /** The highest epoch that store and peer tell of. */
  readonly seenEpoch: number;
  readonly held: boolean;
  /** Why a planned move would be refused now; empty: it would be accepted. */
  readonly blockers: readonly { readonly reason: string }[];
  /** Automatic failover is blocked, as the lease store has it; null: it is not. */
  readonly block: { readonly why: string; readonly by: string } | null;
  /** By how much this server's wall clock was set since it was asked; null: not known, as the server was started anew. */
  readonly clockSetByMs: number | null;
  /** How far the peer's clock is ahead of this one; null: not known. */
  readonly peerAheadMs: number | null;
}

export type ScheduleVerdict =
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'go' }
  | { readonly kind: 'skip'; readonly why: string };

/**
 * Whether the move is to be asked for now. It is what a person would do who sits before the console at that time: it
 * asks once, only inside the window, and only when nothing speaks against it. Pure.
 */
export function judgeSchedule(move: ScheduledMove, sight: ScheduleSight): ScheduleVerdict {
  const nowMs = Date.parse(sight.now);
  const highest = Math.max(sight.epoch, sight.seenEpoch);
  if (highest !== move.epoch) {
    return skip(`the cluster has moved since it was asked for: epoch ${move.epoch} then, ${highest} now`);
  }
  const clock = clockTrouble(sight);
  if (nowMs > Date.parse(move.until)) {
    return skip(
      clock ?? lastWord(move) ?? 'its window has passed without a moment in which this agent could look',
    );
  }
  if (nowMs < Date.parse(move.from)) return { kind: 'wait', why: clock ?? '' };
  if (clock !== null) return { kind: 'wait', why: clock };
  if (!sight.held) return { kind: 'wait', why: 'this member does not hold the lease now' };
  const [first] = sight.blockers;
  const why = first?.reason ?? heldOut(move, sight);
  return why === null ? { kind: 'go' } : { kind: 'wait', why };
}

/** A person who moves a cluster onto a server sees that it may be down for a patch; a scheduled move does not. */
function heldOut({ to }: ScheduledMove, { block }: ScheduleSight): string | null {
  const patch = block === null ? null : readPatchWhy(block.why);
  if (block === null || patch?.server !== to) return null;
  return `${to} is held out of service by ${block.by}: ${patch.reason}`;
}

function clockTrouble({ clockSetByMs, peerAheadMs }: ScheduleSight): string | null {
  if (clockSetByMs !== null && Math.abs(clockSetByMs) > clocksApartMs) {
    return `the clock of this server was set by ${seconds(clockSetByMs)} since, so what time is meant is not certain`;
  }
  if (peerAheadMs !== null && Math.abs(peerAheadMs) > clocksApartMs) {
    return `the clocks of both servers are ${seconds(peerAheadMs)} apart, so which one is right is not certain`;
  }
  return null;
}

function lastWord({ why }: ScheduledMove): string | null {
  return why === '' ? null : `until its end: ${why}`;
}

function seconds(ms: number): string {
  return `${Math.round(Math.abs(ms) / 1000)} s`;
}

function skip(why: string): ScheduleVerdict {
  return { kind: 'skip', why };
}
