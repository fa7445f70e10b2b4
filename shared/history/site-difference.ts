/** What changed between two instants, told from the journals alone. */
import type { JournalRecord } from '../agent-api/journal-record.ts';
import { isRequest } from './change-records.ts';
import { factNames, type MemberThen, type ThenFact } from './member-then.ts';
import { settingOf, type SiteThen } from './site-then.ts';

/** One fact of a member that reads otherwise at the later instant. */
export interface FactChange {
  readonly cluster: string;
  readonly server: string;
  readonly fact: (typeof factNames)[number];
  readonly before: string;
  readonly after: string;
}

/** Something that a record between the two tells. */
export interface Happened {
  readonly at: string;
  readonly cluster: string;
  readonly server: string;
  readonly sentence: string;
  readonly who: string | null;
}

export interface SiteDifference {
  readonly from: string;
  readonly to: string;
  readonly facts: readonly FactChange[];
  /** Clusters of which another member, or nobody, is Active at the later instant. */
  readonly clusters: readonly { readonly cluster: string; readonly before: string; readonly after: string }[];
  readonly settings: readonly Happened[];
  /** Changes that ended between the two. */
  readonly operations: readonly Happened[];
  readonly alarms: readonly Happened[];
}

/**
 * @param between records of kind `command` and `alarm` between the two, in any order; others are left out
 */
export function siteDifference(
  before: SiteThen,
  after: SiteThen,
  between: readonly JournalRecord[],
): SiteDifference {
  const told = between
    .filter(({ wallTime }) => wallTime > before.at && wallTime <= after.at)
    .toSorted((one, other) => one.wallTime.localeCompare(other.wallTime) || one.seq - other.seq);
  const commands = told.filter(({ kind, result }) => kind === 'command' && result !== null);
  return {
    from: before.at,
    to: after.at,
    facts: membersOf(after).flatMap((member) => factChanges(memberIn(before, member), member)),
    clusters: after.clusters.flatMap(({ cluster, sentence }) => {
      const earlier = before.clusters.find((one) => one.cluster === cluster)?.sentence;
      const was = earlier ?? `${cluster}: the journals tell nothing.`;
      return was === sentence ? [] : [{ cluster, before: was, after: sentence }];
    }),
    settings: commands.filter((record) => settingOf(record) !== null).map(happened),
    operations: commands
      .filter((record) => settingOf(record) === null && !isRequest(record.sentence))
      .map(happened),
    alarms: told.filter(({ kind }) => kind === 'alarm').map(happened),
  };
}

/** Nothing at all is different. */
export function isSame({ facts, clusters, settings, operations, alarms }: SiteDifference): boolean {
  return [facts, clusters, settings, operations, alarms].every(({ length }) => length === 0);
}

function membersOf({ clusters }: SiteThen): MemberThen[] {
  return clusters.flatMap(({ members }) => members);
}

function memberIn(site: SiteThen, { cluster, server }: MemberThen): MemberThen | undefined {
  return membersOf(site).find((one) => one.cluster === cluster && one.server === server);
}

function factChanges(before: MemberThen | undefined, after: MemberThen): FactChange[] {
  const { cluster, server } = after;
  return factNames.flatMap((fact) => {
    const was = before === undefined ? factWord({ value: null, why: '' }) : factWord(before[fact]);
    const is = factWord(after[fact]);
    return was === is ? [] : [{ cluster, server, fact, before: was, after: is }];
  });
}

/** A fact as one word for people: `Active` · `not known`. */
export function factWord(fact: ThenFact<string | number>): string {
  if (fact.value === null) return 'not known';
  return fact.value === 'active'
    ? 'Active'
    : fact.value === 'passive'
      ? 'Passive'
      : String(fact.value).replaceAll('-', ' ');
}

function happened({ wallTime, cluster, server, sentence, requestedBy }: JournalRecord): Happened {
  return { at: wallTime, cluster, server, sentence, who: requestedBy };
}
