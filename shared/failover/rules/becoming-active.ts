import {
  ask,
  attemptsBeforeHandover,
  engineOff,
  failing,
  holdsLease,
  mayHandOver,
  pollersSettled,
  seconds,
  storageAheadReason,
  tryOrAsk,
  tryStep,
  wait,
  type Rule,
  type RuleOutcome,
} from './rule.ts';
import { lastCopyDue } from '../../copying/takeover-loss.ts';
import type { MemberFacts } from '../member-facts.ts';

export const becomingActiveRules: readonly Rule[] = [
  {
    id: 'R42',
    diagnosis: 'conflict-before-start',
    meaning:
      'CONFLICT: the lease is held and an engine outside its service works here: a second one is started neither here nor at the peer.',
    matches: (f) => f.lease.held && engineOff(f) && f.engine.outsider !== null,
    decide: (f) =>
      ask(
        `${f.self.name} starts nothing`,
        `CONFLICT: an engine runs outside its service: ${f.engine.outsider}; neither gate nor guards hold it, so it must be ended by hand`,
      ),
  },
  {
    id: 'R49',
    diagnosis: 'lease-below-storage',
    meaning:
      'The storage carries an epoch that the lease store has not granted: nothing can be started under its lease, which is given up. A person has the store replaced (R51).',
    matches: (f) => holdsLease(f) && engineOff(f) && f.storage.aheadOfStore !== null,
    decide: (f) => tryStep(f, `${f.self.name} gives the lease up`, storageAheadReason(f), 'end-epoch'),
  },
  {
    id: 'R20',
    diagnosis: 'start-fails',
    meaning: 'A step of becoming Active failed too often and the peer is fit: the lease is handed over.',
    matches: (f) => f.lease.held && failing(f) !== null && mayHandOver(f) && engineOff(f),
    decide: (f) => handOver(f, failedReason(f)),
  },
  {
    id: 'R28',
    diagnosis: 'stuck-starting',
    meaning:
      'The engine runs but cannot be brought to serve, and the peer is fit: stopped, to be handed over.',
    matches: (f) => stuckStarting(f) && mayHandOver(f),
    decide: (f) => tryStep(f, `${f.self.name} hands over to ${f.peer.name}`, failedReason(f), 'stop-engine'),
  },
  {
    id: 'R29',
    diagnosis: 'cannot-serve-alone',
    meaning:
      'A step of becoming Active keeps failing for T and the peer is not heard: the lease is given up, so that a peer behind a cut link may try.',
    matches: (f) =>
      holdsLease(f) &&
      engineOff(f) &&
      f.lease.block === null &&
      !f.peer.reachable &&
      (failing(f)?.forMs ?? 0) >= f.timing.T * 1000,
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} gives the lease up`,
        `${failedReason(f)}; ${f.peer.name} is not heard and may be able to serve`,
        'end-epoch',
        { standsBack: true },
      ),
  },
  {
    id: 'R47',
    diagnosis: 'no-guard-beats',
    meaning:
      'The lease is held and no guard beats: they are restarted before an engine is started, which nothing else would stop in time.',
    matches: (f) => f.lease.held && engineOff(f) && f.guards.beating === 0,
    decide: (f) =>
      tryOrAsk(
        f,
        `${f.self.name} restarts its guards`,
        'none of its guards beats, so nothing would stop its engine in time: it is not started before one does',
        'restart-guards',
      ),
  },
  {
    id: 'R21',
    diagnosis: 'storage-unproven',
    meaning: 'The lease is held: storage is proven before anything is started.',
    matches: (f) => f.lease.held && engineOff(f) && f.storage.provenEpoch !== f.memory.epoch,
    decide: (f) => tryOrAsk(f, takesOver(f), `${byWhat(f)} and proves its storage first`, 'prove-storage'),
  },
  {
    id: 'R22',
    diagnosis: 'generation-behind',
    meaning:
      'The generation on the storage is raised to the epoch, so that an older engine can be told from it.',
    // One that is newer than ours will be refused: that is the reason which people must see.
    matches: (f) =>
      f.lease.held &&
      engineOff(f) &&
      (f.storage.generation.value !== f.memory.epoch || f.storage.newerGeneration !== null),
    decide: (f) =>
      tryOrAsk(
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
    matches: (f) => f.lease.held && engineOff(f) && f.engine.crashes > f.localRestarts && mayHandOver(f),
    decide: (f) => handOver(f, `the engine died ${f.engine.crashes} times within ten minutes`),
  },
  {
    id: 'R23',
    diagnosis: 'engine-not-started',
    meaning: 'Everything is proven: the gate is opened and the engine started.',
    matches: (f) => f.lease.held && engineOff(f),
    decide: (f) =>
      tryOrAsk(
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
      stuckStarting(f)
        ? ask(
            `${f.self.name} cannot serve`,
            `${failedReason(f)}; ${f.peer.name} cannot take over, so the engine is left as it is`,
          )
        : wait(
            takesOver(f),
            `the engine starts; its API has not answered yet${f.engine.api.why ? ` (${f.engine.api.why})` : ''}`,
          ),
  },
  {
    id: 'R25',
    diagnosis: 'components-off',
    meaning: 'The engine answers: its components are started, pollers not yet.',
    matches: (f) => f.lease.held && !f.serving && !allOn(f.engine.components.value) && !servesInPart(f),
    decide: (f) =>
      tryOrAsk(f, takesOver(f), 'the engine answers; its components are started', 'start-components'),
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
    matches: (f) => f.lease.held && f.serving && !pollersSettled(f),
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} starts its pollers`,
        'it is Active and no other member runs them',
        'start-pollers',
      ),
  },
];

/**
 * The last copy of a copied directory goes before. A server whose disk or network refuses that is no better than one
 * without power: then it hands over all the same, and the other member judges what it has.
 */
function handOver(f: MemberFacts, reason: string): RuleOutcome {
  const headline = `${f.self.name} hands over to ${f.peer.name}`;
  const copies = (f.failures['copy-last']?.count ?? 0) < attemptsBeforeHandover;
  return lastCopyDue(f) && copies
    ? tryStep(f, headline, `${reason}; the last copy goes there first`, 'copy-last')
    : tryStep(f, headline, reason, 'end-epoch');
}

/** An engine whose API has been silent for this long while it should begin to serve needs something else. */
const apiAwaitedLimitMs = 60_000;

/** The engine's process runs, but what makes it serve has failed too often, or its API is silent for too long. */
function stuckStarting(f: MemberFacts): boolean {
  if (!f.lease.held || f.serving || f.engine.process.value !== 'running') return false;
  if (apiNeverAnswers(f)) return true;
  const kind = failing(f)?.kind;
  if (kind === 'start-components') return !servesInPart(f);
  return kind === 'start-engine' && f.engine.api.value !== true;
}

/** Also where no step of this agent has seen it: it was restarted, or the API answered once and fell silent. */
function apiNeverAnswers(f: MemberFacts): boolean {
  return f.engine.api.value !== true && f.engine.apiAwaitedMs >= apiAwaitedLimitMs;
}

/** Some components cannot be started: what can be served is served, and the rest is told. */
function servesInPart(f: MemberFacts): boolean {
  const tried = (f.failures['start-components']?.count ?? 0) >= attemptsBeforeHandover;
  return tried && (f.engine.components.value?.on ?? 0) > 0;
}

function failedReason(f: MemberFacts): string {
  const failure = failing(f);
  if (failure === null && apiNeverAnswers(f)) {
    return `the engine runs, but its API is silent for ${seconds(f.engine.apiAwaitedMs)}: ${f.engine.api.why ?? 'no answer'}`;
  }
  return failure === null
    ? ''
    : `step ${failure.kind} has failed for ${seconds(failure.forMs)}: ${failure.why}`;
}

/** By what it may become Active. */
function byWhat({ memory, peerMode, forced, peer }: MemberFacts): string {
  if (peerMode.livesOn !== null) return `it lives on the promise of ${peer.name} under epoch ${memory.epoch}`;
  if (forced.livesOn !== null) return `it takes over at a person’s word under epoch ${memory.epoch}`;
  return `it holds the lease of epoch ${memory.epoch}`;
}

function takesOver(f: MemberFacts): string {
  return `${f.self.name} becomes Active`;
}

function allOn(counts: { readonly on: number; readonly total: number } | null): boolean {
  return counts !== null && counts.on >= counts.total;
}
