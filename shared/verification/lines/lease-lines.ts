import { formatMeasured } from '../../fleet/age.ts';
import {
  activeOf,
  fromOf,
  generationRead,
  journalOf,
  otherOf,
  silence,
  stepOf,
  stepWord,
  type MemberSeen,
  type MoveEvidence,
} from '../move-evidence.ts';
import { against, fits, missing, shown, type Sign, type SignSide } from '../signs.ts';
import type { Line, Look } from './line.ts';

/** V02 and V03: the right to be Active. */
export const leaseLines: readonly Line[] = [
  {
    id: 'V02',
    title: 'Epoch, generation',
    claim: 'Everybody knows the new epoch: both members, the lease store, the storage and /active.',
    proof: 'Both members, the lease store and the generation on the storage name the epoch of the move.',
    look: newEpoch,
  },
  {
    id: 'V03',
    title: 'Lease held',
    claim: 'The new Active holds the lease and renews it within its time limit.',
    proof: 'The Active and the lease store both name it as the holder, and its last renewal was in time.',
    look: leaseHeld,
  },
];

function newEpoch(e: MoveEvidence): Look {
  const { move, store } = e;
  const [active, other] = [activeOf(e), otherOf(e)];
  const generation = generationRead(e, active);
  return {
    before: move.epochBefore === null ? null : String(move.epochBefore),
    after: String(move.epoch),
    signs: [
      epochSign(
        e,
        { side: 'after', from: active.name, core: true },
        active.snapshot?.lease.epoch,
        silence(active),
      ),
      epochSign(e, { side: 'outside', from: store.name }, store.epoch, store.why ?? 'it does not tell'),
      epochSign(
        e,
        { side: 'after', from: 'generation on the storage', core: generation.outdated },
        generation.value,
        generation.why,
      ),
      answerSign(active, '200', 'after'),
      ...otherEpochSigns(e, other),
    ],
  };
}

interface About {
  readonly side: SignSide;
  readonly from: string;
  readonly core?: boolean;
}

function epochSign(
  { move }: MoveEvidence,
  about: About,
  epoch: number | null | undefined,
  why: string,
): Sign {
  if (epoch == null) return missing(about, `its epoch: ${why}`);
  if (epoch === move.epoch) return shown(about, `epoch ${epoch}`);
  const next = 'Do not move this cluster again before both members and the lease store agree.';
  return against({ ...about, next }, `epoch ${epoch}, not ${move.epoch}`);
}

/** The Passive knows the epoch from its peer and the store; on its own disk it may still have its own last one. */
function otherEpochSigns(e: MoveEvidence, other: MemberSeen): Sign[] {
  const about = { side: 'before', from: other.name } as const;
  if (other.snapshot === null) return [missing(about, `what it knows of the epoch: ${silence(other)}`)];
  const { peer, lease } = other.snapshot;
  const known = Math.max(peer.epoch ?? 0, lease.epoch);
  const heard =
    known === e.move.epoch
      ? shown(about, `it knows epoch ${known}`)
      : known > e.move.epoch
        ? against(about, `it knows epoch ${known}, above ${e.move.epoch}`)
        : missing(about, `it has not heard of epoch ${e.move.epoch} yet`);
  return [heard, answerSign(other, '503', 'before')];
}

export function answerSign(member: MemberSeen, wanted: '200' | '503', side: SignSide): Sign {
  const about = { side, from: member.name } as const;
  if (member.snapshot === null) return missing(about, `its /active: ${silence(member)}`);
  const { activeAnswer } = member.snapshot;
  const says = `/active answers ${activeAnswer}`;
  const next = `Look why with: ixha why ${member.snapshot.cluster}.`;
  return activeAnswer === wanted ? shown(about, says) : against({ ...about, next }, says);
}

function leaseHeld(e: MoveEvidence): Look {
  const active = activeOf(e);
  const lease = active.snapshot?.lease;
  return {
    before: e.move.epochBefore === null ? null : `epoch ${e.move.epochBefore} ended`,
    after: lease?.state === 'held' ? `held, ${formatMeasured(lease.leftMs)} left` : null,
    signs: [endedSign(e), holdSign(active), ...renewalSigns(active), storeSign(e)],
  };
}

/** Nobody gets a lease that is live: the grant itself tells that the one before had ended. */
function endedSign(e: MoveEvidence): Sign {
  const { move } = e;
  const released = stepOf(e, move.from, 'release');
  if (released) return shown({ side: 'before', from: journalOf(fromOf(e)) }, stepWord(released));
  const about = { side: 'before', from: journalOf(activeOf(e)) } as const;
  const granted = stepOf(e, move.active, 'acquire') ?? stepOf(e, move.active, 'force');
  return granted
    ? shown(about, `${stepWord(granted)}, which the store does only when no lease is live`)
    : missing(about, 'the grant of this epoch is not told');
}

function holdSign(active: MemberSeen): Sign {
  const about = { side: 'after', from: active.name, core: true } as const;
  if (active.snapshot === null) return missing(about, silence(active));
  const { lease, peerMode, forced } = active.snapshot;
  if (lease.state === 'held') return shown(about, `it holds the lease of epoch ${lease.epoch}`);
  if (peerMode?.mode === 'peer') {
    return fits(about, 'it is Active on the promise of its peer, since the lease store is lost');
  }
  if (forced?.livesOn)
    return fits(about, `it is Active without a lease, at the word of ${forced.livesOn.by}`);
  if (lease.state === 'unknown') return missing(about, 'the lease store does not answer it');
  return against(
    about,
    lease.state === 'free' ? 'nobody holds the lease' : 'the other member holds the lease',
  );
}

function renewalSigns(active: MemberSeen): Sign[] {
  const about = { side: 'after', from: active.name } as const;
  if (active.snapshot === null) return [missing(about, `its renewals: ${silence(active)}`)];
  const { lease, timing, store } = active.snapshot;
  const limitMs = (timing.H + timing.O) * 1000;
  const { renewedMs } = lease;
  const renewed =
    renewedMs === null
      ? missing(about, 'no renewal is told')
      : renewedMs <= limitMs
        ? shown(about, `renewed ${formatMeasured(renewedMs)} ago`)
        : against(about, `last renewed ${formatMeasured(renewedMs)} ago, longer than H + O`);
  const { roundTripMs } = store;
  if (roundTripMs === null) return [renewed, missing(about, 'no round trip to the store is told')];
  const says = `a renewal takes ${formatMeasured(roundTripMs)}, O is ${timing.O} s`;
  return [renewed, roundTripMs <= timing.O * 1000 ? shown(about, says) : against(about, says)];
}

function storeSign({ store, move }: MoveEvidence): Sign {
  const about = { side: 'outside', from: store.name } as const;
  if (store.holder === null) return missing(about, store.why ?? 'it names no holder');
  const next = 'Look at both members at once: another holder than the Active must not be.';
  return store.holder === move.active
    ? shown(about, 'it names the same holder')
    : against({ ...about, next }, `it names ${store.holder} as the holder`);
}
