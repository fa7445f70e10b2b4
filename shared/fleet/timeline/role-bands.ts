import type { JournalRecord } from '../../agent-api/journal-record.ts';

/** What one member was, from one instant to another, by its own journal and the other's. */
export interface RoleBand {
  readonly cluster: string;
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly role: 'active' | 'passive' | 'unknown' | 'other';
  /** The word of the journal, for roles that are neither Active nor Passive. */
  readonly word: string;
  readonly epoch: number;
  /** Why the end of the band is not from the member itself; null when it is. */
  readonly endedBy: string | null;
}

/** Wall time of a record in milliseconds, for drawing and nothing else. */
export function wallMs(record: Pick<JournalRecord, 'wallTime'>): number {
  return Date.parse(record.wallTime);
}

/**
 * Bands of each member between `fromMs` and `toMs`, from `role` records (any order; also those before the
 * window, which tell what was true at its start).
 *
 * An Active that died wrote nothing. Its band ends at the latest where the other member became Active with a
 * higher epoch; from there it is unknown until it speaks again.
 */
export function roleBands(
  records: readonly JournalRecord[],
  window: { readonly fromMs: number; readonly toMs: number },
): RoleBand[] {
  const told = records.filter((record) => record.kind === 'role');
  const members = new Map<string, JournalRecord[]>();
  for (const record of told) {
    const key = `${record.cluster}/${record.server}`;
    members.set(key, [...(members.get(key) ?? []), record]);
  }
  return [...members.values()].flatMap((own) => bandsOf(inOrder(own), told, window));
}

/** Time within the window in which no member of the cluster was known to be Active, in milliseconds. */
export function withoutActiveMs(
  bands: readonly RoleBand[],
  cluster: string,
  window: { readonly fromMs: number; readonly toMs: number },
): number {
  const active = bands
    .filter((band) => band.cluster === cluster && band.role === 'active')
    .sort((one, other) => one.fromMs - other.fromMs);
  let coveredTo = window.fromMs;
  let gapMs = 0;
  for (const band of active) {
    gapMs += Math.max(0, Math.min(band.fromMs, window.toMs) - coveredTo);
    coveredTo = Math.max(coveredTo, band.toMs);
  }
  return gapMs + Math.max(0, window.toMs - coveredTo);
}

function inOrder(records: readonly JournalRecord[]): JournalRecord[] {
  return [...records].sort((one, other) => wallMs(one) - wallMs(other) || one.seq - other.seq);
}

function bandsOf(
  own: readonly JournalRecord[],
  all: readonly JournalRecord[],
  window: { readonly fromMs: number; readonly toMs: number },
): RoleBand[] {
  return own.flatMap((record, index) => {
    const next = own[index + 1];
    const role = roleOf(record);
    const endMs = next === undefined ? window.toMs : wallMs(next);
    const overtaken = role === 'active' ? overtakenAt(record, all, endMs) : null;
    const base = {
      cluster: record.cluster,
      server: record.server,
      word: record.verdict ?? '',
      epoch: record.epoch,
    };
    const first = {
      ...base,
      role,
      fromMs: wallMs(record),
      toMs: overtaken?.atMs ?? endMs,
      endedBy: overtaken?.why ?? null,
    };
    const rest =
      overtaken === null
        ? []
        : [{ ...base, role: 'unknown' as const, fromMs: overtaken.atMs, toMs: endMs, endedBy: null }];
    return [first, ...rest].flatMap((band) => within(band, window));
  });
}

/** Where another member became Active with a higher epoch while this one still stood as Active. */
function overtakenAt(record: JournalRecord, all: readonly JournalRecord[], endMs: number) {
  const by = inOrder(all).find(
    (other) =>
      other.cluster === record.cluster &&
      other.server !== record.server &&
      roleOf(other) === 'active' &&
      other.epoch > record.epoch &&
      wallMs(other) > wallMs(record) &&
      wallMs(other) < endMs,
  );
  if (by === undefined) return null;
  return { atMs: wallMs(by), why: `${by.server} became Active with epoch ${by.epoch}` };
}

function roleOf(record: JournalRecord): RoleBand['role'] {
  const { verdict } = record;
  if (verdict === 'active' || verdict === 'passive' || verdict === 'unknown') return verdict;
  return 'other';
}

function within(band: RoleBand, window: { readonly fromMs: number; readonly toMs: number }): RoleBand[] {
  const fromMs = Math.max(band.fromMs, window.fromMs);
  const toMs = Math.min(band.toMs, window.toMs);
  return toMs > fromMs ? [{ ...band, fromMs, toMs }] : [];
}
