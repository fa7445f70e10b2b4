import { decide, decisionSentence, type RuleDecision } from '../failover/decide.ts';
import { withFacts } from '../failover/constructed-facts.ts';
import type { MeasuredTimes, Spread } from '../setup/measured-times.ts';
import { timingChoice, type Recovery } from '../setup/timing-choice.ts';
import type { ClusterBehaviour, SiteBehaviour } from './behaviour-site.ts';
import { instantSpan } from './fault-instants.ts';
import { activeOf, membersOf, passiveOf } from './healthy-members.ts';
import type { CoursePhase, Moment } from './fault-moments.ts';
import { faults, type Fault } from './faults.ts';

/** How a fault ends at this site, read off the decisions that the rules take. */
export type CourseEnd = 'stays' | 'moves' | 'restarts' | 'person' | 'stops';

/** One entry of the time line. */
export interface CourseEvent {
  /** Seconds after the fault; null: some time later, when a person or something outside acts. */
  readonly at: Spread | null;
  readonly phase: CoursePhase;
  /** Name of the server or part that it happens on. */
  readonly who: string;
  readonly says: string;
  /** Null: it follows from timing or guards, not from a rule. */
  readonly rule: {
    readonly id: string;
    readonly diagnosis: string;
    readonly verdict: RuleDecision['verdict'];
  } | null;
}

export interface FaultCourse {
  /** Its place in the catalogue, from 1: the same at every site. */
  readonly number: number;
  readonly fault: Fault;
  readonly title: string;
  readonly end: CourseEnd;
  /** In the order of the typical case. */
  readonly events: readonly CourseEvent[];
  /** Time without an Active, in seconds; null: until a person acts. */
  readonly withoutActive: Recovery | null;
}

/** What happens at every fault of the catalogue with these settings. Decisions are those of the rule table. Pure. */
export function faultCourses(
  cluster: ClusterBehaviour,
  { leaseStore }: Pick<SiteBehaviour, 'leaseStore'>,
  measured: MeasuredTimes,
): FaultCourse[] {
  return faults
    .map((fault, index) => ({ fault, number: index + 1 }))
    .filter(({ fault }) => fault.onlyFor === undefined || fault.onlyFor === cluster.storage)
    .map(({ fault, number }) => {
      const title = (leaseStore === 'etcd' ? fault.withEtcd : undefined) ?? fault.title;
      return { number, title, ...faultCourse(fault, cluster, measured) };
    });
}

function faultCourse(
  fault: Fault,
  cluster: ClusterBehaviour,
  measured: MeasuredTimes,
): Omit<FaultCourse, 'number' | 'title'> {
  const moments = fault.moments(cluster);
  const decisions = moments.flatMap((moment) =>
    moment.kind === 'decision' ? decisionOf(moment, cluster) : [],
  );
  const end = endOf(decisions);
  const recovery = withoutActive(end, fault, cluster, measured);
  const events = moments.map((moment) => eventOf(moment, cluster, recovery));
  return { fault, end, events: inOrder(events), withoutActive: recovery };
}

type DecisionMoment = Extract<Moment, { kind: 'decision' }>;

function decisionOf({ member, changes }: DecisionMoment, cluster: ClusterBehaviour): RuleDecision {
  return decide(withFacts(member === 'active' ? activeOf(cluster) : passiveOf(cluster), changes));
}

function eventOf(moment: Moment, cluster: ClusterBehaviour, servesAgain: Spread | null): CourseEvent {
  const at = moment.at === 'serves-again' ? servesAgain : instantSpan(moment.at, cluster.timing);
  if (moment.kind === 'outside') {
    return { at, phase: moment.phase, who: moment.who, says: moment.says, rule: null };
  }
  const decision = decisionOf(moment, cluster);
  const { ruleId: id, diagnosis, verdict } = decision;
  return {
    at,
    phase: moment.phase ?? (verdict === 'wait' ? 'noticed' : 'decided'),
    who: membersOf(cluster)[moment.member].name,
    says: decisionSentence(decision),
    rule: { id, diagnosis, verdict },
  };
}

function inOrder(events: readonly CourseEvent[]): CourseEvent[] {
  const typical = ({ at }: CourseEvent) => at?.typical ?? Number.MAX_VALUE;
  return [...events].sort((one, other) => typical(one) - typical(other));
}

/** Read off what the rules do: whoever takes over has moved it, whoever is asked or held back waits for a person. */
function endOf(decisions: readonly RuleDecision[]): CourseEnd {
  const steps = decisions.flatMap((decision) => decision.steps.map(({ kind }) => kind));
  if (steps.includes('acquire')) return 'moves';
  const last = decisions.at(-1);
  if (last?.verdict === 'ask-admin' || last?.verdict === 'blocked' || last?.withheld) return 'person';
  if (steps.includes('start-engine')) return 'restarts';
  return decisions.some(({ diagnosis }) => diagnosis === 'emergency-stop') ? 'stops' : 'stays';
}

/** By the same sums as the setup's choice of a timing; a lease that is handed over need not run out first. */
function withoutActive(
  end: CourseEnd,
  fault: Fault,
  { timing }: ClusterBehaviour,
  measured: MeasuredTimes,
): Recovery | null {
  if (fault.servesOn || end === 'stays') return { best: 0, typical: 0, worst: 0, atLeast: false };
  if (end === 'person' || end === 'stops') return null;
  if (end === 'moves' && !fault.handsOver) return timingChoice(timing, measured).recovery;
  const { renewal, storageProof, engineStart } = measured;
  const noticed = instantSpan('process-seen', timing)!;
  const moves = end === 'moves';
  const grant = moves ? (renewal?.typical ?? 0) : 0;
  const sum = (key: keyof Spread) =>
    noticed[key] + (engineStart?.[key] ?? 0) + (moves ? (storageProof?.[key] ?? 0) : 0);
  return {
    best: sum('best') + grant,
    typical: sum('typical') + grant,
    worst: sum('worst') + (moves ? timing.O : 0),
    atLeast: engineStart === null || (moves && (renewal === null || storageProof === null)),
  };
}
