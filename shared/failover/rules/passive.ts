import type { MemberFacts } from '../member-facts.ts';
import { promiseGivenReason, promiseLapsedReason } from './peer-mode-words.ts';
import { ask, seconds, storageAheadReason, wait, type Rule } from './rule.ts';

export const passiveRules: readonly Rule[] = [
  {
    id: 'R55',
    diagnosis: 'conflict-while-passive',
    meaning:
      'CONFLICT: an engine outside its service works on a Passive, out of reach of gate and guards: it does not take over, and a person ends it.',
    matches: (f) => f.engine.outsider !== null,
    decide: (f) =>
      ask(
        `${f.self.name} stays Passive`,
        `CONFLICT: an engine runs here outside its service: ${f.engine.outsider}; neither gate nor guards hold it, so it must be ended by hand`,
      ),
  },
  {
    id: 'R57',
    diagnosis: 'promise-given-alone',
    meaning:
      'Peer mode: this Passive has promised its peer not to take over, and that peer is not seen Active any more: a person decides.',
    matches: (f) => f.peerMode.given !== null && !(f.peer.reachable && f.peer.role === 'active'),
    decide: (f) => ask(`${f.self.name} stays Passive`, promiseGivenReason(f)),
  },
  {
    id: 'R56',
    diagnosis: 'promise-given',
    meaning:
      'Peer mode: the lease store is lost, and this Passive has promised the Active not to take over. Automatic failover is off.',
    matches: (f) => f.peerMode.given !== null,
    decide: (f) => wait(`${f.self.name} stays Passive`, promiseGivenReason(f)),
  },
  {
    id: 'R58',
    diagnosis: 'promise-lapsed',
    meaning:
      'Peer mode: the engine stopped while it lived on a promise. It starts again only with a renewal of the store or a new promise.',
    matches: (f) => f.peerMode.lapsed && !f.lease.storeReachable,
    decide: (f) => {
      const outcome = wait(`${f.self.name} does not start its engine`, promiseLapsedReason(f));
      return f.peer.reachable ? outcome : { ...outcome, verdict: 'ask-admin' };
    },
  },
  {
    id: 'R51',
    diagnosis: 'store-behind',
    meaning:
      "The store's epoch is below this member's own, or below that of the storage: it has lost its memory, or has not heard of a forced takeover. A person has it replaced.",
    matches: (f) => f.lease.behind !== null || (f.lease.storeReachable && f.storage.aheadOfStore !== null),
    decide: (f) => ask(`${f.self.name} stays Passive`, `${behindReason(f)}; ${replaceStoreNext}`),
  },
  {
    id: 'R50',
    diagnosis: 'store-unknown',
    meaning: 'The lease store does not answer: a Passive cannot take over without it.',
    matches: (f) => !f.lease.storeReachable || f.lease.freeInMs === null,
    decide: (f) =>
      wait(
        `${f.self.name} stays Passive`,
        f.peer.reachable && f.peer.role === 'active'
          ? `the lease store cannot be used: ${f.lease.trouble ?? 'not asked yet'}; ${f.peer.name} is Active`
          : `nothing may be started without the lease store, which cannot be used: ${f.lease.trouble ?? 'not asked yet'}`,
      ),
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
    decide: (f) => wait(`${f.self.name} stays Passive`, ownLeaseReason(f)),
  },
];

const replaceStoreNext = 'a person must have it replaced: ixha replace-store';

function behindReason(f: MemberFacts): string {
  if (f.lease.behind === null) return storageAheadReason(f);
  return `the lease store knows epoch ${f.lease.behind}, this member ${f.memory.epoch}: the store has lost its memory`;
}

function ownLeaseReason(f: MemberFacts): string {
  const free = `the store calls it free in ${seconds(f.lease.freeInMs ?? 0)}`;
  if (f.lease.holder !== f.self.server) {
    return `the lease store was started or seeded just now and grants nothing for another ${seconds(f.lease.freeInMs ?? 0)}`;
  }
  if (f.memory.unwritable === null) return `a lease granted to it was never used; ${free}`;
  return `its state cannot be written (${f.memory.unwritable}), so its lease is left to run out; ${free}`;
}
