import type { JournalRecord } from '../agent-api/journal-record.ts';
import { changeRecords, type ChangeRecords } from '../history/change-records.ts';
import { tellChange } from '../history/told-change.ts';

/** One move of a cluster, as the journals of its members tell of it. */
export interface Move {
  readonly cluster: string;
  readonly operation: string;
  /** Server ids: who was Active before, who shall be after it, and the member that shall be Passive then. */
  readonly from: string;
  readonly active: string;
  readonly other: string;
  readonly epochBefore: number | null;
  readonly epoch: number;
  readonly kind: 'planned' | 'takeover' | 'forced' | 'rolled-back';
  /** Null: nobody, the agents did so by rule. */
  readonly askedBy: string | null;
  readonly title: string;
  /** Wall times, for people. `endedAt` null: the journals do not tell its end. */
  readonly beganAt: string;
  readonly endedAt: string | null;
}

/**
 * The moves between two servers that these records tell of, the newest first. An engine that was started again where
 * it was is none, and neither is the first start of a cluster.
 *
 * @param records of one cluster, both members, in any order
 */
export function movesIn(
  records: readonly JournalRecord[],
  members: readonly string[],
  name: (server: string) => string = (server) => server,
): Move[] {
  const operations = new Set(
    records
      .filter(({ kind, step, result }) => kind === 'step' && result === 'ok' && isTurn(step))
      .flatMap(({ operation }) => (operation === null ? [] : [operation])),
  );
  return [...operations]
    .flatMap((operation) => {
      const move = moveOf(records, operation, members, name);
      return move === null ? [] : [move];
    })
    .sort((one, other) => other.epoch - one.epoch || other.beganAt.localeCompare(one.beganAt));
}

/** A step that changes who is Active. */
function isTurn(step: string | null): boolean {
  return step === 'acquire' || step === 'force' || step === 'stop-engine';
}

/** One move by its operation. Null: the records do not tell of it, or it moved nothing. */
export function moveOf(
  records: readonly JournalRecord[],
  operation: string,
  members: readonly string[],
  name: (server: string) => string = (server) => server,
): Move | null {
  const change = changeRecords(records, operation);
  if (change === null) return null;
  const own = records.filter((record) => record.operation === operation);
  const opened =
    own.findLast(({ step, result }) => step === 'open-active' && result === 'ok')?.server ?? null;
  const target = change.giver === null ? null : (members.find((server) => server !== change.giver) ?? null);
  const active = opened ?? change.taker ?? target;
  const other = members.find((server) => server !== active);
  if (active === null || other === undefined) return null;
  const epoch = epochOf(own, active, change);
  const from = change.giver ?? holderBefore(records, { epoch, active, other });
  const isRolledBack = change.giver === active;
  if (from === null || (from === active && !isRolledBack)) return null;
  return {
    cluster: change.cluster,
    operation,
    from,
    active,
    other,
    epochBefore: epochBefore(records, from, epoch),
    epoch,
    kind: isRolledBack ? 'rolled-back' : kindOf(own, change.giver),
    askedBy: change.askedBy,
    title: tellChange(records, operation, name)?.title ?? `A change of ${change.cluster}`,
    beganAt: new Date(change.beganMs).toISOString(),
    endedAt: change.end?.wallTime ?? null,
  };
}

/** By the journal of who became Active; where that is missing, as the one who gave up tells the end. */
function epochOf(own: readonly JournalRecord[], active: string, { end }: ChangeRecords): number {
  const told = own.filter(({ server }) => server === active).map((record) => record.epoch);
  if (told.length > 0) return Math.max(...told);
  const named = /\bepoch (\d+)\b/.exec(end?.sentence ?? '')?.[1];
  return named === undefined ? Math.max(...own.map((record) => record.epoch)) + 1 : Number(named);
}

function kindOf(own: readonly JournalRecord[], giver: string | null): Move['kind'] {
  if (own.some(({ step }) => step === 'force')) return 'forced';
  return giver === null ? 'takeover' : 'planned';
}

/**
 * Who was Active before a takeover, by epochs: the clocks of two servers are not compared. A journal may be missing: an
 * epoch between that of nobody's journal here was the other member's. Null: nobody was, it is the cluster's first start.
 */
function holderBefore(
  records: readonly JournalRecord[],
  { epoch, active, other }: Pick<Move, 'epoch' | 'active' | 'other'>,
): string | null {
  if (epoch <= 1) return null;
  const served = records
    .filter((record) => record.kind === 'role' && record.verdict === 'active' && record.epoch < epoch)
    .sort((one, another) => another.epoch - one.epoch || another.seq - one.seq)[0];
  if (served === undefined) return other;
  return served.server === active && served.epoch === epoch - 1 ? active : other;
}

function epochBefore(records: readonly JournalRecord[], from: string, epoch: number): number | null {
  const before = records.filter(
    (record) => record.server === from && record.epoch < epoch && record.epoch > 0,
  );
  return before.length === 0 ? null : Math.max(...before.map((record) => record.epoch));
}
