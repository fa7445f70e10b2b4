import type { Blocker } from '../agent-api/member-snapshot.ts';
import type { ConsoleRole } from '../site/identity.ts';
import { clusterRole, otherMember } from './cluster-role.ts';
import { clusterFindings, type Finding } from './findings.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

export interface PlanStep {
  readonly title: string;
  /** Name of the server that carries it out. */
  readonly on: string;
  readonly ifWrong: string;
  /** As measured last time; null: not measured yet. */
  readonly expectedMs: number | null;
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
  /** Time without an Active, computed from the measured steps; `complete` is false while one was never measured. */
  readonly withoutActive: { readonly bestMs: number; readonly worstMs: number; readonly complete: boolean };
}

export interface Asker {
  readonly role: ConsoleRole;
  readonly connected: boolean;
}

/** What a planned move of the cluster to `target` would do now, and what stands in its way. */
export function planSwitchover(sight: ClusterSight, target: MemberSight, asker: Asker): SwitchoverPlan {
  const role = clusterRole(sight);
  const from = role.kind === 'one' ? role.active : null;
  const steps = planSteps(from ?? otherMember(sight, target), target);
  const measured = steps.filter((step) => step.withoutActive);
  const bestMs = measured.reduce((sum, step) => sum + (step.expectedMs ?? 0), 0);
  const renewalMs = (target.snapshot?.timing.H ?? 0) * 1000;
  return {
    from,
    target,
    epoch: from?.snapshot?.lease.epoch ?? null,
    refusals: refusals(sight, from, target, asker),
    cautions: clusterFindings(sight).filter((finding) => finding.severity === 'warn'),
    steps,
    withoutActive: {
      bestMs,
      worstMs: bestMs + renewalMs,
      complete: measured.every((step) => step.expectedMs !== null),
    },
  };
}

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
  const found: Blocker[] = [];
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  if (!asker.connected) {
    add(
      'console.disconnected',
      'The console host does not answer.',
      'Wait until it is back, then look again.',
    );
  }
  if (asker.role === 'viewer') {
    add('command.forbidden', 'You may only look.', 'Ask an administrator of the site for another role.');
  }
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
      `No member of ${sight.cluster.id} is known to be Active.`,
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
  const told = [from, target].flatMap((member) =>
    member && !member.silent ? (member.snapshot?.blockers ?? []) : [],
  );
  return [...found, ...distinct(told)];
}

function distinct(blockers: readonly Blocker[]): Blocker[] {
  return blockers.filter(
    (blocker, index) => blockers.findIndex((other) => other.reason === blocker.reason) === index,
  );
}

function planSteps(from: MemberSight | null, target: MemberSight): PlanStep[] {
  const old = from?.name ?? 'the Active';
  const next = (from?.snapshot?.lease.epoch ?? target.snapshot?.lease.epoch ?? 0) + 1;
  const back = `${old} takes epoch ${next + 1}`;
  const roundTrip = target.snapshot?.store.roundTripMs ?? null;
  const step = (
    title: string,
    on: string,
    ifWrong: string,
    expectedMs: number | null,
    withoutActive: boolean,
  ): PlanStep => ({ title, on, ifWrong, expectedMs, withoutActive });
  return [
    step('Answer 503 on /active, no new sessions', old, 'answers 200 again', null, false),
    step(
      'Stop the engine and prove it',
      old,
      'starts it again',
      from?.snapshot?.engine.lastStopMs ?? null,
      true,
    ),
    step(`Release the lease for ${target.name}`, old, back, from?.snapshot?.store.roundTripMs ?? null, true),
    step(`Take epoch ${next}`, target.name, back, roundTrip, true),
    step(
      `Prove the storage, write generation ${next}`,
      target.name,
      back,
      target.snapshot?.storage.proven.value?.tookMs ?? null,
      true,
    ),
    step(
      'Start the engine, then pollers',
      target.name,
      back,
      target.snapshot?.engine.lastStartMs ?? null,
      true,
    ),
    step('Answer 200 on /active', target.name, 'shown, not undone', null, false),
  ];
}
