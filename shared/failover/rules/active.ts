import type { MemberFacts } from '../member-facts.ts';
import { forcedActiveReason } from './forced-words.ts';
import { livesOnPromise, onPromiseReason, questionWords } from './peer-mode-words.ts';
import { ask, minutes, peerFit, seconds, tryStep, wait, type Rule, type RuleOutcome } from './rule.ts';

/** A look that fails once says little: an engine that has just died is seen by its process within a tenth of that. */
/** An engine whose API has not answered for that long is told of. */
export const silentApiMs = 2_000;

export const activeRules: readonly Rule[] = [
  {
    id: 'R35',
    diagnosis: 'conflict-while-active',
    meaning:
      'CONFLICT: the Active serves, and beside it something outside its service holds what is its own.',
    matches: (f) => f.lease.held && f.engine.outsider !== null,
    decide: (f) =>
      askWhileActive(
        f,
        `CONFLICT: something outside the service of its engine works here: ${f.engine.outsider}; it must be ended by hand`,
      ),
  },
  {
    id: 'R37',
    diagnosis: 'late-writer',
    meaning: 'The Active serves, but somebody else has written to its storage under an older generation.',
    matches: (f) => f.lease.held && f.storage.lateWrite !== null,
    decide: (f) =>
      askWhileActive(
        f,
        `CONFLICT on its storage: ${f.storage.lateWrite?.seen}, seen ${minutes(f.storage.lateWrite?.agoMs ?? 0)} ago; that server must be stopped or cut off from the storage`,
      ),
  },
  {
    id: 'R30',
    diagnosis: 'engine-silent',
    meaning: 'The engine runs but its API is silent: told, not moved.',
    matches: (f) => f.lease.held && f.serving && f.engine.apiSilentMs >= silentApiMs,
    decide: (f) =>
      askWhileActive(
        f,
        `it holds the lease, but the engine's API does not answer as it should: ${f.engine.api.why ?? 'no answer'}`,
      ),
  },
  {
    id: 'R36',
    diagnosis: 'engine-not-processing',
    meaning: 'The engine answers and messages wait, but nothing moves in it: told, not moved.',
    matches: (f) => f.lease.held && f.serving && f.engine.notProcessing !== null,
    decide: (f) => askWhileActive(f, `it serves, but ${f.engine.notProcessing}`),
  },
  {
    id: 'R39',
    diagnosis: 'storage-failing',
    meaning: 'The Active serves, but its storage did not pass the last look: told, not moved.',
    matches: (f) => f.lease.held && f.serving && f.storage.proven.value === false,
    decide: (f) =>
      askWhileActive(
        f,
        `it serves, but its storage cannot be proven any more: ${f.storage.proven.why ?? 'no reason known'}; bring it back, or switch over if ${f.peer.name} reaches it`,
      ),
  },
  {
    id: 'R69',
    diagnosis: 'copy-lags',
    meaning:
      'The Active serves, but no copy of its directory has been complete on the other server for longer than the site allows: told, not moved.',
    matches: (f) => f.lease.held && f.serving && copyLags(f) !== null,
    decide: (f) => askWhileActive(f, copyLags(f) ?? ''),
  },
  {
    id: 'R46',
    diagnosis: 'forced-without-store',
    meaning:
      'The Active runs without the lease store because a person has forced it to take over. The other server must stay off, or cut off, until it is re-admitted.',
    matches: (f) => f.lease.held && f.forced.livesOn !== null,
    decide: (f) => askWhileActive(f, forcedActiveReason(f)),
  },
  {
    id: 'R45',
    diagnosis: 'on-promise-alone',
    meaning:
      'Peer mode: the Active goes on without the lease store on its peer’s promise, and now the peer is silent too: a person is asked.',
    matches: (f) => livesOnPromise(f) && !f.peer.reachable,
    decide: (f) => askWhileActive(f, onPromiseReason(f)),
  },
  {
    id: 'R44',
    diagnosis: 'on-promise',
    meaning:
      'Peer mode: the lease store is lost, and the Active goes on because its peer has promised not to take over. Automatic failover is off.',
    matches: livesOnPromise,
    decide: (f) => wait(`${f.self.name} stays Active`, onPromiseReason(f)),
  },
  {
    id: 'R31',
    diagnosis: 'store-silent',
    meaning:
      'The lease store does not answer, or must not be believed: the Active goes on until its own stop.',
    matches: (f) => f.lease.held && !f.lease.storeReachable,
    decide: (f) =>
      wait(
        `${f.self.name} stays Active`,
        `but the lease store cannot be used: ${f.lease.trouble ?? 'it does not answer'}; it stops its engine before the lease ends in ${seconds(f.lease.leftMs)}${questionWords(f)}`,
      ),
  },
  {
    id: 'R32',
    diagnosis: 'peer-silent',
    meaning: 'The peer is silent: the Active stays; whether the peer could take over is not known here.',
    matches: (f) => f.lease.held && !f.peer.reachable,
    decide: (f) =>
      wait(
        `${f.self.name} stays Active`,
        `it holds the lease of epoch ${f.memory.epoch}; ${f.peer.name} does not answer here, so whether it could take over is not known`,
      ),
  },
  {
    id: 'R38',
    diagnosis: 'failback-due',
    meaning:
      'The site moves the cluster back by itself: this member took over by rule, and its preferred peer has been fit for long enough.',
    matches: (f) => failbackWaitMs(f) === 0,
    decide: (f) =>
      tryStep(
        f,
        `${f.self.name} hands over to ${f.peer.name}`,
        `it is the preferred member and has been fit for ${minutes(f.peer.fitForMs)}`,
        'begin-failback',
      ),
  },
  {
    id: 'R34',
    diagnosis: 'components-off-while-active',
    meaning: 'The Active serves, but some of its components or pollers are off.',
    matches: (f) => f.lease.held && offWhileActive(f) !== null,
    decide: (f) => wait(`${f.self.name} stays Active`, `it serves, but ${offWhileActive(f)}`),
  },
  {
    id: 'R48',
    diagnosis: 'renews-through-peer',
    meaning:
      'The Active’s own way to the lease store is broken, and its renewals travel through its peer: nothing moves, but if that way fails too it stops before its lease ends.',
    matches: (f) => f.lease.held && f.lease.throughPeerMs !== null,
    decide: (f) =>
      wait(
        `${f.self.name} stays Active`,
        `it renews the lease of epoch ${f.memory.epoch} through ${f.peer.name}, because its own way to the lease store does not answer; if ${f.peer.name} is lost too, it stops before the lease ends${failbackWords(f)}`,
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
        `it holds the lease of epoch ${f.memory.epoch}, ${f.engine.apiSilentMs === 0 ? 'its engine answers' : 'its engine did not answer the last look'}, and ${f.guards.beating === 2 ? 'both guards beat' : `${f.guards.beating} of 2 guards beats`}${failbackWords(f)}`,
      ),
  },
];

/** That and why the copy lags more than it may; null: it does not, or there was none to compare with yet. */
function copyLags({ storage: { copied }, peer }: MemberFacts): string | null {
  if (copied === undefined || copied.lagMs === null || copied.lagMs <= copied.lagLimitMs) return null;
  const why = copied.failure === null ? '' : `: ${copied.failure}`;
  return `it serves, but the last complete copy on ${peer.name} is ${minutes(copied.lagMs)} old${why}; whatever was written since is lost if this server is`;
}

/** How long until the cluster moves back by itself; null: it does not, as things are. */
function failbackWaitMs(f: MemberFacts): number | null {
  const { failbackAfterMs, lease, peer } = f;
  const ready = lease.held && f.serving && f.operation === null && lease.block === null && peerFit(f);
  if (failbackAfterMs === null || !f.tookOverByRule || !peer.preferred || !ready) return null;
  return Math.max(0, failbackAfterMs - peer.fitForMs);
}

function failbackWords(f: MemberFacts): string {
  const waitMs = failbackWaitMs(f);
  return waitMs === null ? '' : `; it moves back to ${f.peer.name} in ${minutes(waitMs)} if that stays fit`;
}

function askWhileActive(f: MemberFacts, reason: string): RuleOutcome {
  return ask(`${f.self.name} stays Active`, reason);
}

/** Which components are off, and why as far as it is known; null: none. */
function offWhileActive(f: MemberFacts): string | null {
  const off = [
    offOf('component', f.engine.components.value, f.failures['start-components']?.why),
    offOf('poller', f.engine.pollers.value, f.failures['start-pollers']?.why),
  ].filter((sentence) => sentence !== null);
  return off.length === 0 ? null : off.join(', and ');
}

function offOf(
  what: string,
  counts: { readonly on: number; readonly total: number } | null,
  why: string | undefined,
): string | null {
  if (counts === null || counts.on >= counts.total) return null;
  const off = counts.total - counts.on;
  const words = `${off} of ${counts.total} ${what}s ${off === 1 ? 'is' : 'are'} off`;
  return why === undefined ? words : `${words} (${why})`;
}
