import type { Blocker } from '../agent-api/member-snapshot.ts';
import { askerBlockers, type Asker } from '../fleet/asker.ts';
import { clusterRole, otherMember } from '../fleet/cluster-role.ts';
import { clusterVerdict, isReady } from '../fleet/cluster-verdict.ts';
import { measuredStart, recoveryBasis, recoveryEstimate } from '../fleet/recovery.ts';
import type { ClusterSight, MemberSight } from '../fleet/sight.ts';
import { planSwitchover } from '../fleet/switchover-plan.ts';
import { cutOff, storeCut } from './cut-plans.ts';
import type { DrillKind } from './drill-record.ts';
import { goesAlongBlockers, powerOff } from './power-off.ts';
import { goalLine, line, nameOf, timeLines, type DrillPlan, type Parts, type Told } from './plan-parts.ts';

export interface DrillAsked {
  readonly asker: Asker;
  readonly goalSeconds: number | null;
  /** The cluster of the drill that runs on this site already; null: none does. */
  readonly running: string | null;
  /** The other clusters of the site: some may be on the same server. */
  readonly others: readonly ClusterSight[];
}

/** Pure: the page shows it live, and the host judges by the same when it is asked to begin. */
export function planDrill(sight: ClusterSight, kind: DrillKind, asked: DrillAsked): DrillPlan {
  const role = clusterRole(sight);
  const active = role.kind === 'one' ? role.active : null;
  const taker = (active && otherMember(sight, active)) ?? null;
  const parts = { sight, active, taker, goalSeconds: asked.goalSeconds };
  return {
    kind,
    active,
    taker,
    refusals: refusalsOf(parts, kind, asked),
    ...planOfKind[kind](parts, asked),
  };
}

const planOfKind: Record<DrillKind, (parts: Parts, asked: DrillAsked) => Told> = {
  'dry-run': dryRun,
  components,
  'switchover-and-back': switchoverAndBack,
  'engine-kill': engineKill,
  'store-cut': storeCut,
  'cut-off': cutOff,
  'power-off': powerOff,
};

function refusalsOf(parts: Parts, kind: DrillKind, asked: DrillAsked): Blocker[] {
  const { sight, active, taker } = parts;
  const found: Blocker[] = [...askerBlockers(asked.asker)];
  if (asked.running !== null) {
    found.push({
      code: 'drill.running',
      reason: `A drill of ${asked.running} runs already.`,
      remedy: 'Wait until it has ended: one at a time shows what it shows.',
    });
  }
  if (active === null || taker === null) {
    found.push({
      code: 'no-active',
      reason: `Who is Active for ${sight.cluster.id} and who would take over is not known.`,
      remedy: 'Look at the topology first.',
    });
  }
  if (kind === 'dry-run') return found;
  const verdict = clusterVerdict(sight);
  if (!isReady(verdict)) {
    const remedy =
      verdict.detail === ''
        ? (verdict.findings[0]?.text ?? 'Clear what stands in the way of a failover first.')
        : `${verdict.detail} Clear that first: a drill needs a cluster that can fail over.`;
    found.push({ code: 'not-ready', reason: `${verdict.sentence}.`, remedy });
  }
  if (kind === 'power-off') found.push(...goesAlongBlockers(parts, asked.others));
  const told =
    taker !== null && kind === 'switchover-and-back'
      ? planSwitchover(sight, taker, asked.asker).refusals
      : (active?.snapshot?.blockers ?? []);
  return [...found, ...told.filter(({ code }) => !found.some((one) => one.code === code))];
}

function dryRun(parts: Parts): Told {
  const { sight, active, taker } = parts;
  const { id } = sight.cluster;
  const old = nameOf(active, 'the Active');
  const next = nameOf(taker, 'the other server');
  const estimate = recoveryEstimate(sight, active ?? undefined);
  return {
    prose: [
      `Nothing is changed, and no sender sees anything.`,
      `Both agents of ${id} are asked what their rules would decide, with the facts of now and one thing changed: ${old} silent, its lease run out, its engine dead.`,
    ],
    expectation: {
      bestMs: estimate?.bestMs ?? null,
      worstMs: estimate?.worstMs ?? null,
      basis: estimate === null ? 'no timing is known yet' : recoveryBasis(estimate),
    },
    lines: [
      line('ready', 'Can it fail over now', `${id} can fail over now`),
      line('waits', `${old} falls silent`, `${next} waits until the lease has run out`),
      line('takes', 'The lease has run out', `${next} takes over by itself`),
      line('restarts', 'The engine of the Active dies', `the agent on ${old} acts by itself`),
      ...goalLine(parts),
    ],
    steps: ['Rules of both agents asked'],
  };
}

function components(parts: Parts): Told {
  const { sight, active, taker } = parts;
  const next = nameOf(taker, 'the Passive');
  return {
    prose: [
      `One of the two guards on ${next} is restarted, while it is Passive and the other guard beats on. No sender sees anything.`,
      `Then the lease store, the storage of both members and the load balancer are looked at.`,
    ],
    expectation: { bestMs: 0, worstMs: 0, basis: `${sight.cluster.id} stays where it is` },
    lines: [
      line('guard', `Guard 1 on ${next}`, 'restarted, and both beat again'),
      line('store', 'Lease store', `answers both members within ${oneOperation(active)}`),
      line('storage', 'Storage', 'proven by both members'),
      line('balancer', 'Load balancer', `sends to ${nameOf(active, 'the Active')} only`),
      line('stays', 'Active', `${nameOf(active, 'the same member')} all the time`),
    ],
    steps: [`Guard 1 restarted on ${next}`, 'Lease store, storage and load balancer asked'],
  };
}

function oneOperation(member: MemberSight | null): string {
  const limit = member?.snapshot?.timing.O;
  return limit === undefined ? 'its time limit' : `${limit} s`;
}

function switchoverAndBack(parts: Parts, { asker }: DrillAsked): Told {
  const { sight, active, taker } = parts;
  const { id } = sight.cluster;
  const old = nameOf(active, 'the Active');
  const next = nameOf(taker, 'the other server');
  const planned = taker === null ? null : planSwitchover(sight, taker, asker).withoutActive;
  return {
    prose: [
      `${id} moves from ${old} to ${next} in order: nothing new is sent to ${old}, its engine is stopped and proven stopped, and ${next} goes on at the same queue position.`,
      `That move is verified line by line. Then ${id} moves back to ${old}, and that is verified too.`,
      `Senders wait twice and send again; they need no restart. Pollers run on one member at a time.`,
      `If this console is closed meanwhile, a move that has begun ends by itself. The second one is not begun then: ${id} stays on ${next}, Active and protected, until somebody moves it back.`,
    ],
    expectation: {
      bestMs: planned?.complete ? planned.bestMs : null,
      worstMs: planned?.complete ? planned.worstMs : null,
      basis: planned?.complete
        ? 'each move, computed from the steps as last measured'
        : 'a stop or start of the engine was not measured yet',
    },
    lines: [
      line('there', 'After the first move', `${next} is Active`),
      line('proof-there', 'Verification of the first move', 'all lines hold'),
      line('back', 'After the second move', `${old} is Active again`),
      line('proof-back', 'Verification of the second move', 'all lines hold'),
      line('loss', 'Messages', 'none lost, order kept'),
      ...timeLines(parts, planned?.complete ? planned : null),
      line('ready', 'Afterwards', `${id} can fail over`),
    ],
    steps: [
      `${id} moved to ${next}`,
      `Verified on ${next}`,
      `${next} ready to hand over`,
      `${id} moved back to ${old}`,
      `Verified on ${old}`,
      `${id} can fail over again`,
    ],
  };
}

function engineKill(parts: Parts): Told {
  const { sight, active, taker } = parts;
  const { id } = sight.cluster;
  const old = nameOf(active, 'the Active');
  const next = nameOf(taker, 'the other server');
  const start = measuredStart(active, taker);
  return {
    prose: [
      `The agent on ${old} kills the engine of ${id} at once, as a crash would. It then does what its rules say of a crash: it starts the engine again in place, and hands ${id} over to ${next} if that fails.`,
      `Senders wait until the engine listens again, and send again what was not acknowledged. A message may reach a destination twice if its acknowledgement was lost in the crash.`,
      `Nothing has to be healed: no link is cut and nothing is held. If this console is closed, the agents go on by themselves.`,
    ],
    expectation: {
      bestMs: start?.ms ?? null,
      worstMs: null,
      basis:
        start === null
          ? 'a start of the engine was not measured yet'
          : `start of the engine as measured on ${start.on}, on top of noticing its end`,
    },
    lines: [
      line('died', 'Engine', `seen to end on ${old}`),
      line('back', 'Afterwards', `one member is Active, ${old} unless its engine does not start`),
      line('loss', 'Messages', 'no acknowledged one lost, order kept'),
      ...timeLines(parts, null),
      line('ready', 'Can it fail over', `${id} can fail over again`),
    ],
    steps: [`Engine killed on ${old}`, `${id} served again`, `${id} can fail over again`],
  };
}
