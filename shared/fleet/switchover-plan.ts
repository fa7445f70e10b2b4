import { provenInMs } from '../storage/mount-control.ts';
import type { Blocker } from '../agent-api/member-snapshot.ts';
import { planOf } from '../failover/plan.ts';
import type { StepKind } from '../failover/member-facts.ts';
import type { UsualKind, UsualTime } from '../history/usual-time.ts';
import { askerBlockers, type Asker } from './asker.ts';
import { clusterRole, otherMember } from './cluster-role.ts';
import { clusterFindings, type Finding } from './findings.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

export interface PlanStep {
  readonly kind: StepKind;
  readonly title: string;
  /** Name of the server that carries it out. */
  readonly on: string;
  readonly ifWrong: string;
  /** As it usually takes, or else as measured last time; null: not measured yet. */
  readonly expectedMs: number | null;
  /** What the journals tell of earlier changes; null: nothing, or they were not asked. */
  readonly usual: UsualTime | null;
  /** Never seen on this member: the time of the other one. */
  readonly assumed: boolean;
  readonly withoutActive: boolean;
}

export interface SwitchoverPlan {
  readonly from: MemberSight | null;
  readonly target: MemberSight;
  readonly epoch: number | null;
  /** Why it cannot be started now, each with its way out; empty: ready. */
  readonly refusals: readonly Blocker[];
  /** What to know before starting; none of it stops. */
  readonly cautions: readonly Finding[];
  readonly steps: readonly PlanStep[];
  readonly withoutActive: ExpectedGap;
}

/** Time without an Active that is expected, in milliseconds. */
export interface ExpectedGap {
  readonly bestMs: number;
  readonly worstMs: number;
  /** False while a long step was never measured. */
  readonly complete: boolean;
  /** The whole of it in earlier changes to the same member; null: the journals tell of none, or were not asked. */
  readonly history: UsualTime | null;
}

/** What a planned move of the cluster to `target` would do now, and what stands in its way. */
export function planSwitchover(sight: ClusterSight, target: MemberSight, asker: Asker): SwitchoverPlan {
  const role = clusterRole(sight);
  const from = role.kind === 'one' ? role.active : null;
  const steps = planSteps(sight, from ?? otherMember(sight, target), target);
  return {
    from,
    target,
    epoch: from?.snapshot?.lease.epoch ?? null,
    refusals: refusals(sight, from, target, asker),
    cautions: clusterFindings(sight).filter((finding) => finding.severity === 'warn'),
    steps,
    withoutActive: expectedGap(sight, steps, target, 'planned'),
  };
}

/**
 * Time without an Active by what earlier changes took, or else by the measured steps. At worst it takes as long as it
 * ever did, and the target asks one renewal period late.
 */
export function expectedGap(
  sight: ClusterSight,
  steps: readonly PlanStep[],
  target: MemberSight,
  kind: UsualKind,
): ExpectedGap {
  const counted = steps.filter((step) => step.withoutActive);
  const sum = (of: (step: PlanStep) => number | null) =>
    counted.reduce((total, step) => total + (of(step) ?? 0), 0);
  const history = sight.usual?.[kind].withoutActive.find(({ to }) => to === target.server) ?? null;
  const shortestMs = sum(({ usual, expectedMs }) => usual?.shortestMs ?? expectedMs);
  const longestMs = sum(({ usual, expectedMs }) => usual?.longestMs ?? expectedMs);
  const lateMs = (target.snapshot?.timing.H ?? 0) * 1000;
  const long = steps.filter((step) => step.kind === 'stop-engine' || step.kind === 'start-engine');
  return {
    bestMs: history?.shortestMs ?? shortestMs,
    worstMs: Math.max(longestMs, history?.longestMs ?? 0) + lateMs,
    complete: history !== null || long.every((step) => step.expectedMs !== null),
    history,
  };
}

/**
 * Why a button that opens the plan leads nowhere now; null when there is a target to plan for. What only
 * has to be cleared first is no such reason: the plan lists it with its remedies.
 */
export function noTargetReason(plan: SwitchoverPlan): string | null {
  return plan.refusals.find(({ code }) => leadsNowhere.has(code))?.reason ?? null;
}

/** The same for a cluster: towards the member that would take it over. Null: there is one to plan for. */
export function clusterRefusal(sight: ClusterSight, asker: Asker): string | null {
  const target = switchoverTarget(sight);
  if (!target) return `${sight.cluster.id} has one member only.`;
  return noTargetReason(planSwitchover(sight, target, asker));
}

/** The member that a planned move goes to when nobody says otherwise. */
export function switchoverTarget(sight: ClusterSight): MemberSight | undefined {
  const role = clusterRole(sight);
  return sight.members.find((member) => role.kind !== 'one' || member.server !== role.active.server);
}

const leadsNowhere: ReadonlySet<string> = new Set([
  'console.disconnected',
  'command.forbidden',
  'operation.running',
  'no-active',
  'target.active',
  'target.silent',
]);

/** The sentence for a drag or a button that cannot be carried out; null when it can. */
export function switchoverRefusal(plan: SwitchoverPlan): string | null {
  const [first, ...more] = plan.refusals;
  if (!first) return null;
  return more.length === 0 ? first.reason : `${first.reason} And ${more.length} more.`;
}

function refusals(
  sight: ClusterSight,
  from: MemberSight | null,
  target: MemberSight,
  asker: Asker,
): Blocker[] {
  const found = askerBlockers(asker);
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  if (sight.cluster.operations.some((operation) => operation.state === 'running')) {
    add(
      'operation.running',
      `${sight.cluster.id} is being moved already.`,
      'Wait until that operation has ended.',
    );
  }
  if (!from) {
    add(
      'no-active',
      `${sight.cluster.id} has no known Active.`,
      'A planned move starts from a working Active. Look at the topology first.',
    );
  } else if (from.server === target.server) {
    add('target.active', `${target.name} is Active already.`, 'Choose the other server.');
  }
  if (target.silent) {
    add(
      'target.silent',
      `${target.name} does not answer.`,
      'Bring it back first; it must be ready to take over.',
    );
  }
  return [...found, ...toldBlockers(from, target)];
}

/** What both agents say; a blocker of the target that the Active repeats is said once. */
function toldBlockers(from: MemberSight | null, target: MemberSight): Blocker[] {
  const own = target.silent ? [] : (target.snapshot?.blockers ?? []);
  const repeated = new Set(own.map(({ code }) => `peer-${code}`));
  const source = from && from !== target ? (from.snapshot?.blockers ?? []) : [];
  const silent = target.silent ? new Set(['peer-silent']) : new Set<string>();
  return [
    ...source.filter(({ code }) => !repeated.has(code) && !silent.has(code) && code !== 'change-running'),
    ...own.map((blocker) => ({ ...blocker, reason: `${target.name}: ${blocker.reason}` })),
  ];
}

/** The steps that the agents will take, each with its time as last measured on the member that takes it. */
function planSteps(sight: ClusterSight, from: MemberSight | null, target: MemberSight): PlanStep[] {
  const old = from?.name ?? 'the Active';
  const storage = (from ?? target).snapshot?.storage.kind ?? 'shared';
  return planOf('switchover', storage).map((step) => ({
    kind: step.kind,
    title: step.title,
    on: step.by === 'source' ? old : target.name,
    ifWrong: ifWrong(step.kind, old),
    ...expectedStep(sight, step.kind, {
      ...(step.by === 'source' ? { member: from, other: target } : { member: target, other: from }),
      change: 'planned',
    }),
    withoutActive: step.withoutActive,
  }));
}

function ifWrong(kind: StepKind, old: string): string {
  switch (kind) {
    case 'drain':
    case 'stop-pollers':
    case 'stop-engine':
    case 'copy-last':
      return `${old} goes on`;
    case 'seal-ledger':
      return 'told, the move goes on';
    case 'start-pollers':
      return 'shown, not undone';
    default:
      return `back to ${old}`;
  }
}

/** Only what was measured is a number: on the member that does it, or else as the other one did it. */
export function expectedStep(
  sight: ClusterSight,
  kind: StepKind,
  { member, other, change }: StepPlace,
): Pick<PlanStep, 'expectedMs' | 'assumed' | 'usual'> {
  const usual = usualStep(sight, kind, member, change);
  if (usual !== null) return { expectedMs: usual.medianMs, assumed: false, usual };
  const own = measured(kind, member) ?? tookLately(sight, kind, member);
  if (own !== null) return { expectedMs: own, assumed: false, usual: null };
  const others = usualStep(sight, kind, other, change);
  if (others !== null) return { expectedMs: others.medianMs, assumed: true, usual: others };
  const lent =
    kind === 'stop-engine' || kind === 'start-engine'
      ? measured(kind, other)
      : tookLately(sight, kind, other);
  return { expectedMs: lent, assumed: lent !== null, usual: null };
}

/** Who takes a step, who else could, and in which kind of change. */
export interface StepPlace {
  readonly member: MemberSight | null;
  readonly other: MemberSight | null;
  readonly change: UsualKind;
}

/** What the journals tell of this step on that member; null: nothing. */
export function usualStep(
  { usual }: Pick<ClusterSight, 'usual'>,
  step: string,
  member: Pick<MemberSight, 'server'> | null,
  change: UsualKind,
): UsualTime | null {
  return usual?.[change].steps.find((one) => one.step === step && one.server === member?.server) ?? null;
}

/** How long the step took on that member in the newest operation that it did it in; null: in none of the last day. */
function tookLately(sight: ClusterSight, kind: StepKind, member: MemberSight | null): number | null {
  const done = sight.cluster.operations
    .flatMap(({ steps }) => steps)
    .find((step) => step.id === kind && step.server === member?.server && step.state === 'done');
  return done?.tookMs ?? null;
}

function measured(kind: StepKind, member: MemberSight | null): number | null {
  const snapshot = member?.snapshot;
  if (!snapshot) return null;
  switch (kind) {
    case 'stop-engine':
      return snapshot.engine.lastStopMs;
    case 'release':
    case 'acquire':
      return snapshot.store.roundTripMs;
    case 'prove-storage':
      return provenInMs(snapshot);
    case 'start-engine':
      return snapshot.engine.lastStartMs;
    default:
      return null;
  }
}
