import type { JournalRecord } from '../agent-api/journal-record.ts';
import { stepWithoutActive, stepWords } from './step-parts.ts';
import { emergencyStopMark, type ChangeRecords } from './change-records.ts';

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
    const pauses = pausesBefore({ change, before, step, name }, cursor, from);
    parts.push(...pauses);
    turnsMs += from - cursor - pauses.reduce((sum, { ms }) => sum + ms, 0);
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
  const words = step.verdict === emergencyStopMark ? 'engine stopped at once' : stepWords(step.step);
  return { what: `${words} on ${name(step.server)}`, ms, why: wordsOf(step), betweenClocks: false };
}

/** The time between two steps, the second of which is `step`; `before` is null: it is the first. */
interface Pause {
  readonly change: ChangeRecords;
  readonly before: JournalRecord | null;
  readonly step: JournalRecord;
  readonly name: (server: string) => string;
}

/** What of a pause is worth lines of its own; what is left of it are turns of the agent's loop. */
function pausesBefore(pause: Pause, fromMs: number, toMs: number): ToldPart[] {
  const ms = toMs - fromMs;
  const { change, before, step, name } = pause;
  const afresh = before === null && change.lastSign !== null;
  if (ms <= 0 || (ms < worthTellingMs && !afresh)) return [];
  if (afresh || (step.step === 'acquire' && before?.step !== 'release'))
    return waitsOr(pause, fromMs, toMs, { what: 'waiting for the lease', why: leaseWaitWords(pause) });
  const vain = attemptsIn(pause, fromMs);
  if (vain !== null) return [{ ...vain, ms, betweenClocks: false }];
  const on = name(step.server);
  const twoServers = before !== null && before.server !== step.server;
  return waitsOr(pause, fromMs, toMs, {
    what: twoServers ? `until ${on} went on` : `before “${stepWords(step.step)}”`,
    why: decisionFor(change, step) ?? 'the journal says no more of it',
  });
}

/** A pause by what its server wrote meanwhile: restarts of its agent, then why it waited; the rest of it as told. */
function waitsOr(
  pause: Pause,
  fromMs: number,
  toMs: number,
  rest: Pick<ToldPart, 'what' | 'why'>,
): ToldPart[] {
  const { change, before, step, name } = pause;
  const written = change.around.filter(
    (record) => record.server === step.server && change.atMs(record) >= fromMs && change.atMs(record) <= toMs,
  );
  const starts = written.filter(({ kind, sentence }) => kind === 'agent' && isAgentStart(sentence));
  const backMs = starts.length === 0 ? fromMs : change.atMs(starts.at(-1)!);
  const restarts = {
    what: `until the agent on ${name(step.server)} was back`,
    ms: backMs - fromMs,
    why: `it was restarted${starts.length === 1 ? '' : ` ${starts.length} times`}, and then went on with the change`,
    betweenClocks: false,
  };
  const decisions = written.filter((one) => one.kind === 'decision' && change.atMs(one) >= backMs);
  const waits = decisions.map((decision, index) => {
    const endMs = index + 1 < decisions.length ? change.atMs(decisions[index + 1]!) : toMs;
    const ms = decision.verdict === 'wait' ? endMs - change.atMs(decision) : 0;
    return { what: `${name(step.server)} waited`, ms, why: reasonOf(decision), betweenClocks: false };
  });
  const told = [restarts, ...waits].filter(({ ms }) => ms >= worthTellingMs);
  const restMs = toMs - fromMs - told.reduce((sum, { ms }) => sum + ms, 0);
  const afresh = before === null || restMs >= worthTellingMs;
  if (!afresh || restMs <= 0) return told;
  const betweenClocks = before !== null && before.server !== step.server;
  return [{ ...rest, ms: restMs, betweenClocks }, ...told];
}

function isAgentStart(sentence: string): boolean {
  return /^Agent of \S+ started on /.test(sentence);
}

function leaseWaitWords({ change, step }: Pause): string {
  const decided = decisionFor(change, step);
  return decided === null
    ? 'nobody may take over before it has run out'
    : `${decided}, and nobody may take over before`;
}

/** Steps of a pause that were tried and came to nothing. */
function attemptsIn({ change, step, name }: Pause, fromMs: number): Pick<ToldPart, 'what' | 'why'> | null {
  const { steps, atMs } = change;
  const vain = steps.filter(
    (one) => one.result === 'failed' && atMs(one) >= fromMs && atMs(one) <= atMs(step),
  );
  const last = vain.at(-1);
  if (last === undefined) return null;
  const same = vain.filter((one) => one.step === last.step).length;
  return {
    what: `${stepWords(last.step)} on ${name(last.server)}, ${same === 1 ? 'one attempt' : `${same} attempts`} in vain`,
    why: wordsOf(last).replace(/^failed: /, ''),
  };
}

/** What a step says of its result, as a part of a sentence. */
function wordsOf(step: JournalRecord): string {
  return step.sentence.replace(/^(Step [\w-]+: |The engine was stopped at once )/, '').replace(/\.$/, '');
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
  return decision === undefined ? null : reasonOf(decision);
}

/** What a decision says after who decides. */
function reasonOf({ sentence }: JournalRecord): string {
  return sentence.replace(/^[^:]+: /, '').replace(/\.$/, '');
}
