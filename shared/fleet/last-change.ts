import type { OperationRecord } from '../agent-api/operation-record.ts';
import { clusterRole } from './cluster-role.ts';
import { ageNow, type ClusterSight } from './sight.ts';
import { endSentence } from './wording.ts';

/** The newest change of a cluster, whoever made it. */
export interface LastChange {
  /** `Switchover by admin-1` · `Automatic takeover` · `First start` · `Engine start`. */
  readonly kind: string;
  readonly sentence: string;
  /** Since it began. */
  readonly agoMs: number;
}

/** What happens this long after the last step of an operation still belongs to it, in milliseconds. */
const settlingMs = 3_000;
/** A member tells when its change began, not how long it took: a start this much later may be part of it. */
const longestChangeMs = 60_000;

/** Newest of the changes that people or rules made, as told by both members and kept by the console. */
export function lastChange(sight: ClusterSight): LastChange | null {
  const told = toldChanges(sight);
  const found = [...operationChanges(sight), ...told, ...engineStart(sight, told)];
  return found.sort((one, other) => one.agoMs - other.agoMs)[0] ?? null;
}

function operationChanges(sight: ClusterSight): LastChange[] {
  return sight.cluster.operations
    .filter(({ state, sentence }) => state !== 'running' && sentence !== '')
    .map((operation) => ({
      kind: operationKind(operation),
      sentence: endSentence(operation.sentence),
      agoMs: operation.startedAgoMs + sight.elapsedMs,
    }));
}

/** Changes that no operation kept here tells better. */
function toldChanges(sight: ClusterSight): LastChange[] {
  return sight.members.flatMap((member) => {
    const told = member.snapshot?.lastChange;
    const agoMs = told ? ageNow(member, told.agoMs) : null;
    if (!told || agoMs === null || duringOperation(sight, agoMs)) return [];
    const kind = byRule(told.ruleId) ? 'Automatic' : `By ${told.ruleId}`;
    return [{ kind, sentence: endSentence(told.sentence), agoMs }];
  });
}

/** An engine that was started outside of every change: by rule after it had ended, or by hand. */
function engineStart(sight: ClusterSight, told: readonly LastChange[]): LastChange[] {
  const role = clusterRole(sight);
  if (role.kind !== 'one') return [];
  const { name, snapshot } = role.active;
  const agoMs = ageNow(role.active, snapshot?.engine.runningMs ?? null);
  if (agoMs === null || duringOperation(sight, agoMs)) return [];
  if (told.some((change) => agoMs <= change.agoMs + settlingMs && change.agoMs - agoMs <= longestChangeMs))
    return [];
  return [{ kind: 'Engine start', sentence: `The engine on ${name} was started.`, agoMs }];
}

function duringOperation(sight: ClusterSight, agoMs: number): boolean {
  return sight.cluster.operations.some((operation) => {
    const began = operation.startedAgoMs + sight.elapsedMs;
    if (agoMs > began + settlingMs) return false;
    const tookMs = operation.steps.reduce((sum, step) => sum + (step.tookMs ?? 0), 0);
    return operation.state === 'running' || agoMs >= began - tookMs - settlingMs;
  });
}

/** Nobody was Active before the first epoch: nothing was taken over. */
const firstEpoch = /\bActive with epoch 1\b/;

function operationKind({ kind, requestedBy, sentence }: OperationRecord): string {
  const person = byRule(requestedBy) ? '' : ` by ${requestedBy}`;
  switch (kind) {
    case 'failover':
      if (firstEpoch.test(sentence)) return 'First start';
      return person === '' ? 'Automatic takeover' : `Takeover${person}`;
    case 'handover':
      return `Handover${person}`;
    case 'failback':
      return person === '' ? 'Automatic failback' : `Failback${person}`;
    case 'force-takeover':
      return `Forced takeover${person}`;
    case 'switchover':
      return `Switchover${person}`;
  }
}

/** A change that no person asked for: `rule R21` and the like stand where a person's name would. */
export function byRule(requestedBy: string): boolean {
  return /^(rule\b|R\d+$)/.test(requestedBy);
}
