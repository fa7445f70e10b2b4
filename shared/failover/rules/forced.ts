import type { MemberFacts } from '../member-facts.ts';
import { forcedWaitReason, leftOutWords, peerAliveWords, statementWords } from './forced-words.ts';
import { ask, tryStep, wait, type Rule } from './rule.ts';
import { unfitReason } from './taking-over.ts';

/**
 * A takeover that a person has forced. It stands before the rules of a Passive: neither a promise, a reservation, a
 * block nor a silent store holds it back. What does: an engine that may run, here or there, and a live lease.
 */
export const forcedRules: readonly Rule[] = [
  {
    id: 'R15',
    diagnosis: 'forced-held-back',
    meaning:
      'A person has forced a takeover, but this member could not run the engine, or the other one is alive.',
    matches: (f) => forcedAsked(f) && heldBackReason(f) !== null,
    decide: (f) => ({
      verdict: 'blocked',
      headline: `${f.self.name} does not take over`,
      reason: `${askedBy(f)}, but ${heldBackReason(f)}`,
      steps: [],
    }),
  },
  {
    id: 'R16',
    diagnosis: 'forced-waits',
    meaning: 'A person has forced a takeover: it waits until no lease can be live any more.',
    matches: (f) => forcedAsked(f) && forcedWaitReason(f) !== null,
    decide: (f) => wait(`${f.self.name} takes over`, `${askedBy(f)}; ${forcedWaitReason(f)}`),
  },
  {
    id: 'R17',
    diagnosis: 'forced-takeover',
    meaning:
      'A person has forced a takeover and stated that the other server is fenced: the lease is taken, or without the lease store the epoch is raised.',
    matches: forcedAsked,
    decide: (f) => {
      const alone = !f.lease.storeReachable;
      const how = alone
        ? 'the lease store cannot be used, so the epoch is raised without it'
        : 'no lease is live';
      return tryStep(f, `${f.self.name} takes over`, `${askedBy(f)}; ${how}`, 'force', { alone });
    },
  },
  {
    id: 'R18',
    diagnosis: 'forced-out',
    meaning:
      'A person has let the other member go on without this one: it is never Active until a person re-admits it.',
    matches: (f) => f.forced.expelled !== null,
    decide: (f) =>
      ask(
        `${f.self.name} stays Passive`,
        `${leftOutWords(f.forced.expelled ?? { by: 'a person', epoch: 0 }, { self: f.self.name, peer: f.peer.name })}; it takes part again once a person re-admits it`,
      ),
  },
  {
    id: 'R19',
    diagnosis: 'forced-lapsed',
    meaning:
      'Its engine stopped while it ran without the lease store at a person’s word. It starts again only with a grant of the store, or when a person forces it anew.',
    matches: (f) => f.forced.lapsed && !f.lease.storeReachable,
    decide: (f) =>
      ask(
        `${f.self.name} does not start its engine`,
        `it stopped while it ran without the lease store at a person’s word, and the store still cannot be used: ${f.lease.trouble ?? 'it does not answer'}; bring the store back, or force the takeover again`,
      ),
  },
];

/**
 * What a person has stated is used up by the grant that it has led to: after that it is forced anew. An epoch that was
 * raised without the store, and whose agent died before its engine ran, is no grant.
 */
function forcedAsked({ operation, lease, memory, forced }: MemberFacts): boolean {
  if (operation?.kind !== 'force-takeover' || lease.held) return false;
  return memory.epoch <= operation.epoch || forced.lapsed;
}

function askedBy({ operation, peer }: MemberFacts): string {
  const states = statementWords[operation?.statement ?? 'power-off'];
  return `${operation?.requestedBy ?? 'a person'} has forced it and states that ${peer.name} ${states}`;
}

function heldBackReason(f: MemberFacts): string | null {
  const alive = peerAliveWords(f);
  if (alive !== null) return alive;
  if (f.engine.outsider !== null) return `an engine runs here outside its service: ${f.engine.outsider}`;
  return unfitReason(f);
}
