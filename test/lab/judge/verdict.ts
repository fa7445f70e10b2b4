import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { Journey, Scenario } from '../scenarios/scenario.ts';
import type { DowntimeParts } from './downtime.ts';

/** What the judge saw of one cluster during a scenario. */
export interface ClusterSight {
  readonly cluster: 'WK1' | 'WK2';
  readonly journey: Journey;
  /** Server whose engine ran last. */
  readonly activeAtEnd: string;
  /** Longest time between two acknowledgements, by the impatient meter. */
  readonly downtimeMs: number;
  /** Where that time went; null where it cannot be told. */
  readonly parts: DowntimeParts | null;
  readonly overlapMs: number;
  readonly pollerMeetings: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** Those that no lost acknowledgement explains, as `STREAM SEQUENCE`. */
  readonly unexplained: readonly string[];
  /** Journal of both members since the scenario began, by boot time. */
  readonly journal: readonly JournalRecord[];
}

export interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly seen: string;
}

export interface Verdict {
  readonly scenario: string;
  readonly fault: number | null;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly tookMs: number;
  readonly clusters: readonly ClusterSight[];
  readonly checks: readonly Check[];
  /** Why it was skipped, or what broke it off. */
  readonly because: string;
}

/** What must hold for every scenario, whatever was done. */
export function clusterChecks(scenario: Scenario, sight: ClusterSight): Check[] {
  const { cluster } = sight;
  return [
    journeyCheck(scenario, sight),
    upTo(scenario.limit?.overlapMs, `${cluster}: ms with two engines`, sight.overlapMs),
    upTo(
      scenario.limit?.pollerMeetings,
      `${cluster}: poller runs at once on two servers`,
      sight.pollerMeetings,
    ),
    upTo(scenario.limit?.lost, `${cluster}: acknowledged but not delivered`, sight.lost),
    none(`${cluster}: out of order`, sight.outOfOrder),
    duplicatesCheck(scenario, sight),
    {
      what: `${cluster}: traffic flowed`,
      ok: sight.acknowledged > 0,
      seen: `${sight.acknowledged} acknowledged`,
    },
  ];
}

function journeyCheck(scenario: Scenario, { cluster, journey }: ClusterSight): Check {
  const wanted = scenario.journeys[cluster];
  const seen = journey.join(' → ');
  const ok = wanted instanceof RegExp ? wanted.test(seen) : wanted.join(' → ') === seen;
  const told = wanted instanceof RegExp ? wanted.source : wanted.join(' → ');
  return { what: `${cluster}: engines ran as expected (${told})`, ok, seen: seen || 'no engine' };
}

/** Whether the product's own journal tells the same story as the judge, with its reasons. */
export function storyChecks(scenario: Scenario, sight: ClusterSight): Check[] {
  const sentences = sight.journal.map((record) => record.sentence);
  const told = (scenario.tells ?? []).map((words): Check => {
    const found = sentences.find((sentence) => words.test(sentence));
    return {
      what: `${sight.cluster}: the journal says /${words.source}/`,
      ok: found !== undefined,
      seen: found ?? `none of ${sentences.length} lines`,
    };
  });
  return [...actCheck(scenario, sight), ...told];
}

function actCheck(scenario: Scenario, sight: ClusterSight): Check[] {
  const what = `${sight.cluster}: the journal tells it`;
  const acts = sight.journal.filter((record) => record.ruleId !== null && record.verdict === 'act');
  const byTaker = acts.filter((record) => record.server === sight.activeAtEnd && record.kind === 'decision');
  const operations = sight.journal.filter((record) => record.kind === 'step' && record.operation !== null);
  const seen = acts.map((record) => `${record.server} ${record.ruleId}`).join(', ');
  switch (scenario.told) {
    case 'failover':
    case 'restart':
      return [{ what, ok: byTaker.length > 0, seen: seen || 'no decision to act' }];
    case 'operation':
      return [{ what, ok: operations.length > 0, seen: `${operations.length} steps of an operation` }];
    case 'nothing':
      return [{ what, ok: acts.length === 0, seen: seen || 'no decision to act, as it should be' }];
    case 'own-checks':
      return [];
  }
}

/** With a limit to what may be lost some may come a second time too: the copy knew nothing of their delivery. */
function duplicatesCheck({ limit }: Scenario, { cluster, unexplained }: ClusterSight): Check {
  return {
    what: `${cluster}: no duplicate that nobody re-sent`,
    ok: unexplained.length <= (limit?.lost ?? 0),
    seen: unexplained.join(', ') || 'none',
  };
}

/** Nothing of it, except up to a known limit of the scenario. */
function upTo(limit: number | undefined, what: string, count: number): Check {
  if (limit === undefined) return none(what, count);
  return { what: `${what} (up to ${limit} are a known limit)`, ok: count <= limit, seen: String(count) };
}

function none(what: string, count: number): Check {
  return { what, ok: count === 0, seen: String(count) };
}
