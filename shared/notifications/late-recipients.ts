/**
 * Mail that some of its recipients have and others were refused for now, such as by a mail server that takes nothing from
 * a stranger at the first attempt. It is tried again for those others alone, beside whatever happens meanwhile: neither
 * does anybody get it twice, nor does one full mailbox keep an alarm from the rest.
 */
import * as z from 'zod/mini';
import { eventsOf, NotificationMessage, type PartlyRefused } from './delivery.ts';
import { backOffMs, giveUpMs, LastFailure } from './trying-again.ts';

/** Such messages of one target; beyond it the oldest is given up. */
export const lateAtMost = 10;

/** As it is on disk. */
export const KeptLate = z.object({
  message: NotificationMessage,
  /** Who does not have it yet. */
  to: z.array(z.string()),
  attempts: z.int(),
  failure: LastFailure,
});
type KeptLate = z.infer<typeof KeptLate>;

export interface LateMessage extends KeptLate {
  readonly notBeforeMs: number;
  /** When the message was made, or read from disk. */
  readonly madeMs: number;
  /** When the last attempt failed; null: before this agent was started. */
  readonly failedMs: number | null;
}

/** What is left of them, and how many events of those that were given up. */
interface LateLeft {
  readonly late: readonly LateMessage[];
  readonly dropped: number;
}

/** Those from disk. `recipients`: of the target as it is now; one that it no longer has gets nothing. Pure. */
export function openLate(
  kept: readonly KeptLate[],
  recipients: readonly string[],
  nowMs: number,
): LateMessage[] {
  return kept
    .map((one) => ({
      ...one,
      to: one.to.filter((address) => recipients.includes(address)),
      notBeforeMs: nowMs,
      madeMs: nowMs,
      failedMs: null,
    }))
    .filter(({ to }) => to.length > 0);
}

export function keptLate(late: readonly LateMessage[]): KeptLate[] {
  return late.map(({ message, to, attempts, failure }) => ({ message, to, attempts, failure }));
}

/** With one more, which has just failed for these recipients. Pure. */
export function addLate(
  late: readonly LateMessage[],
  one: KeptLate & { readonly madeMs: number; readonly failedMs: number },
): LateLeft {
  const all = [...late, { ...one, notBeforeMs: one.failedMs + backOffMs(one.attempts) }];
  return {
    late: all.slice(-lateAtMost),
    dropped: all.slice(0, -lateAtMost).reduce((sum, { message }) => sum + eventsOf(message), 0),
  };
}

/** The next one whose time has come, counted as tried once more. Pure. */
export function beginLate(
  late: readonly LateMessage[],
  nowMs: number,
): { readonly late: readonly LateMessage[]; readonly begun: LateMessage } | null {
  const due = late.find(({ notBeforeMs }) => nowMs >= notBeforeMs);
  if (due === undefined) return null;
  const begun = { ...due, attempts: due.attempts + 1 };
  return { late: late.map((one) => (one === due ? begun : one)), begun };
}

/**
 * What becomes of one after an attempt. `refused`: null when everybody has it now; its `again` are those who are to be
 * tried again, absent when all are. Refused for good, or for a day, it is given up. Pure.
 */
export function afterAttempt(
  late: readonly LateMessage[],
  id: string,
  {
    refused,
    nowMs,
    at,
  }: { readonly refused: PartlyRefused | null; readonly nowMs: number; readonly at: string },
): LateLeft {
  const one = late.find(({ message }) => message.id === id);
  const others = late.filter(({ message }) => message.id !== id);
  if (one === undefined || refused === null) return { late: others, dropped: 0 };
  const { code, sentence, again } = refused;
  const to = again ?? (code === 'refused' ? [] : one.to);
  if (to.length === 0) return { late: others, dropped: 0 };
  if (nowMs - one.madeMs >= giveUpMs) return { late: others, dropped: eventsOf(one.message) };
  const waits = {
    ...one,
    to,
    failure: { code, sentence, at },
    failedMs: nowMs,
    notBeforeMs: nowMs + backOffMs(one.attempts),
  };
  return { late: late.map((each) => (each === one ? waits : each)), dropped: 0 };
}
