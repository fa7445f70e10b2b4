/**
 * The ordered table of rules: the first that matches decides. Each rule is pure and says its verdict and
 * its reason as one sentence; the same sentence is log line, API value, screen text and test oracle.
 *
 * Order is part of the meaning:
 *   R0x  an engine that must not run · R1x a change asked for by a person · R2x holding the lease, becoming
 *   Active · R3x Active · R4x a local fault of the Active · R5x Passive · R6x taking over.
 */
import type { MemberFacts, Step, StepKind } from './member-facts.ts';

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
}

const seconds = (ms: number) => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
const engineMayRun = (facts: MemberFacts) => facts.engine.process.value !== 'stopped';
const engineOff = (facts: MemberFacts) => facts.engine.process.value === 'stopped';

function act(
  facts: MemberFacts,
  headline: string,
  reason: string,
  kind: StepKind,
  extra?: Partial<Step>,
): RuleOutcome {
  const epoch = facts.memory.epoch;
  return { verdict: 'act', headline, reason, steps: [{ kind, epoch, ...extra }] };
}

function wait(headline: string, reason: string): RuleOutcome {
  return { verdict: 'wait', headline, reason, steps: [] };
}

/** Steps that failed are tried again after a pause that grows, so that a broken disk is not hammered. */
export function retryPauseMs(count: number): number {
  return Math.min(5_000, 250 * 2 ** Math.min(count, 5));
}

function pausing(facts: MemberFacts, kind: StepKind): boolean {
  const failure = facts.failures[kind];
  return failure !== undefined && failure.agoMs < retryPauseMs(failure.count);
}

function tryStep(facts: MemberFacts, headline: string, reason: string, kind: StepKind): RuleOutcome {
  const failure = facts.failures[kind];
  if (failure === undefined) return act(facts, headline, reason, kind);
  const again = `${reason}; tried ${failure.count} times, last: ${failure.why}`;
  return pausing(facts, kind) ? wait(headline, again) : act(facts, headline, again, kind);
}

/** Failures of one step before a held lease is given to a fit peer. */
export const attemptsBeforeHandover = 3;

function failing(facts: MemberFacts): { kind: StepKind; why: string } | null {
  const kinds: StepKind[] = ['prove-storage', 'write-generation', 'start-engine', 'start-components'];
  for (const kind of kinds) {
    const failure = facts.failures[kind];
    if (failure !== undefined && failure.count >= attemptsBeforeHandover) return { kind, why: failure.why };
  }
  return null;
}

function peerFit(facts: MemberFacts): boolean {
  return facts.peer.reachable && facts.peer.blockers !== null && facts.peer.blockers.length === 0;
}

const forbidden: readonly Rule[] = [
  {
    id: 'R01',
    diagnosis: 'state-damaged',
    meaning: 'The durable state cannot be trusted: never Active.',
    matches: (f) => f.memory.damaged !== null,
    decide: (f) =>
      engineMayRun(f) && !f.inherited
        ? act(
            f,
            `${f.self.name} stops its engine`,
            `its durable state is damaged: ${f.memory.damaged}`,
            'kill-engine',
          )
        : {
            verdict: 'blocked',
            headline: `${f.self.name} refuses to be Active`,
            reason: `its durable state is damaged: ${f.memory.damaged}`,
            steps: [],
          },
  },
  {
    id: 'R02',
    diagnosis: 'engine-state-unknown',
    meaning: 'Whether the engine runs is not known and no lease is held: nothing is started.',
    matches: (f) => f.engine.process.value === null && !f.lease.held,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        `whether its engine runs is not known: ${f.engine.process.why ?? 'not looked at yet'}`,
      ),
  },
  {
    id: 'R03',
    diagnosis: 'agent-restarted',
    meaning:
      'A restarted agent finds its engine running under a guard deadline: it renews before anything else.',
    matches: (f) => f.inherited !== null && f.inherited.stopInMs > 0 && !f.lease.held && engineMayRun(f),
    decide: (f) =>
      wait(
        `${f.self.name} keeps its engine running`,
        `the agent was restarted and proves the lease of epoch ${f.inherited?.epoch ?? 0}; the engine is stopped in ${seconds(f.inherited?.stopInMs ?? 0)} otherwise`,
      ),
  },
  {
    id: 'R04',
    diagnosis: 'engine-without-lease',
    meaning: 'An engine runs here without a lease: it is killed at once.',
    matches: (f) => !f.lease.held && engineMayRun(f),
    decide: (f) =>
      act(f, `${f.self.name} stops its engine at once`, 'it runs without a lease', 'kill-engine'),
  },
  {
    id: 'R05',
    diagnosis: 'guards-silent',
    meaning: 'Both guards are silent while the engine runs: nothing would kill it in time, so it is stopped.',
    matches: (f) => engineMayRun(f) && f.guards.allSilent,
    decide: (f) =>
      act(
        f,
        `${f.self.name} stops its engine at once`,
        'both guards are silent, so nothing would stop it in time',
        'kill-engine',
      ),
  },
  {
    id: 'R06',
    diagnosis: 'guard-silent',
    meaning: 'One guard is silent: it is restarted, the other one protects meanwhile.',
    matches: (f) =>
      f.guards.beating < 2 && f.observedOnce && !pausing(f, 'restart-guards') && engineMayRun(f),
    decide: (f) =>
      act(f, `${f.self.name} restarts a guard`, 'one of its two guards is silent', 'restart-guards'),
  },
  {
    id: 'R07',
    diagnosis: 'epoch-ended',
    meaning: 'The epoch has ended on this member: the store is told until it has confirmed.',
    matches: (f) => f.lease.releasing,
    decide: (f) =>
      act(
        f,
        `${f.self.name} releases the lease`,
        `epoch ${f.memory.ended} has ended here and the store has not confirmed it yet`,
        'release',
        { reservedFor: f.operation?.to ?? (peerFit(f) ? f.peer.server : null) },
      ),
  },
];

const changes: readonly Rule[] = [
  {
    id: 'R10',
    diagnosis: 'change-draining',
    meaning: 'Planned change, first step: no new sessions.',
    matches: (f) => ownChange(f) && f.lease.held && f.serving,
    decide: (f) => changeStep(f, 'the load balancer is told to send nothing new here', 'drain'),
  },
  {
    id: 'R11',
    diagnosis: 'change-stopping-pollers',
    meaning: 'Planned change: pollers are stopped first.',
    matches: (f) =>
      ownChange(f) &&
      f.lease.held &&
      engineMayRun(f) &&
      f.engine.api.value === true &&
      (f.engine.pollers.value?.on ?? 0) > 0 &&
      (f.failures['stop-pollers']?.count ?? 0) < 2,
    decide: (f) => changeStep(f, 'its pollers stop first, so that nothing is fetched twice', 'stop-pollers'),
  },
  {
    id: 'R12',
    diagnosis: 'change-stopping-engine',
    meaning: 'Planned change: the engine is stopped gracefully and proven stopped.',
    matches: (f) => ownChange(f) && f.lease.held && engineMayRun(f),
    decide: (f) => changeStep(f, 'its engine stops gracefully and is proven stopped', 'stop-engine'),
  },
  {
    id: 'R13',
    diagnosis: 'change-sealing',
    meaning: 'Planned change: the epoch ends durably, then the lease is released.',
    matches: (f) => ownChange(f) && f.lease.held && engineOff(f),
    decide: (f) =>
      changeStep(
        f,
        `epoch ${f.memory.epoch} ends here and the lease is reserved for ${f.peer.name}`,
        'end-epoch',
      ),
  },
];

function ownChange(f: MemberFacts): boolean {
  return f.operation !== null && f.operation.epoch === f.memory.epoch && f.memory.ended < f.memory.epoch;
}

function changeStep(f: MemberFacts, reason: string, kind: StepKind): RuleOutcome {
  return act(f, `${f.self.name} hands over to ${f.peer.name}`, reason, kind);
}

const becomingActive: readonly Rule[] = [
  {
    id: 'R20',
    diagnosis: 'start-fails',
    meaning: 'A step of becoming Active failed too often and the peer is fit: the lease is handed over.',
    matches: (f) => f.lease.held && failing(f) !== null && peerFit(f) && engineOff(f),
    decide: (f) =>
      act(
        f,
        `${f.self.name} hands over to ${f.peer.name}`,
        `step ${failing(f)?.kind} failed ${attemptsBeforeHandover} times: ${failing(f)?.why}`,
        'end-epoch',
      ),
  },
  {
    id: 'R21',
    diagnosis: 'storage-unproven',
    meaning: 'The lease is held: storage is proven before anything is started.',
    matches: (f) => f.lease.held && engineOff(f) && f.storage.provenEpoch !== f.memory.epoch,
    decide: (f) =>
      tryStep(
        f,
        takesOver(f),
        `it holds the lease of epoch ${f.memory.epoch} and proves its storage first`,
        'prove-storage',
      ),
  },
  {
    id: 'R22',
    diagnosis: 'generation-behind',
    meaning:
      'The generation on the storage is raised to the epoch, so that an older engine can be told from it.',
    matches: (f) => f.lease.held && engineOff(f) && f.storage.generation.value !== f.memory.epoch,
    decide: (f) =>
      tryStep(
        f,
        takesOver(f),
        `storage is proven; its generation is raised to ${f.memory.epoch}`,
        'write-generation',
      ),
  },
  {
    id: 'R40',
    diagnosis: 'engine-crashed',
    meaning: 'The engine died under a held lease: restarted locally n times within the window.',
    matches: (f) =>
      f.lease.held && engineOff(f) && f.engine.crashes > 0 && f.engine.crashes <= f.localRestarts,
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} restarts its engine`,
        `the engine died; this is local restart ${f.engine.crashes} of ${f.localRestarts}`,
        'start-engine',
      ),
  },
  {
    id: 'R41',
    diagnosis: 'engine-keeps-crashing',
    meaning:
      'Local restarts are used up and the peer is fit: handed over without waiting for the lease to run out.',
    matches: (f) => f.lease.held && engineOff(f) && f.engine.crashes > f.localRestarts && peerFit(f),
    decide: (f) =>
      act(
        f,
        `${f.self.name} hands over to ${f.peer.name}`,
        `the engine died ${f.engine.crashes} times within ten minutes`,
        'end-epoch',
      ),
  },
  {
    id: 'R23',
    diagnosis: 'engine-not-started',
    meaning: 'Everything is proven: the gate is opened and the engine started.',
    matches: (f) => f.lease.held && engineOff(f),
    decide: (f) =>
      tryStep(
        f,
        takesOver(f),
        'storage is proven and carries the epoch; the engine is started',
        'start-engine',
      ),
  },
  {
    id: 'R24',
    diagnosis: 'engine-starting',
    meaning: 'The engine starts: its API is awaited.',
    matches: (f) => f.lease.held && !f.serving && f.engine.api.value !== true,
    decide: (f) =>
      wait(
        takesOver(f),
        `the engine starts; its API has not answered yet${f.engine.api.why ? ` (${f.engine.api.why})` : ''}`,
      ),
  },
  {
    id: 'R25',
    diagnosis: 'components-off',
    meaning: 'The engine answers: its components are started, pollers not yet.',
    matches: (f) => f.lease.held && !f.serving && !allOn(f.engine.components.value),
    decide: (f) =>
      tryStep(f, takesOver(f), 'the engine answers; its components are started', 'start-components'),
  },
  {
    id: 'R26',
    diagnosis: 'not-serving',
    meaning: 'Engine and components are on: the balancer is told.',
    matches: (f) => f.lease.held && !f.serving,
    decide: (f) =>
      tryStep(
        f,
        takesOver(f),
        'engine and components are on; the load balancer is told to send here',
        'open-active',
      ),
  },
  {
    id: 'R27',
    diagnosis: 'pollers-off',
    meaning: 'Pollers come last.',
    matches: (f) =>
      f.lease.held && f.serving && f.engine.pollers.value !== null && !allOn(f.engine.pollers.value),
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} starts its pollers`,
        'it is Active and no other member runs them',
        'start-pollers',
      ),
  },
];

function takesOver(f: MemberFacts): string {
  return `${f.self.name} becomes Active`;
}

function allOn(counts: { readonly on: number; readonly total: number } | null): boolean {
  return counts !== null && counts.on >= counts.total;
}

const active: readonly Rule[] = [
  {
    id: 'R30',
    diagnosis: 'engine-silent',
    meaning: 'The engine runs but its API is silent: told, not moved.',
    matches: (f) => f.lease.held && f.serving && f.engine.api.value === false,
    decide: (f) => ({
      verdict: 'ask-admin',
      headline: `${f.self.name} stays Active`,
      reason: `it holds the lease, but the engine's API does not answer as it should: ${f.engine.api.why ?? 'no answer'}`,
      steps: [],
    }),
  },
  {
    id: 'R31',
    diagnosis: 'store-silent',
    meaning: 'The lease store does not answer: the Active goes on until its own stop.',
    matches: (f) => f.lease.held && !f.lease.storeReachable,
    decide: (f) =>
      wait(
        `${f.self.name} stays Active`,
        `but the lease store does not answer; it stops its engine before the lease ends in ${seconds(f.lease.leftMs)}`,
      ),
  },
  {
    id: 'R32',
    diagnosis: 'peer-silent',
    meaning: 'The peer is silent: the Active stays, nobody could take over.',
    matches: (f) => f.lease.held && !f.peer.reachable,
    decide: (f) =>
      wait(
        `${f.self.name} stays Active`,
        `it holds the lease of epoch ${f.memory.epoch}; ${f.peer.name} does not answer, so nobody could take over`,
      ),
  },
  {
    id: 'R33',
    diagnosis: 'all-well',
    meaning: 'Everything is as it should be on the Active.',
    matches: (f) => f.lease.held,
    decide: (f) =>
      wait(
        `${f.self.name} stays Active`,
        `it holds the lease of epoch ${f.memory.epoch}, its engine answers, and ${f.guards.beating === 2 ? 'both guards beat' : `${f.guards.beating} of 2 guards beats`}`,
      ),
  },
];

const passive: readonly Rule[] = [
  {
    id: 'R50',
    diagnosis: 'store-unknown',
    meaning: 'The lease store does not answer: a Passive cannot take over without it.',
    matches: (f) => !f.lease.storeReachable || f.lease.freeInMs === null,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        f.peer.reachable && f.peer.role === 'active'
          ? `the lease store does not answer; ${f.peer.name} is Active`
          : 'the lease store does not answer, and nothing may be started without it',
      ),
  },
  {
    id: 'R51',
    diagnosis: 'store-behind',
    meaning:
      "The store's epoch is below this member's own: it lost its memory and must be seeded by a person.",
    matches: (f) => (f.lease.storeEpoch ?? 0) < f.memory.epoch,
    decide: (f) => ({
      verdict: 'ask-admin',
      headline: `${f.self.name} stays Passive`,
      reason: `the lease store knows epoch ${f.lease.storeEpoch ?? 0}, this member ${f.memory.epoch}: the store has lost its memory`,
      steps: [],
    }),
  },
  {
    id: 'R52',
    diagnosis: 'peer-active',
    meaning: 'The peer holds a live lease.',
    matches: (f) => f.lease.holder === f.peer.server && (f.lease.freeInMs ?? 0) > 0,
    decide: (f) =>
      f.peer.reachable
        ? wait(
            `${f.self.name} stays Passive`,
            `${f.peer.name} holds the lease of epoch ${f.lease.storeEpoch ?? 0}`,
          )
        : wait(
            `${f.self.name} stays Passive`,
            `until the lease of ${f.peer.name} has run out in ${seconds(f.lease.freeInMs ?? 0)}; ${f.peer.name} does not answer here, but the store does not call its lease free`,
          ),
  },
  {
    id: 'R53',
    diagnosis: 'lease-reserved',
    meaning: 'The lease is reserved for the peer after a planned release.',
    matches: (f) => f.lease.reservedFor === f.peer.server && (f.lease.freeInMs ?? 0) > 0,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        `the lease is reserved for ${f.peer.name} for another ${seconds(f.lease.freeInMs ?? 0)}`,
      ),
  },
  {
    id: 'R54',
    diagnosis: 'own-lease-unusable',
    meaning: 'The store still counts a lease of ours that we cannot use any more: it runs out first.',
    matches: (f) => (f.lease.freeInMs ?? 0) > 0,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        f.lease.holder === f.self.server
          ? `a lease granted to it was never used; the store calls it free in ${seconds(f.lease.freeInMs ?? 0)}`
          : `the lease store was started or seeded just now and grants nothing for another ${seconds(f.lease.freeInMs ?? 0)}`,
      ),
  },
];

const takingOver: readonly Rule[] = [
  {
    id: 'R60',
    diagnosis: 'not-observed',
    meaning: 'Nothing is acquired before everything was looked at once.',
    matches: (f) => !f.observedOnce,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        'it has just started and looks at everything once before it may take over',
      ),
  },
  {
    id: 'R61',
    diagnosis: 'unclean-end',
    meaning: 'After an unclean end of its own a member waits T + δ before it acquires.',
    matches: (f) => f.acquireWaitMs > 0,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        `its own last lease did not end cleanly; it may take over in ${seconds(f.acquireWaitMs)}`,
      ),
  },
  {
    id: 'R62',
    diagnosis: 'unfit',
    meaning: 'The lease is free but this member could not run the engine.',
    matches: (f) => unfitReason(f) !== null,
    decide: (f) => ({
      verdict: 'blocked',
      headline: `${f.self.name} cannot take over`,
      reason: `the lease is free, but ${unfitReason(f)}`,
      steps: [],
    }),
  },
  {
    id: 'R63',
    diagnosis: 'peer-goes-first',
    meaning: 'Both could take over and the peer is preferred, the last holder or the target: it goes first.',
    matches: (f) => f.lease.reservedFor !== f.self.server && peerGoesFirst(f),
    decide: (f) => wait(`${f.self.name} stays Passive`, `nobody holds the lease; ${f.peer.name} goes first`),
  },
  {
    id: 'R64',
    diagnosis: 'lease-free',
    meaning: 'Nobody holds the lease: it is acquired.',
    matches: () => true,
    decide: (f) =>
      pausing(f, 'acquire')
        ? wait(`${f.self.name} takes over`, `the lease is free; asked for it, ${f.failures.acquire?.why}`)
        : act(f, `${f.self.name} takes over`, takeoverReason(f), 'acquire'),
  },
];

/** How long the other one is waited for when it should go first, counted from the lease being free. */
export const goesFirstGraceMs = 2_000;

function peerGoesFirst(f: MemberFacts): boolean {
  if (!f.peer.reachable || f.freeForMs > goesFirstGraceMs) return false;
  if (f.peer.role === 'taking-over' || f.peer.role === 'active') return true;
  if (!peerFit(f) || f.peer.role !== 'passive') return false;
  // The last holder by the store's record goes first; without one, the preferred member.
  if (f.lease.holder !== null) return f.lease.holder === f.peer.server;
  return !f.self.preferred;
}

function unfitReason(f: MemberFacts): string | null {
  if (f.storage.proven.value !== true)
    return `its storage is not proven: ${f.storage.proven.why ?? 'not looked at yet'}`;
  if (f.guards.beating === 0) return 'none of its guards beats';
  if (!engineOff(f)) return 'its engine is not proven stopped';
  return null;
}

function takeoverReason(f: MemberFacts): string {
  if (f.lease.reservedFor === f.self.server)
    return `${f.peer.name} has handed over and reserved the lease for it`;
  if (f.lease.holder === f.peer.server) return `the lease of ${f.peer.name} has run out without a renewal`;
  return 'nobody holds the lease';
}

/** The whole table, in order. Within a group the order is the order of matching, not of the numbers. */
export const ruleTable: readonly Rule[] = [
  ...forbidden,
  ...changes,
  ...becomingActive,
  ...active,
  ...passive,
  ...takingOver,
];

export { peerFit, unfitReason };
