import { formatMeasured } from '../../fleet/age.ts';
import { changeRecords } from '../../history/change-records.ts';
import { tellChange, type ToldChange } from '../../history/told-change.ts';
import { leaseRunOut } from '../../lease/timing.ts';
import {
  activeOf,
  fromOf,
  journalOf,
  otherOf,
  silence,
  type MemberSeen,
  type MoveEvidence,
  type OtherCluster,
} from '../move-evidence.ts';
import { stepWithoutActive } from '../../history/step-parts.ts';
import { against, fits, missing, shown, type Sign } from '../signs.ts';
import type { Line, Look } from './line.ts';

/** V16 to V18: the cluster as a whole. */
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
  {
    id: 'V18',
    title: 'Recovery time',
    claim: 'The time without an Active and its parts are known, and within the plan.',
    proof:
      'The journals of both members tell its beginning and its end, and no part lies between two clocks.',
    look: recoveryTime,
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

function recoveryTime(e: MoveEvidence): Look {
  const name = (server: string) => e.members.find((member) => member.server === server)?.name ?? server;
  const told = tellChange(e.records, e.move.operation, name);
  const about = { side: 'after', from: 'journals', core: true } as const;
  const ended = changeRecords(e.records, e.move.operation)?.activeAgain === e.move.active;
  if (told === null || told.withoutActiveMs === null || !ended) {
    return { before: null, after: null, signs: [missing(about, 'they do not tell its end')] };
  }
  return {
    before: planWords(e),
    after: formatMeasured(told.withoutActiveMs),
    signs: [beginSign(e), shown(about, partsOf(told)), ...clockSigns(e, told), ...planSigns(e, told)],
  };
}

/** Where the time without an Active began: told by the one before, or only as the other one missed it. */
function beginSign(e: MoveEvidence): Sign {
  const change = changeRecords(e.records, e.move.operation);
  const about = { side: 'before', from: journalOf(fromOf(e)) } as const;
  if (change?.lastSign) {
    const from = journalOf(activeOf(e));
    return fits(
      { ...about, from },
      `counted from the last sign of life: ${change.lastSign.sentence.replace(/\.$/, '')}`,
    );
  }
  return change?.giver || change?.steps.some(({ server }) => server === e.move.from)
    ? shown(about, 'it tells when its engine stopped')
    : fits(about, 'it does not tell when its engine ended');
}

function partsOf({ parts }: ToldChange): string {
  return parts.map(({ what, ms }) => `${what} ${formatMeasured(ms)}`).join(', ');
}

/** Where two servers worked on it one after the other, their clocks are in it, also when no pause between them is seen. */
function clockSigns(e: MoveEvidence, { parts }: ToldChange): Sign[] {
  const between = parts.filter(({ betweenClocks }) => betweenClocks).map(({ what }) => what);
  const counted = e.records.filter(
    ({ operation, result, step }) =>
      operation === e.move.operation && result === 'ok' && stepWithoutActive(step),
  );
  if (between.length === 0 && new Set(counted.map(({ server }) => server)).size < 2) return [];
  const about = { side: 'outside', from: 'clocks' } as const;
  const what =
    between.length > 0 ? between.join(', ') : 'from the last step of one to the first of the other';
  return [fits(about, `between the clocks of two servers: ${what}`)];
}

function planWords(e: MoveEvidence): string | null {
  const timing = activeOf(e).snapshot?.timing;
  if (e.move.kind === 'planned' || e.move.kind === 'rolled-back') return 'no wait for the lease';
  return timing ? `lease at most ${formatMeasured(leaseRunOut(timing).worst * 1000)}` : null;
}

/** By rule only the wait for the lease is bounded; the steps take what they take and are told. */
function planSigns(e: MoveEvidence, told: ToldChange): Sign[] {
  const active = activeOf(e);
  const about = { side: 'after', from: 'plan' } as const;
  const timing = active.snapshot?.timing;
  if (timing === undefined) return [missing(about, `the timing policy: ${silence(active)}`)];
  const waitedMs = told.parts
    .filter(({ what }) => what === 'waiting for the lease')
    .reduce((sum, { ms }) => sum + ms, 0);
  const worstMs = leaseRunOut(timing).worst * 1000;
  const says = `waited ${formatMeasured(waitedMs)} for the lease, at most ${formatMeasured(worstMs)} by rule`;
  if (e.move.kind !== 'takeover') return [];
  // The agent looks once a turn: a wait ends with the next one.
  return [waitedMs <= worstMs + timing.H * 1000 ? shown(about, says) : against(about, says)];
}
