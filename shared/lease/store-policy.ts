/**
 * What the lease store remembers about a cluster beside the lease: when automatic failover is blocked, and
 * maintenance. Both stand in the store so that no member can forget them or learn of them too late.
 *
 * - More than `failoversPerHour` automatic failovers within an hour: further ones are blocked until the oldest
 *   counted one is an hour old, or a person allows them again. The member that was Active last may always come
 *   back: that moves nothing.
 * - Maintenance: nobody becomes Active while it lasts, and it always ends.
 *
 * Time left is counted on the store's own clock. After a restart it counts on from what was written last: both can last
 * longer than asked for, never shorter, and a failover can count longer than an hour.
 */

import type { SecondPersonSaid, SecondPersonScope } from '../second-person/scope.ts';

export const flapWindowMs = 3_600_000;

/** Automatic failovers within the window, after which further ones are blocked, unless the site says otherwise. */
export const usualFailoversPerHour = 3;

/** Longest maintenance that is accepted: one that was forgotten ends within a day. */
export const longestMaintenanceMs = 24 * 3_600_000;

/** What is on disk. */
export interface PolicyRecord {
  /** Counts changes: a change names the one it was made from. */
  readonly version: number;
  readonly block: {
    readonly why: string;
    /** A person's name, or `agents` when they blocked it by rule. */
    readonly by: string;
    readonly lastsMs: number;
  } | null;
  readonly maintenance: { readonly by: string; readonly reason: string; readonly lastsMs: number } | null;
  /**
   * A person has begun or ended a maintenance at this store; absent: not yet. From then on it knows better than the
   * members what became of one that was written to the store before it.
   */
  readonly maintenanceSaid?: boolean | undefined;
  /** What waits for a second person; absent: nobody has said anything about it at this store. */
  readonly secondPerson?: SecondPersonSaid | undefined;
  /** Who held the lease last, also after a release; null: nobody has yet. */
  readonly lastHolder: string | null;
  /** How long ago the counted automatic failovers were granted, when this was written; absent: there were none. */
  readonly failoverAgesMs?: readonly number[] | undefined;
}

/** What is on disk and what is remembered while the store runs, on its boot-time clock. */
export interface PolicyState {
  readonly record: PolicyRecord;
  readonly blockEndsMs: number;
  readonly maintenanceEndsMs: number;
  /** When the counted automatic failovers were granted. */
  readonly failoversMs: readonly number[];
  readonly failoversPerHour: number;
}

/** What a member and the screens see. */
export interface PolicyView {
  readonly version: number;
  readonly lastHolder: string | null;
  readonly block: { readonly why: string; readonly by: string; readonly leftMs: number } | null;
  readonly maintenance: { readonly by: string; readonly reason: string; readonly leftMs: number } | null;
  readonly maintenanceSaid?: boolean | undefined;
  readonly secondPerson?: SecondPersonSaid | undefined;
}

export type PolicyRefusal = 'blocked' | 'maintenance';

/** A person's change of the policy, made from `version`. */
export type PolicyChange =
  | { readonly kind: 'block'; readonly by: string; readonly why: string; readonly lastsMs: number }
  | { readonly kind: 'allow'; readonly by: string }
  | { readonly kind: 'maintenance'; readonly by: string; readonly reason: string; readonly lastsMs: number }
  | { readonly kind: 'end-maintenance'; readonly by: string }
  | { readonly kind: 'second-person'; readonly by: string; readonly scope: SecondPersonScope };

export const freshPolicy: PolicyRecord = { version: 0, block: null, maintenance: null, lastHolder: null };

/** State after a start of the store: it counts on from what was written. */
export function restorePolicy(
  record: PolicyRecord,
  nowMs: number,
  failoversPerHour = usualFailoversPerHour,
): PolicyState {
  return {
    record,
    blockEndsMs: nowMs + (record.block?.lastsMs ?? 0),
    maintenanceEndsMs: nowMs + (record.maintenance?.lastsMs ?? 0),
    failoversMs: (record.failoverAgesMs ?? []).map((ageMs) => nowMs - ageMs),
    failoversPerHour,
  };
}

/** What is written so that a later start, or another member, counts on from it: what is left now, and ages. */
export function policyToWrite(state: PolicyState, nowMs: number): PolicyRecord {
  const { block, maintenance } = state.record;
  const left = policyView(state, nowMs);
  const ages = state.failoversMs.map((atMs) => Math.max(0, Math.round(nowMs - atMs)));
  return {
    ...state.record,
    block: block === null || left.block === null ? null : { ...block, lastsMs: left.block.leftMs },
    maintenance:
      maintenance === null || left.maintenance === null
        ? null
        : { ...maintenance, lastsMs: left.maintenance.leftMs },
    failoverAgesMs: ages.filter((ageMs) => ageMs < flapWindowMs),
  };
}

export function policyView(state: PolicyState, nowMs: number): PolicyView {
  const { record, blockEndsMs, maintenanceEndsMs } = state;
  const { block, maintenance } = record;
  return {
    version: record.version,
    lastHolder: record.lastHolder,
    ...(record.maintenanceSaid === true ? { maintenanceSaid: true } : {}),
    ...(record.secondPerson === undefined ? {} : { secondPerson: record.secondPerson }),
    block:
      block !== null && nowMs < blockEndsMs
        ? { why: block.why, by: block.by, leftMs: Math.ceil(blockEndsMs - nowMs) }
        : null,
    maintenance:
      maintenance !== null && nowMs < maintenanceEndsMs
        ? {
            by: maintenance.by,
            reason: maintenance.reason,
            leftMs: Math.ceil(maintenanceEndsMs - nowMs),
          }
        : null,
  };
}

/** Why `member` gets no lease now; `automatic` when no person has asked for the move. */
export function policyRefusal(
  state: PolicyState,
  member: string,
  automatic: boolean,
  nowMs: number,
): PolicyRefusal | null {
  const { block, maintenance } = policyView(state, nowMs);
  if (maintenance !== null) return 'maintenance';
  const moves = state.record.lastHolder !== null && state.record.lastHolder !== member;
  return automatic && moves && block !== null ? 'blocked' : null;
}

/** The policy after a grant to `member`: an automatic failover is counted, and may be the last for a while. */
export function policyAfterGrant(
  state: PolicyState,
  member: string,
  automatic: boolean,
  nowMs: number,
): PolicyState {
  const { lastHolder } = state.record;
  const moves = lastHolder !== null && lastHolder !== member;
  const recent = state.failoversMs.filter((atMs) => nowMs - atMs < flapWindowMs);
  const failoversMs = automatic && moves ? [...recent, nowMs] : recent;
  const known: PolicyState = { ...state, failoversMs, record: { ...state.record, lastHolder: member } };
  if (!automatic || !moves || failoversMs.length < state.failoversPerHour) return known;
  const lastsMs = flapWindowMs - (nowMs - failoversMs[0]!);
  const why = `${failoversMs.length} automatic failovers within an hour`;
  return {
    ...known,
    record: { ...known.record, version: state.record.version + 1, block: { why, by: 'agents', lastsMs } },
    blockEndsMs: nowMs + lastsMs,
  };
}

/**
 * A person's change. Null when it was made from another version than the present one (somebody was faster), or
 * asks for a time that is none.
 */
export function changePolicy(
  state: PolicyState,
  version: number,
  change: PolicyChange,
  nowMs: number,
): PolicyState | null {
  if (version !== state.record.version) return null;
  const record = { ...state.record, version: version + 1 };
  switch (change.kind) {
    case 'block': {
      if (!(change.lastsMs > 0)) return null;
      const { why, by, lastsMs } = change;
      return { ...state, record: { ...record, block: { why, by, lastsMs } }, blockEndsMs: nowMs + lastsMs };
    }
    case 'allow':
      // Counted anew from here: a person has looked at why it flapped.
      return { ...state, record: { ...record, block: null }, blockEndsMs: nowMs, failoversMs: [] };
    case 'maintenance': {
      if (!(change.lastsMs > 0 && change.lastsMs <= longestMaintenanceMs)) return null;
      const { by, reason, lastsMs } = change;
      return {
        ...state,
        record: { ...record, maintenance: { by, reason, lastsMs }, maintenanceSaid: true },
        maintenanceEndsMs: nowMs + lastsMs,
      };
    }
    case 'end-maintenance':
      return {
        ...state,
        record: { ...record, maintenance: null, maintenanceSaid: true },
        maintenanceEndsMs: nowMs,
      };
    case 'second-person':
      return { ...state, record: { ...record, secondPerson: { scope: change.scope, by: change.by } } };
  }
}
