/**
 * What goes before the rest. Twenty warnings within an hour must not keep back that both members are Active, and a flood
 * of such alarms must still be bounded: so each kind has a small allowance of its own.
 */
import type { AlarmKind, NotificationEvent } from './event.ts';

/** Messages within an hour in which one kind of severity danger is told, whatever the hourly limit says. */
export const urgentPerHour = 3;
/** An urgent alarm waits for others to go with it for no longer than this, whatever the policy says. */
export const urgentQuietMs = 20_000;

/** One message that has arrived: when, and which kinds of severity danger it told. */
export interface SentMessage {
  readonly atMs: number;
  readonly dangers: readonly AlarmKind[];
}

/** Messages are at risk, or nobody could take over, and it is not over. Pure. */
export function isDanger({ severity, phase }: NotificationEvent): boolean {
  return severity === 'danger' && phase !== 'ended';
}

/** The kinds of severity danger among these events, each once. Pure. */
export function dangersOf(events: readonly NotificationEvent[]): AlarmKind[] {
  return [...new Set(events.filter(isDanger).map(({ kind }) => kind))];
}

/** Whether one of these events goes beyond the hourly limit. `sent`: what arrived within the last hour. Pure. */
export function isUrgent(held: readonly NotificationEvent[], sent: readonly SentMessage[]): boolean {
  return dangersOf(held).some(
    (kind) => sent.filter(({ dangers }) => dangers.includes(kind)).length < urgentPerHour,
  );
}

/** These without one, which is given up: the oldest that is no danger, else the oldest. Pure. */
export function withoutLeast(held: readonly NotificationEvent[]): NotificationEvent[] {
  const least = Math.max(
    0,
    held.findIndex((event) => !isDanger(event)),
  );
  return held.filter((_, index) => index !== least);
}
