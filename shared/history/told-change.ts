/**
 * One change of a cluster told from its journals alone: what was seen, decided and done, and where the time without
 * an Active went. Durations of one server are by its boot-time clock; between two servers only their wall clocks can
 * tell, and such a part says so.
 */
import type { JournalRecord } from '../agent-api/journal-record.ts';
import { byRule } from '../fleet/last-change.ts';
import { endSentence } from '../fleet/wording.ts';
import { changeRecords, isRequest, type ChangeRecords } from './change-records.ts';
import { timeParts, type ToldPart } from './time-parts.ts';

export interface ToldLine {
  /** Milliseconds since the beginning of the story; below zero: what led to it. */
  readonly atMs: number;
  readonly server: string;
  readonly what: 'asked' | 'seen' | 'decided' | 'done';
  readonly sentence: string;
  readonly ruleId: string | null;
  readonly tookMs: number | null;
}

export interface ToldChange {
  readonly operation: string;
  readonly cluster: string;
  /** `ig-south took WK1 over` · `WK1 was moved from ig-south to ig-north`. */
  readonly title: string;
  /** Null: nobody, the agents did so by rule. */
  readonly askedBy: string | null;
  /** Wall time of its beginning, for people. */
  readonly beganAt: string;
  /** How it ended, in the journal's words; null: the journals do not tell. */
  readonly ended: { readonly ok: boolean; readonly sentence: string } | null;
  /** Without an Active, from its beginning to the balancer being sent there; null: the journals do not tell. */
  readonly withoutActiveMs: number | null;
  /** Its beginning and its end are by the clocks of two servers, so it is no more exact than those. */
  readonly isBetweenClocks: boolean;
  /** They add up to `withoutActiveMs`. */
  readonly parts: readonly ToldPart[];
  /** Why it took that long: the parts that took most of it, with their reasons. */
  readonly why: string;
  readonly lines: readonly ToldLine[];
}

/** @param name of a server as people know it. Null: the records tell of no such change. */
export function tellChange(
  records: readonly JournalRecord[],
  operation: string,
  name: (server: string) => string = (server) => server,
): ToldChange | null {
  const change = changeRecords(records, operation);
  if (change === null) return null;
  const parts = timeParts(change, name);
  const told = change.activeAgainMs === null ? null : parts.reduce((sum, { ms }) => sum + ms, 0);
  return {
    operation,
    cluster: change.cluster,
    title: titleOf(change, name),
    askedBy: change.askedBy,
    beganAt: new Date(change.beganMs).toISOString(),
    ended: change.end && { ok: change.end.result === 'ok', sentence: change.end.sentence },
    withoutActiveMs: told,
    isBetweenClocks: change.isBetweenClocks,
    parts,
    why: whySentence(parts, told),
    lines: change.around.map((record) => lineOf(change, record)),
  };
}

/** Operations that the records tell of, the newest first. */
export function changesIn(records: readonly JournalRecord[]): string[] {
  const latest = new Map<string, string>();
  for (const { operation, kind, wallTime } of records) {
    if (operation !== null && kind === 'step') latest.set(operation, wallTime);
  }
  return [...latest].sort(([, one], [, other]) => (one < other ? 1 : -1)).map(([operation]) => operation);
}

function titleOf(change: ChangeRecords, name: (server: string) => string): string {
  const { giver, taker, cluster, activeAgain } = change;
  if (giver !== null && taker !== null && activeAgain === giver && giver !== taker)
    return `${cluster} was to move from ${name(giver)} to ${name(taker)}, and stayed`;
  if (giver !== null && taker !== null) return `${cluster} was moved from ${name(giver)} to ${name(taker)}`;
  if (taker !== null) return `${name(taker)} took ${cluster} over`;
  return giver === null ? `A change of ${cluster}` : `${name(giver)} handed ${cluster} over`;
}

/** The longest parts that together are most of it. */
function whySentence(parts: readonly ToldPart[], toldMs: number | null): string {
  if (toldMs === null || parts.length === 0) return 'The journals do not tell when it was Active again.';
  const longest: ToldPart[] = [];
  let sumMs = 0;
  for (const part of [...parts].sort((one, other) => other.ms - one.ms)) {
    longest.push(part);
    sumMs += part.ms;
    if (sumMs > toldMs / 2) break;
  }
  const share = `${seconds(sumMs)} of ${seconds(toldMs)}`;
  const told = longest.map(({ what, ms, why }) =>
    longest.length === 1 ? `${what}, ${why}` : `${what}, ${seconds(ms)}, ${why}`,
  );
  return endSentence(`Most of it, ${share}: ${told.join('; ')}`);
}

function lineOf(change: ChangeRecords, record: JournalRecord): ToldLine {
  return {
    atMs: change.atMs(record) - change.beganMs,
    server: record.server,
    what: whatOf(record),
    sentence: record.sentence,
    ruleId: record.ruleId,
    tookMs: record.kind === 'step' ? record.tookMs : null,
  };
}

function whatOf({ kind, requestedBy, sentence }: JournalRecord): ToldLine['what'] {
  switch (kind) {
    case 'command':
      return requestedBy !== null && !byRule(requestedBy) && isRequest(sentence) ? 'asked' : 'done';
    case 'decision':
      return 'decided';
    case 'step':
    case 'role':
    case 'lease':
      return 'done';
    case 'alarm':
    case 'guard':
    case 'agent':
      return 'seen';
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
