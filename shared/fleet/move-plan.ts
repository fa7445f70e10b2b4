import type { Blocker } from '../agent-api/member-snapshot.ts';
import { copySentences } from '../copying/copy-words.ts';
import { plans } from '../failover/plan.ts';
import { formatSeconds } from './age.ts';
import { askerBlockers, type Asker } from './asker.ts';
import { clusterRole, otherMember } from './cluster-role.ts';
import { clusterFindings, type Finding } from './findings.ts';
import { holdNow } from './hold.ts';
import { leftNow, type ClusterSight, type MemberSight } from './sight.ts';
import {
  clusterRefusal,
  expectedGap,
  expectedStep,
  planSwitchover,
  switchoverTarget,
  type SwitchoverPlan,
} from './switchover-plan.ts';

/** Moves that the screens offer: planned, planned back to the preferred member, or after a fault. */
export const moveKinds = ['switchover', 'failback', 'failover'] as const;
export type MoveKind = (typeof moveKinds)[number];

export interface Move {
  readonly verb: MoveKind;
  readonly target: MemberSight;
}

/** The act in words, for titles, buttons and the command palette. */
export function moveName({ verb, target }: Move, cluster: string): string {
  switch (verb) {
    case 'switchover':
      return `Switch ${cluster} over to ${target.name}`;
    case 'failback':
      return `Move ${cluster} back to ${target.name}`;
    case 'failover':
      return `Let ${target.name} take ${cluster} over`;
  }
}

/** The move that a person may ask for as things are; null: none makes sense now. */
export function moveOffered(sight: ClusterSight): Move | null {
  const role = clusterRole(sight);
  if (role.kind === 'one') {
    const target = switchoverTarget(sight);
    if (!target) return null;
    const back = target.snapshot?.preferred === true && role.active.snapshot?.preferred === false;
    return { verb: back ? 'failback' : 'switchover', target };
  }
  if (role.kind !== 'none' && role.kind !== 'not-known') return null;
  const able = sight.members.filter(seesLeaseFree);
  const target = able.find(({ snapshot }) => snapshot!.blockers.length === 0) ?? able[0];
  return target ? { verb: 'failover', target } : null;
}

/** Why there is no way even to the plan of an offered move; null: there is. */
export function moveRefusal(sight: ClusterSight, { verb }: Move, asker: Asker): string | null {
  return verb === 'failover' ? (askerBlockers(asker)[0]?.reason ?? null) : clusterRefusal(sight, asker);
}

function seesLeaseFree(member: MemberSight): boolean {
  const { snapshot } = member;
  return !member.silent && snapshot?.role.observed === 'passive' && leaseLeftMs(member) === 0;
}

/** How long the store keeps the lease for somebody else, as this member read it last; null: not known. */
function leaseLeftMs({ snapshot, ...member }: MemberSight): number | null {
  if (!snapshot?.store.reachable) return null;
  return snapshot.lease.state === 'free' ? 0 : leftNow(member, snapshot.lease.freeInMs);
}

/** What a move to `target` would do now, and what stands in its way. */
export function planMove(sight: ClusterSight, { verb, target }: Move, asker: Asker): SwitchoverPlan {
  return verb === 'failover' ? planFailover(sight, target, asker) : planSwitchover(sight, target, asker);
}

function planFailover(sight: ClusterSight, target: MemberSight, asker: Asker): SwitchoverPlan {
  const other = otherMember(sight, target);
  const steps = plans.failover.map((step) => ({
    kind: step.kind,
    title: step.title,
    on: target.name,
    ifWrong: step.withoutActive ? 'gives the lease back' : 'shown, not undone',
    ...expectedStep(sight, step.kind, { member: target, other, change: 'takeover' }),
    withoutActive: step.withoutActive,
  }));
  return {
    from: null,
    target,
    epoch: target.snapshot?.lease.epoch ?? null,
    refusals: failoverRefusals(sight, target, asker),
    cautions: [
      ...lossCautions(sight, target),
      ...clusterFindings(sight).filter((finding) => finding.severity === 'warn'),
    ],
    steps,
    withoutActive: expectedGap(sight, steps, target, 'takeover'),
  };
}

/** What a failover gives up where the directory is copied. */
function lossCautions(sight: ClusterSight, target: MemberSight): Finding[] {
  const copy = target.snapshot?.storage.copy;
  if (copy === undefined || copy.loss?.kind === 'none') return [];
  const { id } = sight.cluster;
  return [
    {
      severity: 'warn',
      root: { kind: 'cluster', cluster: id, what: 'loss' },
      title: `${id}: messages may be lost with this failover`,
      text: copySentences(copy).join(' '),
      ageMs: target.heardMs,
      runbook: 'copy',
      alarms: [],
    },
  ];
}

function failoverRefusals(sight: ClusterSight, target: MemberSight, asker: Asker): Blocker[] {
  const found = askerBlockers(asker);
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  const { id, operations } = sight.cluster;
  const role = clusterRole(sight);
  if (operations.some((operation) => operation.state === 'running')) {
    add('operation.running', `${id} is being moved already.`, 'Wait until that operation has ended.');
  }
  if (role.kind === 'one') {
    add(
      'active-well',
      `${role.active.name} is Active.`,
      'Ask for a switchover: it loses no time on waiting.',
    );
  }
  if (role.kind === 'conflict') {
    add('conflict', `${id}: an engine runs where none may run.`, 'End it first; nobody starts beside it.');
  }
  if (target.silent || !target.snapshot) {
    add('target.silent', `${target.name} does not answer.`, 'Choose a member that answers.');
    return found;
  }
  if (holdNow(sight)?.kind === 'maintenance') {
    add('maintenance', `${id} is in maintenance.`, 'End the maintenance first.');
  }
  const left = leaseLeftMs(target);
  if (role.kind !== 'one' && left !== null && left > 0) {
    const holder = otherMember(sight, target)?.name ?? 'Somebody';
    const remedy =
      'Nobody can take over before. Once it has run out, the agents do so by themselves, or you may ask.';
    add('lease-live', `${holder} holds the lease for another ${formatSeconds(left)} s.`, remedy);
  }
  return [
    ...found,
    ...target.snapshot.blockers.map((own) => ({ ...own, reason: `${target.name}: ${own.reason}` })),
  ];
}
