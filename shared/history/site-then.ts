/**
 * The site at an instant, told from the journals alone: what they do not tell is not known, whatever it was. Times are
 * the wall clocks of the servers, so that instants closer than those clocks cannot be told apart between servers.
 */
import type { JournalRecord } from '../agent-api/journal-record.ts';
import { byRule } from '../fleet/last-change.ts';
import { isRequest } from './change-records.ts';
import { memberThen, type MemberThen } from './member-then.ts';

/** A member, also one whose journal has nothing up to then. */
export interface MemberName {
  readonly cluster: string;
  readonly server: string;
}

export interface ClusterThen {
  readonly cluster: string;
  /** Who was Active: one, nobody that is known of, or more than one by their journals. */
  readonly verdict: 'one' | 'none' | 'not-known' | 'several';
  /** The same as a sentence. */
  readonly sentence: string;
  readonly members: readonly MemberThen[];
  /** Changes that had begun and not ended, by the records of an hour. */
  readonly running: readonly { readonly operation: string; readonly sentence: string }[];
  readonly settings: readonly SettingThen[];
}

/** What a person had set: the last word on it up to then. */
export interface SettingThen {
  readonly name: 'Maintenance' | 'Automatic failover';
  readonly value: string;
  readonly by: string | null;
  readonly at: string;
  readonly sentence: string;
}

export interface SiteThen {
  /** Wall time, ISO 8601 in UTC. */
  readonly at: string;
  readonly clusters: readonly ClusterThen[];
}

const runningWithinMs = 60 * 60_000;

/**
 * @param records of all journals, in any order; those after the instant are left out
 * @param members that belong to the site, also those without any record; null: those of the records
 */
export function siteThen(
  records: readonly JournalRecord[],
  at: string,
  members: readonly MemberName[] | null,
): SiteThen {
  const atMs = Date.parse(at);
  const told = inOrder(records.filter(({ wallTime }) => Date.parse(wallTime) <= atMs));
  const named = [...(members ?? []), ...told.map(({ cluster, server }) => ({ cluster, server }))];
  const clusters = [...new Set(named.map(({ cluster }) => cluster))];
  return {
    at,
    clusters: clusters.map((cluster) => {
      const servers = new Set(named.filter((one) => one.cluster === cluster).map(({ server }) => server));
      return clusterThen(
        cluster,
        [...servers],
        told.filter((one) => one.cluster === cluster),
        atMs,
      );
    }),
  };
}

/** By wall time; the order of one journal stays its own, whatever its clock did. */
function inOrder(records: readonly JournalRecord[]): JournalRecord[] {
  return records.toSorted((one, other) =>
    one.server === other.server && one.cluster === other.cluster
      ? one.wallTime.localeCompare(other.wallTime) || one.seq - other.seq
      : one.wallTime.localeCompare(other.wallTime),
  );
}

function clusterThen(
  cluster: string,
  servers: readonly string[],
  told: readonly JournalRecord[],
  atMs: number,
): ClusterThen {
  const members = servers.map((server) => ({
    cluster,
    server,
    ...memberThen(
      told.filter((one) => one.server === server),
      told.filter((one) => one.server !== server),
      atMs,
    ),
  }));
  return {
    cluster,
    ...activeOf(cluster, members),
    members,
    running: runningIn(told, atMs),
    settings: settingsIn(told),
  };
}

function activeOf(
  cluster: string,
  members: readonly MemberThen[],
): Pick<ClusterThen, 'verdict' | 'sentence'> {
  const active = members.filter(({ role }) => role.value === 'active');
  const unknown = members.filter(({ role }) => role.value === null || role.value === 'unknown');
  const [one] = active;
  if (active.length > 1) {
    const names = active.map(({ server }) => server).join(' and ');
    return {
      verdict: 'several',
      sentence: `${cluster}: the journals of ${names} both tell that they are Active.`,
    };
  }
  if (one !== undefined) {
    const rest = unknown.length > 0 ? ` What ${namesOf(unknown)} was is not known.` : '';
    return {
      verdict: 'one',
      sentence: `${cluster}: ${one.server} was Active with epoch ${one.epoch.value}.${rest}`,
    };
  }
  if (unknown.length > 0)
    return {
      verdict: 'not-known',
      sentence: `${cluster}: who was Active is not known; the journals do not tell of ${namesOf(unknown)}.`,
    };
  return { verdict: 'none', sentence: `${cluster}: nobody was Active.` };
}

function namesOf(members: readonly MemberThen[]): string {
  return members.map(({ server }) => server).join(' and ');
}

function runningIn(told: readonly JournalRecord[], atMs: number): ClusterThen['running'] {
  const open = new Map<string, string>();
  for (const record of told) {
    const { operation, kind, result, sentence, wallTime } = record;
    if (operation === null || atMs - Date.parse(wallTime) > runningWithinMs) continue;
    const ended = kind === 'command' && !isRequest(sentence) && (result === 'ok' || result === 'failed');
    if (ended || settingOf(record) !== null) open.delete(operation);
    else if (!open.has(operation)) open.set(operation, sentence);
  }
  return [...open].map(([operation, sentence]) => ({ operation, sentence }));
}

function settingsIn(told: readonly JournalRecord[]): SettingThen[] {
  const last = new Map<string, SettingThen>();
  for (const record of told) {
    const setting = settingOf(record);
    if (setting !== null) last.set(setting.name, setting);
  }
  return [...last.values()];
}

/** What a record says was set; null: nothing. */
export function settingOf(record: JournalRecord): SettingThen | null {
  const { kind, result, sentence, requestedBy, wallTime } = record;
  if (kind !== 'command' || result !== 'ok') return null;
  const asked =
    / asked for (maintenance|the end of the maintenance|no automatic failover|automatic failover again) of /;
  const what = asked.exec(sentence)?.[1];
  if (what === undefined) return null;
  const by = requestedBy === null || byRule(requestedBy) ? null : requestedBy;
  const isMaintenance = what.endsWith('maintenance');
  const isOn = what === 'maintenance' || what === 'automatic failover again';
  return {
    name: isMaintenance ? 'Maintenance' : 'Automatic failover',
    value: isMaintenance ? (isOn ? 'on' : 'off') : isOn ? 'allowed' : 'blocked',
    by,
    at: wallTime,
    sentence,
  };
}
