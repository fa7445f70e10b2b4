import {
  activeOf,
  otherOf,
  silence,
  type MemberSeen,
  type MoveEvidence,
  type OtherCluster,
} from '../move-evidence.ts';
import { against, fits, missing, shown, type Sign } from '../signs.ts';
import type { Line, Look } from './line.ts';

/** V16 and V17: the cluster as a whole. */
export const wholeLines: readonly Line[] = [
  {
    id: 'V16',
    title: 'Can fail over again',
    claim: 'The cluster can fail over again, by itself.',
    proof:
      'Neither member has anything in its way, both reach the lease store, and automatic failover is on.',
    look: canFailOver,
  },
  {
    id: 'V17',
    title: 'Other clusters',
    claim: 'The other clusters were not touched by this move.',
    proof:
      'Both journals of each other cluster tell of no step and no change of role meanwhile, and its Active is seen.',
    look: otherClusters,
  },
];

function canFailOver(e: MoveEvidence): Look {
  const [active, other] = [activeOf(e), otherOf(e)];
  const state = active.snapshot?.automaticFailover.state ?? null;
  return {
    before: null,
    after: state === null ? null : `automatic failover ${state}`,
    signs: [...readySigns(active, 'after'), ...readySigns(other, 'before'), automaticSign(active)],
  };
}

function readySigns(member: MemberSeen, side: 'before' | 'after'): Sign[] {
  const about = { side, from: member.name, core: true } as const;
  if (member.snapshot === null) {
    return [missing({ ...about, next: `Bring ${member.name} back, then check again.` }, silence(member))];
  }
  const { blockers, store } = member.snapshot;
  return [
    ...blockers.map(({ reason, remedy }) => against({ ...about, next: remedy }, reason)),
    ...(blockers.length === 0 ? [shown(about, 'nothing is in its way')] : []),
    store.reachable
      ? shown(about, 'it reaches the lease store')
      : against(about, `it does not reach the lease store: ${store.why ?? 'no answer'}`),
  ];
}

function automaticSign(active: MemberSeen): Sign {
  const about = { side: 'after', from: active.name, core: true } as const;
  if (active.snapshot === null) return missing(about, silence(active));
  const { state, reason } = active.snapshot.automaticFailover;
  if (state === 'on') return shown(about, 'automatic failover is on');
  return state === 'not-known'
    ? missing(about, reason)
    : against(about, `automatic failover: ${state}, ${reason}`);
}

function otherClusters({ others }: MoveEvidence): Look {
  const about = { side: 'outside', from: 'other clusters' } as const;
  if (others === null) {
    const signs = [missing({ ...about, core: true }, 'which other clusters there are is not known')];
    return { before: null, after: null, signs };
  }
  if (others.length === 0) {
    return { before: null, after: null, signs: [fits(about, 'this site has no other cluster')] };
  }
  const touched = others.filter(({ changes }) => changes.length > 0).map(({ cluster }) => cluster);
  return {
    before: others.map(({ cluster }) => cluster).join(', '),
    after: touched.length === 0 ? 'no change told' : `${touched.join(', ')} changed too`,
    signs: others.flatMap(clusterSigns),
  };
}

function clusterSigns({ cluster, changes, active, missing: why }: OtherCluster): Sign[] {
  const journals = { side: 'before', from: `journals of ${cluster}`, core: true } as const;
  const now = { side: 'after', from: cluster, core: true } as const;
  const first = changes[0];
  const told =
    first === undefined
      ? why === null
        ? shown(journals, 'no step and no change of role meanwhile')
        : missing(journals, why)
      : fits(journals, `it changed meanwhile, by its own journal: ${first.sentence.replace(/\.$/, '')}`);
  return [
    told,
    active === null
      ? missing({ ...now, next: `Look at ${cluster}: its Active is not seen.` }, 'its Active is not seen')
      : shown(now, `Active on ${active}`),
  ];
}
