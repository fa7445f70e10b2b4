import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { stillHeardByPeer } from './peer-hearing.ts';
import type { ClusterSight, MemberSight } from './sight.ts';
import { asTitle } from './wording.ts';

/**
 * Could somebody take the cluster over from its Active? Judged from what is seen only: a server that is
 * not seen may be well, and still counts as nobody.
 */
export type Protection =
  | { readonly kind: 'protected'; readonly taker: MemberSight }
  /** `why`: a whole sentence, for people. */
  | { readonly kind: 'unprotected'; readonly why: string }
  | { readonly kind: 'not-known'; readonly why: string };

type Automatic = MemberSnapshot['automaticFailover'];

/** The best that any member besides `active` offers; null: whoever could take over, without an Active. */
export function protection(sight: ClusterSight, active: MemberSight | null): Protection {
  const stopped = stoppedByAll(sight);
  if (stopped) return { kind: 'unprotected', why: stopped };
  const offers = sight.members
    .filter((member) => member.server !== active?.server)
    .map((member) => offerOf(sight, member));
  const best =
    offers.find(({ kind }) => kind === 'protected') ?? offers.find(({ kind }) => kind === 'not-known');
  return best ?? offers[0] ?? { kind: 'unprotected', why: 'This cluster has one member only.' };
}

/** A state of automatic failover that holds for the whole cluster, whoever of the two tells it. */
export function clusterWideStop(sight: ClusterSight): { member: MemberSight; automatic: Automatic } | null {
  const told = sight.members.flatMap((member) =>
    member.silent || !member.snapshot ? [] : [{ member, automatic: member.snapshot.automaticFailover }],
  );
  for (const state of ['blocked', 'maintenance', 'peer-mode', 'off'] as const) {
    const found = told.find(({ automatic }) => automatic.state === state);
    if (found) return found;
  }
  return null;
}

function stoppedByAll(sight: ClusterSight): string | null {
  const stop = clusterWideStop(sight);
  if (!stop) return null;
  const words = { blocked: 'blocked', maintenance: 'off for maintenance', 'peer-mode': 'off in peer mode' };
  const { state, reason } = stop.automatic;
  const how = state in words ? words[state as keyof typeof words] : 'off';
  return `Automatic failover is ${how}: ${asTitle(reason)}.`;
}

function offerOf(sight: ClusterSight, member: MemberSight): Protection {
  const { name, snapshot } = member;
  if (member.silent || !snapshot) {
    return stillHeardByPeer(sight, member)
      ? { kind: 'not-known', why: `${name} does not answer this console; the Active still hears it.` }
      : { kind: 'unprotected', why: `Nobody who could take over is seen: ${name} does not answer.` };
  }
  const nobody = (because: string): Protection => ({
    kind: 'unprotected',
    why: `Nobody can take over: ${because}.`,
  });
  if (!snapshot.store.reachable) return nobody(`${name} does not reach the lease store`);
  const [blocker] = snapshot.blockers.filter(({ code }) => !aboutAMove(code));
  if (blocker) return nobody(`${name}: ${asTitle(blocker.reason)}`);
  const { automaticFailover, storage } = snapshot;
  if (automaticFailover.state !== 'on') {
    return { kind: 'not-known', why: `${name} does not know: ${asTitle(automaticFailover.reason)}.` };
  }
  return storage.proven.value === null
    ? { kind: 'not-known', why: `The storage is not proven on ${name}.` }
    : { kind: 'protected', taker: member };
}

/** Blockers of a planned move that do not keep a member from taking over when the Active is gone. */
function aboutAMove(code: string): boolean {
  return code === 'change-running' || code.startsWith('peer-');
}
