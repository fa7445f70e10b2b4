import type { MemberFacts, Step, StepKind } from '../member-facts.ts';

export type RuleVerdict = 'act' | 'wait' | 'ask-admin' | 'blocked';

export interface RuleOutcome {
  readonly verdict: RuleVerdict;
  readonly headline: string;
  readonly reason: string;
  readonly steps: readonly Step[];
}

export interface Rule {
  readonly id: string;
  /** Closed name of what is the matter, separate from what may be done about it. */
  readonly diagnosis: string;
  /** One line for people who read the table. */
  readonly meaning: string;
  readonly matches: (facts: MemberFacts) => boolean;
  readonly decide: (facts: MemberFacts) => RuleOutcome;
  /**
   * For a rule that only says that nothing may be done: the facts without what forbids it. What is the matter is then
   * told all the same, since a diagnosis needs no permission.
   */
  readonly withholds?: (facts: MemberFacts) => MemberFacts;
  /** What would be decided without it is told whatever it is, not only where something would be done. */
  readonly tellsWhatever?: true;
}

export const seconds = (ms: number) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
/** `2 min`, `45 s`: for waits that a person plans with. */
export const minutes = (ms: number) =>
  ms < 90_000 ? `${Math.ceil(Math.max(0, ms) / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
export const engineMayRun = (facts: MemberFacts) => facts.engine.process.value !== 'stopped';
export const engineOff = (facts: MemberFacts) => facts.engine.process.value === 'stopped';

/** By a lease of the store, and not by the peer's promise or at a person's word. */
export const holdsLease = ({ lease, peerMode, forced }: MemberFacts) =>
  lease.held && peerMode.livesOn === null && forced.livesOn === null;

/** A store under whose leases nothing can be started. */
export function storageAheadReason({ lease, storage }: MemberFacts): string {
  return `the storage carries epoch ${storage.aheadOfStore ?? 0}, which the lease store has not granted: it knows epoch ${lease.storeEpoch ?? 0} only`;
}

export function act(
  facts: MemberFacts,
  headline: string,
  reason: string,
  kind: StepKind,
  extra?: Partial<Step>,
): RuleOutcome {
  const epoch = facts.memory.epoch;
  return { verdict: 'act', headline, reason, steps: [{ kind, epoch, ...extra }] };
}

export function wait(headline: string, reason: string): RuleOutcome {
  return { verdict: 'wait', headline, reason, steps: [] };
}

/** Only a person can mend it: nothing is done by itself. */
export function ask(headline: string, reason: string): RuleOutcome {
  return { verdict: 'ask-admin', headline, reason, steps: [] };
}

/** Steps that failed are tried again after a pause that grows, so that a broken disk is not hammered. */
export function retryPauseMs(count: number): number {
  return Math.min(5_000, 250 * 2 ** Math.min(count, 5));
}

export function pausing(facts: MemberFacts, kind: StepKind): boolean {
  const failure = facts.failures[kind];
  return failure !== undefined && failure.agoMs < retryPauseMs(failure.count);
}

export function tryStep(
  facts: MemberFacts,
  headline: string,
  reason: string,
  kind: StepKind,
  extra?: Partial<Step>,
): RuleOutcome {
  const failure = facts.failures[kind];
  if (failure === undefined) return act(facts, headline, reason, kind, extra);
  const again = `${reason}; tried ${failure.count} times, last: ${failure.why}`;
  return pausing(facts, kind) ? wait(headline, again) : act(facts, headline, again, kind, extra);
}

/** Failures of one step before a held lease is given to a fit peer. */
export const attemptsBeforeHandover = 3;

/** As `tryStep`; once the attempts are used up a person is asked, while it goes on being tried. */
export function tryOrAsk(facts: MemberFacts, headline: string, reason: string, kind: StepKind): RuleOutcome {
  const outcome = tryStep(facts, headline, reason, kind);
  const usedUp = (facts.failures[kind]?.count ?? 0) >= attemptsBeforeHandover;
  return outcome.verdict === 'wait' && usedUp ? { ...outcome, verdict: 'ask-admin' } : outcome;
}

/** What keeps this member from serving under its lease, tried often enough; null: nothing. */
export function failing(facts: MemberFacts): { kind: StepKind; why: string; forMs: number } | null {
  const kinds: StepKind[] = ['prove-storage', 'write-generation', 'start-engine', 'start-components'];
  // One guard is enough to go on with; it is told, and no reason to move.
  if (facts.guards.beating === 0) kinds.unshift('restart-guards');
  for (const kind of kinds) {
    const failure = facts.failures[kind];
    if (failure !== undefined && failure.count >= attemptsBeforeHandover) {
      return { kind, why: failure.why, forMs: failure.forMs };
    }
  }
  return null;
}

/**
 * Nothing more is done about pollers: they are on, or were, or could not be started. One that a person switches off
 * later stays off.
 */
export function pollersSettled(facts: MemberFacts): boolean {
  const { pollers, pollersStarted } = facts.engine;
  if (pollersStarted || pollers.value === null || pollers.value.on >= pollers.value.total) return true;
  return (facts.failures['start-pollers']?.count ?? 0) >= attemptsBeforeHandover;
}

/** The peer would get the lease and could serve. Beside an engine that nothing here stops it must not. */
export function mayHandOver(facts: MemberFacts): boolean {
  return peerFit(facts) && facts.lease.block === null && facts.engine.outsider === null;
}

/** The peer tells of an engine outside its service, which a takeover would not end. */
export function outsiderAtPeer({ peer }: MemberFacts): boolean {
  return peer.reachable && (peer.blockers ?? []).some(({ code }) => code === outsiderCode);
}

/** Code of the blocker by which one member tells the other. */
export const outsiderCode = 'engine-outside';

export function peerFit(facts: MemberFacts): boolean {
  return facts.peer.reachable && facts.peer.blockers !== null && facts.peer.blockers.length === 0;
}
