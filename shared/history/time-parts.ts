import type { JournalRecord } from '../agent-api/journal-record.ts';
import { stepWithoutActive, stepWords } from './step-parts.ts';
import type { ChangeRecords } from './change-records.ts';

/** One part of the time without an Active. */
export interface ToldPart {
  /** `waiting for the lease` · `engine started`. */
  readonly what: string;
  readonly ms: number;
  /** What the journal says of it, as the end of a sentence. */
  readonly why: string;
  /** Measured between the wall clocks of two servers, so no more exact than those. */
  readonly betweenClocks: boolean;
}

/** Shorter than this between two steps is a turn of the agent's loop, and told together. */
const worthTellingMs = 400;

/** From the beginning of the time without an Active to its end, without a gap and without an overlap. */
export function timeParts(change: ChangeRecords, name: (server: string) => string): ToldPart[] {
  const { steps, beganMs, activeAgainMs, atMs } = change;
  if (activeAgainMs === null) return [];
  const parts: ToldPart[] = [];
  let turnsMs = 0;
  let cursor = beganMs;
  let before: JournalRecord | null = null;
  const counted = steps.filter((one) => one.result === 'ok' && stepWithoutActive(one.step));
  for (const step of counted) {
    const to = Math.min(atMs(step), activeAgainMs);
    const from = Math.min(Math.max(cursor, to - (step.tookMs ?? 0)), to);
    if (to <= cursor) continue;
    const gap = pauseBefore(change, before, step, from - cursor, name);
    if (gap) parts.push(gap);
    else turnsMs += from - cursor;
    if (to > from) parts.push(stepPart(step, to - from, name));
    cursor = to;
    before = step;
  }
  turnsMs += Math.max(0, activeAgainMs - cursor);
  if (turnsMs > 0) {
    parts.push({
      what: 'between the steps',
      ms: turnsMs,
      why: 'the agent looked and decided anew before each',
      betweenClocks: false,
    });
  }
  return parts;
}

function stepPart(step: JournalRecord, ms: number, name: (server: string) => string): ToldPart {
  const words = stepWords(step.step);
  return { what: `${words} on ${name(step.server)}`, ms, why: wordsOf(step), betweenClocks: false };
}

/** A pause that is worth a line of its own; null: it is none. */
function pauseBefore(
  change: ChangeRecords,
  before: JournalRecord | null,
  step: JournalRecord,
  ms: number,
  name: (server: string) => string,
): ToldPart | null {
  if (before === null && change.lastSign !== null && ms > 0) {
    const decided = decisionFor(change, step);
    return {
      what: 'waiting for the lease',
      ms,
      why:
        decided === null
          ? 'nobody may take over before it has run out'
          : `${decided}, and nobody may take over before`,
      betweenClocks: false,
    };
  }
  if (ms < worthTellingMs) return null;
  const vain = attemptsBefore(change, before, step, name);
  if (vain !== null) return { ...vain, ms };
  if (agentBegan(change, before, step)) {
    const why = 'it was restarted and went on with the change where it stood';
    return { what: `until the agent on ${name(step.server)} was back`, ms, why, betweenClocks: false };
  }
  const twoServers = before !== null && before.server !== step.server;
  return {
    what: twoServers ? `until ${name(step.server)} went on` : `before “${stepWords(step.step)}”`,
    ms,
    why: decisionFor(change, step) ?? 'the journal says no more of it',
    betweenClocks: twoServers,
  };
}

/** The agent that goes on with a step was started since the step before. */
function agentBegan(
  { around, atMs }: ChangeRecords,
  before: JournalRecord | null,
  step: JournalRecord,
): boolean {
  const from = before === null ? -Infinity : atMs(before);
  return around.some(
    (record) =>
      record.kind === 'agent' &&
      record.server === step.server &&
      /^Agent of \S+ started on /.test(record.sentence) &&
      atMs(record) >= from &&
      atMs(record) <= atMs(step),
  );
}

/** A pause in which steps were tried that came to nothing. */
function attemptsBefore(
  { steps, atMs }: ChangeRecords,
  before: JournalRecord | null,
  step: JournalRecord,
  name: (server: string) => string,
): Omit<ToldPart, 'ms'> | null {
  const from = before === null ? -Infinity : atMs(before);
  const vain = steps.filter((one) => one.result === 'failed' && atMs(one) >= from && atMs(one) <= atMs(step));
  const last = vain.at(-1);
  if (last === undefined) return null;
  const same = vain.filter((one) => one.step === last.step).length;
  return {
    what: `${stepWords(last.step)} on ${name(last.server)}, ${same === 1 ? 'one attempt' : `${same} attempts`} in vain`,
    why: wordsOf(last).replace(/^failed: /, ''),
    betweenClocks: false,
  };
}

/** What a step says of its result, as a part of a sentence. */
function wordsOf(step: JournalRecord): string {
  return step.sentence.replace(/^Step [\w-]+: /, '').replace(/\.$/, '');
}

/** The last decision before a step by which it was taken, without who decides. */
function decisionFor({ around, atMs }: ChangeRecords, step: JournalRecord): string | null {
  const decision = around.findLast(
    (record) =>
      record.kind === 'decision' &&
      record.server === step.server &&
      record.ruleId === step.ruleId &&
      atMs(record) <= atMs(step),
  );
  const [, reason] = /^[^:]+: (.*?)\.?$/s.exec(decision?.sentence ?? '') ?? [];
  return reason ?? null;
}
