/**
 * The loop: gather facts → decide (pure) → execute one step → record, then look again. Deciding goes on while a
 * step runs, so that the reason shown is always the present one; only one step runs at a time.
 */
import type { CancelTimer } from '../../shared/clock.ts';
import { decide, decisionSentence, sameDecision, type RuleDecision } from '../../shared/failover/decide.ts';
import type { MemberFacts, Step } from '../../shared/failover/member-facts.ts';
import { attemptsBeforeHandover, peerFit } from '../../shared/failover/rules/rule.ts';
import type { Result } from '../../shared/result.ts';
import { changeEnd } from './change-end.ts';
import { followForced, isPast } from './follow-forced.ts';
import { gatherFacts } from './gather-facts.ts';
import type { MemberParts } from './member-parts.ts';
import { calmLookEveryMs, lookEveryMs } from '../../shared/lease/noticing.ts';
import { stepExecutors } from './step-executors.ts';

const settleAgainMs = 1_000;
/** The looks of one beat, and the answer of the lease store, come within this time of each other. */
const togetherMs = 50;
/** How often a Passive proves that it could write a grant down: a change must not be the first to find out. */
const proveStateMs = 10_000;
/** The shortest time limit of a step that waits for an engine to serve. */
const wholeLimitMs = 30_000;
/** Refusals that only mean "not yet": the reason is in the facts at the next look, no pause is needed. */
const softRefusals = new Set(['live', 'reserved', 'epoch', 'blocked', 'maintenance']);

export class MemberLoop {
  private readonly parts: MemberParts;
  private readonly onTurn: () => void;
  private endIdle: CancelTimer = () => undefined;
  private endWake: CancelTimer | null = null;
  private endTogether: CancelTimer | null = null;
  private facts: MemberFacts;
  private rule: RuleDecision;
  private sinceMs: number;
  private atMs: number;
  private pending = false;
  private closed = false;
  private settleNotBeforeMs = 0;
  private settleTrouble = '';
  private turnTrouble = '';
  private proveStateAtMs = 0;

  /** @param onTurn called when the decision or a step has changed what is to be told */
  constructor(parts: MemberParts, onTurn: () => void) {
    this.parts = parts;
    this.onTurn = onTurn;
    this.facts = gatherFacts(parts);
    this.rule = decide(this.facts);
    this.sinceMs = parts.clock.bootMs();
    this.atMs = this.sinceMs;
    this.journalDecision(null, this.rule);
    this.waitIdle();
  }

  /**
   * Looks and decides soon; many calls make one turn.
   *
   * @param kind routine: what comes with every beat waits for the rest of it as long as all is calm
   */
  poke(kind?: 'routine'): void {
    if (this.pending || this.closed) return;
    if (kind === 'routine' && this.calm()) {
      this.endTogether ??= this.parts.timers.after(togetherMs, () => this.poke());
      return;
    }
    this.pending = true;
    this.parts.timers.soon(() => this.turn());
  }

  decision() {
    return { rule: this.rule, facts: this.facts, sinceMs: this.sinceMs, atMs: this.atMs };
  }

  close(): void {
    this.closed = true;
    this.endIdle();
    this.endWake?.();
    this.endTogether?.();
  }

  /** What happens wakes the loop; the regular turn is for when nothing does, and one with what is due beside it. */
  private waitIdle(): void {
    const { timers, clock } = this.parts;
    const everyMs = this.idleMs();
    this.endIdle = timers.after(timers.untilBeat(everyMs), () => {
      // First, so that an exception ends only this turn.
      this.waitIdle();
      if (clock.bootMs() - this.atMs >= everyMs / 2) this.poke('routine');
    });
  }

  private idleMs(): number {
    return (this.calm() ? calmLookEveryMs : lookEveryMs)(this.parts.config.timing);
  }

  /** Nothing is under way, nothing is to be tried again, and everybody is heard. */
  private calm(): boolean {
    const { facts, rule } = this;
    const { runningStep, emergency, failures, serving } = this.parts.runtime;
    const undisturbed = failures.size === 0 && !this.parts.guards.doubted();
    const quiet = runningStep === null && emergency === null && undisturbed;
    const settled = serving || facts.engine.process.value === 'stopped';
    const heard = peerFit(facts) && facts.lease.storeReachable;
    return quiet && settled && heard && rule.verdict === 'wait' && !this.parts.changes.running();
  }

  /** An exception is told and ends this turn only. Turns that never decide let the lease go: see `loopTurned`. */
  private turn(): void {
    this.pending = false;
    this.endTogether?.();
    this.endTogether = null;
    if (this.closed) return;
    try {
      this.parts.keeper.checkClocks();
      const changed = this.decideAndBegin();
      this.parts.keeper.loopTurned();
      this.parts.heldChecks.look();
      this.turnTrouble = '';
      if (changed) this.onTurn();
    } catch (error) {
      this.tellTrouble(error);
    }
  }

  /** Answers whether the decision is another one than before. */
  private decideAndBegin(): boolean {
    const { clock, runtime } = this.parts;
    this.settle();
    this.facts = gatherFacts(this.parts);
    runtime.peerFitSinceMs = peerFit(this.facts) ? (runtime.peerFitSinceMs ?? clock.bootMs()) : null;
    const next = decide(this.facts);
    const before = this.rule;
    const changed = next.ruleId !== before.ruleId || next.verdict !== before.verdict;
    this.atMs = clock.bootMs();
    if (next.ruleId !== before.ruleId) this.sinceMs = this.atMs;
    this.rule = next;
    this.journalDecision(before, next);
    this.wakeWhenLeaseIsFree();
    const step = next.verdict === 'act' ? next.steps[0] : undefined;
    // An emergency stop has its own time limit and ends with the gate shut: a start beside it would be shut out.
    const free = runtime.runningStep === null && runtime.emergency === null;
    if (step !== undefined && free) void this.execute(step, next);
    return changed;
  }

  /** A lease that becomes free before the next regular turn is not left waiting for it. */
  private wakeWhenLeaseIsFree(): void {
    const { freeInMs } = this.facts.lease;
    if (freeInMs === null || freeInMs <= 0 || freeInMs > calmLookEveryMs(this.parts.config.timing)) return;
    this.endWake?.();
    this.endWake = this.parts.timers.after(freeInMs, () => this.poke());
  }

  private tellTrouble(error: unknown): void {
    const why = `A turn of the decision loop broke: ${String(error)}.`;
    if (why === this.turnTrouble) return;
    this.turnTrouble = why;
    this.parts.journal.append({ kind: 'alarm', sentence: why, result: 'failed' });
  }

  private journalDecision(before: RuleDecision | null, now: RuleDecision): void {
    if (before !== null && sameDecision(before, now)) return;
    this.parts.journal.append({
      kind: 'decision',
      sentence: decisionSentence(now),
      ruleId: now.ruleId,
      verdict: now.verdict,
      epoch: this.parts.memory.current().epoch,
      operation: this.parts.changes.own()?.id ?? null,
    });
  }

  /** Never rejects: what breaks is the step's failure, what breaks after it is told. */
  private async execute(step: Step, by: RuleDecision): Promise<void> {
    const { clock, runtime, peer } = this.parts;
    const startedMs = clock.bootMs();
    runtime.runningStep = { kind: step.kind, startedMs };
    const outcome = await this.run(step, by);
    runtime.runningStep = null;
    try {
      noteOutcome(this.parts, step, by, outcome, clock.bootMs() - startedMs);
      peer.beatNow();
      this.onTurn();
    } catch (error) {
      this.tellTrouble(error);
    }
    // A step that fails at once would be tried again at once, for ever: the next regular turn looks again.
    if (outcome.ok) this.poke();
  }

  private async run(step: Step, by: RuleDecision): Promise<Result<string, string>> {
    try {
      if (step.kind === 'acquire') beginTakeOver(this.parts, by);
      this.parts.changes.stepStarted(step.kind);
      this.onTurn();
      return await stepExecutors[step.kind](this.parts, step);
    } catch (error) {
      return { ok: false, error: `it broke: ${String(error)}` };
    }
  }

  /** Writes down what follows from facts without a decision; a disk that refuses is told and tried again. */
  private settle(): void {
    const nowMs = this.parts.clock.bootMs();
    if (nowMs < this.settleNotBeforeMs) return;
    try {
      this.writeDownEnds();
      this.settleTrouble = '';
    } catch (error) {
      this.settleNotBeforeMs = nowMs + settleAgainMs;
      const why = `The durable state could not be written: ${String(error)}.`;
      if (why !== this.settleTrouble) this.parts.journal.append({ kind: 'alarm', sentence: why });
      this.settleTrouble = why;
    }
  }

  /** Never while it holds the lease: renewals come first, and every write of an Active is a proof of its own. */
  private stateProofDue(): boolean {
    const { memory, clock } = this.parts;
    if (memory.unwritable() !== null) return true;
    const passive = !this.facts.lease.held && this.facts.engine.process.value === 'stopped';
    if (!passive || memory.damaged !== null || clock.bootMs() < this.proveStateAtMs) return false;
    this.proveStateAtMs = clock.bootMs() + proveStateMs;
    return true;
  }

  /** A lost epoch ends, a change that has ended is closed. Throws when that cannot be written. */
  private writeDownEnds(): void {
    const { memory, keeper, runtime, maintenance } = this.parts;
    if (this.stateProofDue()) memory.update({});
    followForced(this.parts, this.facts);
    const { epoch, ended } = memory.current();
    const stopped =
      this.facts.engine.process.value === 'stopped' &&
      runtime.runningStep === null &&
      runtime.emergency === null;
    const over = keeper.lostEpoch() === epoch || isPast(this.parts, this.facts);
    if (over && ended < epoch && stopped && memory.damaged === null) keeper.endEpoch(epoch);
    const nowMs = this.parts.clock.bootMs();
    maintenance.forgetWhenOver(() => keeper.facts(nowMs), nowMs);
    closeChange(this.parts, this.facts);
  }
}

function beginTakeOver(parts: MemberParts, by: RuleDecision): void {
  const { changes, config, peer, clock } = parts;
  const announced = peer.facts(clock.bootMs()).status?.operation;
  if (announced?.to === config.server) {
    const kind = announcedKind(announced.kind);
    if (changes.record()?.id === announced.id) return;
    changes.beginTakeOver({ ...announced, kind, from: config.peer.server });
    return;
  }
  if (changes.own() !== null) return;
  if (changes.running()) return;
  changes.beginTakeOver({
    id: `failover-${config.cluster}-${parts.memory.current().epoch + 1}-${clock.bootMs()}`,
    kind: 'failover',
    from: config.peer.server,
    requestedBy: `rule ${by.ruleId}`,
    reason: by.reason,
  });
}

/** A peer of a later release may name a kind that is not known here: its steps are those of a switchover. */
function announcedKind(kind: string): 'switchover' | 'handover' | 'failback' {
  return kind === 'handover' || kind === 'failback' ? kind : 'switchover';
}

function noteOutcome(
  parts: MemberParts,
  step: Step,
  by: RuleDecision,
  outcome: Result<string, string>,
  tookMs: number,
): void {
  const { runtime, clock, journal, changes, memory } = parts;
  const soft =
    !outcome.ok && (step.kind === 'acquire' || step.kind === 'force') && softRefusals.has(outcome.error);
  if (outcome.ok) runtime.failures.delete(step.kind);
  else if (!soft) {
    const before = runtime.failures.get(step.kind);
    // A step that used its whole time limit is not worth three of them.
    const count = (before?.count ?? 0) + (tookMs >= wholeLimitMs ? attemptsBeforeHandover : 1);
    const nowMs = clock.bootMs();
    const sinceMs = before?.sinceMs ?? nowMs - tookMs;
    runtime.failures.set(step.kind, { count, sinceMs, atMs: nowMs, why: outcome.error });
  }
  if (soft && changes.own() === null) return changes.drop();
  changes.stepEnded(step.kind, outcome);
  if (soft) return;
  journal.append({
    kind: 'step',
    sentence: `Step ${step.kind}: ${outcome.ok ? outcome.value : `failed: ${outcome.error}`}.`,
    ruleId: by.ruleId,
    verdict: by.verdict,
    step: step.kind,
    result: outcome.ok ? 'ok' : 'failed',
    epoch: memory.current().epoch,
    operation: changes.record()?.state === 'running' ? (changes.record()?.id ?? null) : null,
    tookMs,
  });
}

/** Closes the change that is followed, once its end can be seen. */
function closeChange(parts: MemberParts, facts: MemberFacts): void {
  const { changes, runtime, memory, journal } = parts;
  const record = changes.record();
  if (record === null || record.state !== 'running') return;
  const end = changeEnd(changes, facts);
  if (end === null || runtime.runningStep !== null) return;
  changes.end(end.state, end.sentence);
  // What has just been tried in vain is not tried again before its whole time has passed once more.
  if (end.state === 'rolled-back') {
    runtime.peerFitSinceMs = null;
    // The next change makes its last copy anew.
    runtime.failures.delete('copy-last');
  }
  journal.append({
    kind: 'command',
    sentence: end.sentence,
    operation: record.id,
    requestedBy: record.requestedBy,
    result: end.state === 'done' ? 'ok' : 'failed',
    epoch: memory.current().epoch,
  });
}
