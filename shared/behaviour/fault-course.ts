import { takeoverLoss } from '../copying/takeover-loss.ts';
import { decide, decisionSentence, type RuleDecision } from '../failover/decide.ts';
import { withFacts } from '../failover/constructed-facts.ts';
import type { MeasuredTimes, Spread } from '../setup/measured-times.ts';
import type { Recovery } from '../setup/timing-choice.ts';
import type { ClusterBehaviour, SiteBehaviour } from './behaviour-site.ts';
import { instantSpan, type Instant } from './fault-instants.ts';
import {
  outside,
  decides,
  type CoursePhase,
  type DecisionMoment,
  type MemberName,
  type Moment,
  type ServesMoment,
} from './fault-moments.ts';
import { faultScene, type FaultScene } from './fault-scene.ts';
import { gapSince, servesAt, type DecidedMoment, type SinceEnd } from './fault-times.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { activeOf, membersOf, passiveOf, takerOf } from './healthy-members.ts';

/** How a fault ends at this site, read off the decisions that the rules take. */
export type CourseEnd = 'stays' | 'moves' | 'planned' | 'back' | 'restarts' | 'person' | 'stops' | 'observed';

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
  /** Number and name of the fault: the same at every site. */
  readonly number: number;
  readonly name: string;
  readonly fault: Fault;
  readonly title: string;
  readonly end: CourseEnd;
  /** In the order of the typical case. */
  readonly events: readonly CourseEvent[];
  /** Time without an Active, in seconds; null: until a person acts. */
  readonly withoutActive: Recovery | null;
  /** A copied directory is taken over that may lack what was written last. */
  readonly mayLose: boolean;
}

/** What happens at every fault of the catalogue with these settings. Decisions are those of the rule table. Pure. */
export function faultCourses(
  cluster: ClusterBehaviour,
  site: Pick<SiteBehaviour, 'leaseStore' | 'mode' | 'clusters'>,
  measured: MeasuredTimes,
): FaultCourse[] {
  const scene = faultScene(cluster, site);
  return faults
    .filter((fault) => fault.onlyFor?.includes(scene) ?? true)
    .map((fault) => {
      const title = (site.leaseStore === 'etcd' ? fault.withEtcd : undefined) ?? fault.title;
      const { number, id: name } = fault;
      return { number, name, title, fault, ...courseOf(fault, scene, measured) };
    });
}

/** How far a course has come. */
interface Progress {
  readonly events: readonly CourseEvent[];
  readonly decided: readonly DecidedMoment[];
  readonly serving: MemberName | null;
  /** When the old engine ended, with the decisions from then on; null: it has not. */
  readonly ended: Instant | null;
  readonly since: SinceEnd;
  readonly gap: Recovery | null;
  readonly mayLose: boolean;
}

const noGap: Recovery = { best: 0, typical: 0, worst: 0, atLeast: false };

function courseOf(
  fault: Fault,
  scene: FaultScene,
  measured: MeasuredTimes,
): Pick<FaultCourse, 'end' | 'events' | 'withoutActive' | 'mayLose'> {
  const servedBy = fault.servedBy ?? 'active';
  const begun: Progress = {
    events: [],
    decided: [],
    serving: servedBy,
    ended: null,
    since: { decided: [], delay: 0 },
    gap: noGap,
    mayLose: false,
  };
  const run = (from: Progress, moments: readonly Moment[]) =>
    moments.reduce((progress, moment) => next(progress, moment, scene, measured), from);
  const done = run(begun, fault.moments(scene));
  const whole = run(done, afterwards(done, fault, scene));
  return {
    end: endOf(whole, fault, scene),
    events: inOrder(whole.events),
    withoutActive: whole.serving === null ? null : whole.gap,
    mayLose: whole.mayLose,
  };
}

/** What follows from the settings, whatever the fault was. */
function afterwards({ serving }: Progress, { servedBy, inMove }: Fault, scene: FaultScene): Moment[] {
  if (scene.observed && serving === null) {
    const says =
      'Starts the engine where it shall run: while the site is only observed nothing here does that.';
    return [outside('later', 'A person', 'later', says)];
  }
  const movedByRule = serving === 'passive' && servedBy === undefined && inMove === undefined;
  return movedByRule && scene.failbackMinutes !== null ? [decides('taker', 'later')] : [];
}

function next(progress: Progress, moment: Moment, scene: FaultScene, measured: MeasuredTimes): Progress {
  if (!comes(moment, progress, scene)) return progress;
  if (moment.kind === 'serves') return served(progress, moment, scene, measured);
  const at = later(instantSpan(moment.at, scene.timing), progress.since.delay);
  if (moment.kind === 'outside') {
    const { phase, who, says, lasts = 0 } = moment;
    const told = { ...progress, events: [...progress.events, { at, phase, who, says, rule: null }] };
    const since = { ...told.since, delay: told.since.delay + lasts };
    return moment.ends ? ended(told, moment.at, { decided: [], delay: lasts }) : { ...told, since };
  }
  const decided = decidedAt(moment, scene);
  const told = {
    ...progress,
    events: [...progress.events, eventOf(moment, decided, at, scene)],
    decided: [...progress.decided, decided],
    since: { ...progress.since, decided: [...progress.since.decided, decided] },
  };
  return moment.ends ? ended(told, moment.at, { decided: [decided], delay: 0 }) : told;
}

/** What is tried in vain before comes on top, in the worst case. */
function later(at: Spread | null, delay: number): Spread | null {
  return at && { ...at, worst: at.worst + delay };
}

/** Whether a moment comes at all, by what was decided before it and who serves. */
function comes(moment: Moment, { decided, serving }: Progress, { observed }: FaultScene): boolean {
  const { after, onlyIf } = moment;
  const last = decided.at(-1);
  const steps = last?.decision.steps ?? [];
  if (after !== undefined && !steps.some(({ kind }) => after.includes(kind))) return false;
  if (moment.kind === 'serves' && (moment.member !== last?.member || serving !== null)) return false;
  switch (onlyIf) {
    case 'armed':
      return !observed;
    case 'held-back':
      return !observed && serving === null && steps.length === 0;
    case 'nobody':
      return !observed && serving === null;
    case 'moved':
      return serving === 'passive';
    default:
      return true;
  }
}

/** An engine that has ended already ends no second time. */
function ended(progress: Progress, at: Instant, since: SinceEnd): Progress {
  return progress.serving === null ? progress : { ...progress, serving: null, ended: at, since };
}

function served(
  progress: Progress,
  { member, says }: ServesMoment,
  scene: FaultScene,
  measured: MeasuredTimes,
): Progress {
  const { events, since, ended: endedAt } = progress;
  const at = servesAt(since, scene, measured);
  const who = membersOf(scene)[member].name;
  const event: CourseEvent = { at, phase: 'new-starts', who, says, rule: null };
  const gap = endedAt === null ? noGap : gapSince(endedAt, since, scene, measured);
  const facts = progress.decided.at(-1)?.facts;
  const loss = facts?.lease.held === false ? takeoverLoss(facts) : null;
  const mayLose = progress.mayLose || (loss !== null && loss.kind !== 'none');
  return { ...progress, events: [...events, event], serving: member, gap, mayLose };
}

function decidedAt({ at, member, changes }: DecisionMoment, scene: FaultScene): DecidedMoment {
  const healthy = { active: activeOf, passive: passiveOf, taker: takerOf }[member](scene);
  const facts = withFacts(healthy, changes);
  return { at, member: whoOf(member), facts, decision: decide(facts) };
}

/** Whoever has taken over is the former Passive. */
function whoOf(member: DecisionMoment['member']): MemberName {
  return member === 'taker' ? 'passive' : member;
}

function eventOf(
  moment: DecisionMoment,
  { member, decision }: DecidedMoment,
  at: Spread | null,
  scene: FaultScene,
): CourseEvent {
  const { ruleId: id, diagnosis, verdict } = decision;
  return {
    at,
    phase: moment.phase ?? (verdict === 'wait' ? 'noticed' : 'decided'),
    who: membersOf(scene)[member].name,
    says: decisionSentence(decision),
    rule: { id, diagnosis, verdict },
  };
}

function inOrder(events: readonly CourseEvent[]): CourseEvent[] {
  const typical = ({ at }: CourseEvent) => at?.typical ?? Number.MAX_VALUE;
  return [...events].sort((one, other) => typical(one) - typical(other));
}

/** Read off who serves in the end, and off what the rules leave to a person. */
function endOf(
  { decided, serving, ended: endedAt }: Progress,
  { servedBy = 'active', inMove, leftToPerson }: Fault,
  scene: FaultScene,
): CourseEnd {
  if (scene.observed) return 'observed';
  const decisions = decided.map(({ decision }) => decision);
  const asked = isAsked(decisions.at(-1));
  if (serving === null) {
    const stopped = decisions.some(({ diagnosis }) => diagnosis === 'emergency-stop');
    return stopped && !asked ? 'stops' : 'person';
  }
  if (serving !== servedBy && inMove) return 'planned';
  if (serving !== servedBy) return servedBy === 'active' ? 'moves' : 'back';
  if (endedAt !== null) return 'restarts';
  return asked || leftToPerson ? 'person' : 'stays';
}

function isAsked(decision: RuleDecision | undefined): boolean {
  return decision?.verdict === 'ask-admin' || decision?.verdict === 'blocked' || decision?.withheld != null;
}
