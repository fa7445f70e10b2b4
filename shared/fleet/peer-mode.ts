import { ageNow, type ClusterSight, type MemberSight } from './sight.ts';
import { peerSilentFor } from './peer-hearing.ts';

/** A cluster whose Active lives on the promise of its peer, or may do so, because the lease store is lost. */
export interface PeerModeSight {
  /** Says that it goes on without a lease; null: who could say so does not answer. */
  readonly runner: MemberSight | null;
  /** Says that it has promised not to take over; null: it does not answer, or has not promised. */
  readonly promiser: MemberSight | null;
  /** How long, in milliseconds; null: since before its agent was started. */
  readonly sinceMs: number | null;
  /** What it is, as a whole sentence or two, for people. */
  readonly sentence: string;
  /** What to do. */
  readonly next: string;
}

/** Null: the cluster lives by the lease, as far as anybody who answers says. */
export function peerModeSight(sight: ClusterSight): PeerModeSight | null {
  const heard = sight.members.filter((member) => !member.silent);
  const runner = heard.find(livesOnPromise) ?? null;
  const promiser = heard.find(hasPromised) ?? null;
  if (runner === null && promiser === null) return null;
  const told = runner ?? promiser!;
  const { livesOn = null, given = null } = told.snapshot?.peerMode ?? {};
  return {
    runner,
    promiser,
    sinceMs: ageNow(told, (runner ? livesOn : given)?.sinceMs ?? null),
    ...(runner ? runnerWords(sight, runner) : promiserWords(sight, promiser!)),
  };
}

/** What a member said last: that it is Active without a lease. */
export function livesOnPromise({ snapshot }: MemberSight): boolean {
  return snapshot?.peerMode?.mode === 'peer';
}

/** What a member said last: that it has promised its peer not to take over. */
export function hasPromised({ snapshot }: MemberSight): boolean {
  return (snapshot?.peerMode?.given ?? null) !== null;
}

type Words = Pick<PeerModeSight, 'sentence' | 'next'>;

function runnerWords(sight: ClusterSight, runner: MemberSight): Words {
  const peer = otherName(sight, runner);
  const store = sight.store.name;
  if (runner.snapshot?.store.reachable === true) {
    return {
      sentence: `The lease store answers again. ${runner.name} still runs on the promise of ${peer}, and automatic failover is off until it has a lease.`,
      next: `Nothing to do: ${runner.name} takes its lease back by itself.`,
    };
  }
  if (peerSilentFor(runner) !== null) {
    return {
      sentence: `The lease store is lost, and ${peer} does not answer ${runner.name} either. ${runner.name} goes on alone on the promise it has; nobody takes over if it fails.`,
      next: `Bring ${store} or ${peer} back.`,
    };
  }
  return {
    sentence: `The lease store is lost. ${runner.name} keeps running on the promise of ${peer}; automatic failover is off until the store is back.`,
    next: `Bring ${store} back: power, network, its agent.`,
  };
}

/** Only the one that promised is heard: whether the other runs is not known. */
function promiserWords(sight: ClusterSight, promiser: MemberSight): Words {
  const other = sight.members.find((member) => member !== promiser);
  const otherWords = other?.name ?? 'the other member';
  if (other && !other.silent && other.role.kind !== 'unknown') {
    return {
      sentence: `${promiser.name} has promised ${otherWords} not to take over while the lease store is lost; automatic failover is off until then.`,
      next: `Bring ${sight.store.name} back: ${sight.store.lookAt}.`,
    };
  }
  return {
    sentence: `${promiser.name} has promised ${otherWords} not to take over while the lease store is lost. ${otherWords} does not answer, so whether it is Active is not known.`,
    next: `Bring ${sight.store.name} or ${otherWords} back. Until then nobody takes over by itself.`,
  };
}

function otherName(sight: ClusterSight, member: MemberSight): string {
  return sight.members.find((other) => other !== member)?.name ?? 'its peer';
}
