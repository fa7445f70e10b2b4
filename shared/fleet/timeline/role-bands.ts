import type { JournalRecord, RoleTold } from '../../agent-api/journal-record.ts';

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
export function roleBands(records: readonly RoleTold[], window: Window): RoleBand[] {
  const told = records.filter((record) => record.kind === 'role').map(datedRole);
  const members = groupedBy(told, ({ record }) => `${record.cluster}/${record.server}`);
  const actives = groupedBy(
    inOrder(told.filter(({ record }) => roleOf(record) === 'active')),
    ({ record }) => record.cluster,
  );
  return [...members.values()].flatMap((own) =>
    bandsOf(inOrder(own), actives.get(own[0]!.record.cluster) ?? [], window),
  );
}

/** Time within the window in which no member of the cluster was known to be Active, in milliseconds. */
export function withoutActiveMs(bands: readonly RoleBand[], cluster: string, window: Window): number {
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

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

interface DatedRole {
  readonly record: RoleTold;
  readonly atMs: number;
}

function datedRole(record: RoleTold): DatedRole {
  return { record, atMs: wallMs(record) };
}

function groupedBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function inOrder(roles: readonly DatedRole[]): DatedRole[] {
  return [...roles].sort((one, other) => one.atMs - other.atMs || one.record.seq - other.record.seq);
}

function bandsOf(own: readonly DatedRole[], actives: readonly DatedRole[], window: Window): RoleBand[] {
  return own.flatMap(({ record, atMs }, index) => {
    const role = roleOf(record);
    const endMs = own[index + 1]?.atMs ?? window.toMs;
    const overtaken = role === 'active' ? overtakenAt({ record, atMs }, actives, endMs) : null;
    const base = {
      cluster: record.cluster,
      server: record.server,
      word: record.verdict ?? '',
      epoch: record.epoch,
    };
    const first = {
      ...base,
      role,
      fromMs: atMs,
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
function overtakenAt({ record, atMs }: DatedRole, actives: readonly DatedRole[], endMs: number) {
  // The list is in order and a band is short in it: it is looked through from its own instant on.
  for (let at = firstAfter(actives, atMs); at < actives.length; at += 1) {
    const other = actives[at]!;
    if (other.atMs >= endMs) return null;
    const { server, epoch } = other.record;
    if (server !== record.server && epoch > record.epoch)
      return { atMs: other.atMs, why: `${server} became Active with epoch ${epoch}` };
  }
  return null;
}

/** Index of the first of them after an instant. */
function firstAfter(roles: readonly DatedRole[], atMs: number): number {
  let from = 0;
  let to = roles.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (roles[middle]!.atMs <= atMs) from = middle + 1;
    else to = middle;
  }
  return from;
}

function roleOf(record: RoleTold): RoleBand['role'] {
  const { verdict } = record;
  if (verdict === 'active' || verdict === 'passive' || verdict === 'unknown') return verdict;
  return 'other';
}

function within(band: RoleBand, window: Window): RoleBand[] {
  const fromMs = Math.max(band.fromMs, window.fromMs);
  const toMs = Math.min(band.toMs, window.toMs);
  return toMs > fromMs ? [{ ...band, fromMs, toMs }] : [];
}
