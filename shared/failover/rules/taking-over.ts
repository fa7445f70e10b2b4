import {
  act,
  ask,
  engineOff,
  minutes,
  outsiderAtPeer,
  pausing,
  peerFit,
  seconds,
  tryStep,
  wait,
  type Rule,
} from './rule.ts';
import { takeoverLoss } from '../../copying/takeover-loss.ts';
import type { MemberFacts } from '../member-facts.ts';

export const takingOverRules: readonly Rule[] = [
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
    meaning:
      'After an unclean end of its own a member waits T + δ before it acquires; after it gave up a lease that it could not use, T.',
    matches: (f) => f.acquireWaitMs > 0,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        f.standsBack
          ? `it could not serve and has given its lease up; it lets ${f.peer.name} try for another ${seconds(f.acquireWaitMs)}`
          : `its own last lease did not end cleanly; it may take over in ${seconds(f.acquireWaitMs)}`,
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
    id: 'R59',
    diagnosis: 'peer-engine-runs',
    meaning:
      'Nobody holds the lease, but the peer itself says that its engine runs: nothing is acquired beside it, whoever asks.',
    matches: peerEngineRuns,
    decide: (f) => {
      const headline = `${f.self.name} does not take over`;
      const reason = `nobody holds the lease, but ${f.peer.name} says that its engine runs`;
      return f.freeForMs <= goesFirstGraceMs
        ? wait(headline, `${reason}; its end is waited for`)
        : ask(headline, `CONFLICT: ${reason}, and no second one is started beside it: stop it there`);
    },
  },
  {
    id: 'R66',
    diagnosis: 'failover-asked',
    meaning: 'A person has asked this member to take over: neither a block nor a preference holds it back.',
    matches: (f) => f.operation?.kind === 'failover',
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} takes over`,
        `${f.operation?.requestedBy ?? 'a person'} has asked for it and nobody holds the lease${lossWords(f)}`,
        'acquire',
        { planned: true },
      ),
  },
  {
    id: 'R63',
    diagnosis: 'peer-goes-first',
    meaning: 'Both could take over and the peer is preferred, the last holder or the target: it goes first.',
    matches: (f) => f.lease.reservedFor !== f.self.server && peerGoesFirst(f),
    decide: (f) => wait(`${f.self.name} stays Passive`, `nobody holds the lease; ${f.peer.name} goes first`),
  },
  {
    id: 'R65',
    diagnosis: 'failover-blocked',
    meaning: 'The lease is free, but automatic failover is blocked: a person decides.',
    matches: (f) => f.lease.block !== null && f.peer.operationToUs === null && movesHere(f),
    withholds: (f) => ({ ...f, lease: { ...f.lease, block: null } }),
    decide: (f) => ({
      verdict: 'blocked',
      headline: `${f.self.name} does not take over`,
      reason: `automatic failover is blocked for another ${minutes(f.lease.block?.leftMs ?? 0)}: ${f.lease.block?.why ?? ''}; allow it again, or bring ${f.peer.name} back`,
      steps: [],
    }),
  },
  {
    id: 'R67',
    diagnosis: 'copy-too-old',
    meaning:
      'The lease is free, but the data of a copied directory is older here than the site allows, or its age is not known: a person decides whether the rest is given up.',
    matches: (f) => tooOld(f) !== null,
    decide: (f) =>
      ask(
        `${f.self.name} does not take over`,
        `nobody holds the lease, but ${tooOld(f) ?? ''}; bring ${f.peer.name} back, or ask for a failover here and give that up`,
      ),
  },
  {
    id: 'R64',
    diagnosis: 'lease-free',
    meaning: 'Nobody holds the lease: it is acquired.',
    matches: () => true,
    decide: (f) =>
      pausing(f, 'acquire')
        ? wait(`${f.self.name} takes over`, `the lease is free; asked for it, ${f.failures.acquire?.why}`)
        : act(f, `${f.self.name} takes over`, takeoverReason(f), 'acquire', {
            planned: f.peer.operationToUs !== null,
          }),
  },
];

/** How long the other one is waited for when it should go first, counted from the lease being free. */
export const goesFirstGraceMs = 2_000;

/**
 * Whoever has lost his lease has stopped his engine long before it is free. A peer that has just handed over has
 * proven that to the store, and its last word may be older.
 */
export function peerEngineRuns({ peer, lease, self }: MemberFacts): boolean {
  return peer.heard && peer.engineRunning === true && lease.reservedFor !== self.server;
}

function peerGoesFirst(f: MemberFacts): boolean {
  if (!f.peer.reachable || f.freeForMs > goesFirstGraceMs) return false;
  if (f.peer.role === 'taking-over' || f.peer.role === 'active') return true;
  if (!peerFit(f) || f.peer.role !== 'passive') return false;
  // The last holder by the store's record goes first; without one, the preferred member.
  if (f.lease.holder !== null) return f.lease.holder === f.peer.server;
  return !f.self.preferred;
}

/** Why no takeover is begun with the data that lies here; null: it may be. */
function tooOld(f: MemberFacts): string | null {
  const loss = takeoverLoss(f);
  if (loss === null || loss.kind === 'none') return null;
  if (loss.kind === 'unknown') return `what would be lost is not known: ${loss.why}`;
  const limitMs = f.storage.copied?.lagLimitMs ?? 0;
  if (loss.lagMs <= limitMs) return null;
  return `its last complete copy is ${seconds(loss.lagMs)} older than the end of ${f.peer.name}, and ${seconds(limitMs)} are allowed`;
}

function movesHere(f: MemberFacts): boolean {
  return f.lease.lastHolder !== null && f.lease.lastHolder !== f.self.server;
}

/** Why this member could not run the engine, however it came to the lease; null: it could. */
export function unfitReason(f: MemberFacts): string | null {
  // Taking back what it handed over itself is no new takeover.
  if (f.self.mustNot && f.operation === null) return 'the site says that this member must not become Active';
  if (f.memory.unwritable !== null) return `its state cannot be written: ${f.memory.unwritable}`;
  if (f.storage.proven.value !== true)
    return `its storage is not proven: ${f.storage.proven.why ?? 'not looked at yet'}`;
  if (f.guards.beating === 0) return 'none of its guards beats';
  if (!engineOff(f)) return 'its engine is not proven stopped';
  if (outsiderAtPeer(f))
    return `an engine runs on ${f.peer.name} outside its service, which a takeover would not end`;
  return null;
}

function takeoverReason(f: MemberFacts): string {
  return `${whyFree(f)}${lossWords(f)}`;
}

function lossWords(f: MemberFacts): string {
  const loss = takeoverLoss(f);
  if (loss === null || loss.kind === 'none') return '';
  return loss.kind === 'lag'
    ? `; what was written in the last ${seconds(loss.lagMs)} before its end may be lost`
    : `; what is lost is not known: ${loss.why}`;
}

function whyFree(f: MemberFacts): string {
  if (f.lease.reservedFor === f.self.server)
    return `${f.peer.name} has handed over and reserved the lease for it`;
  if (f.lease.holder === f.peer.server) return `the lease of ${f.peer.name} has run out without a renewal`;
  return 'nobody holds the lease';
}
