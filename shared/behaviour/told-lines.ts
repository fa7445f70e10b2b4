import { nothingMeasured } from '../setup/timing-choice.ts';
import { behaviourChanges, type ClusterBehaviour, type SiteBehaviour } from './behaviour-site.ts';
import {
  atWords,
  endSentence,
  endWords,
  happensSentence,
  messagesSentence,
  observedSentence,
  othersSentence,
  phaseWords,
  waitsSentence,
  withoutActiveWords,
} from './course-words.ts';
import { faultCourses, type FaultCourse } from './fault-course.ts';
import { faultGroups, type Fault } from './fault.ts';
import type { PlanAcceptance } from './plan-view.ts';

/** The courses of one cluster; with a fault that one alone. */
export interface ToldCluster {
  readonly cluster: ClusterBehaviour;
  readonly courses: readonly FaultCourse[];
}

/** What is told of a site whose servers nobody has measured. Pure. */
export function toldClusters(behaviour: SiteBehaviour, fault: Fault | null): ToldCluster[] {
  return behaviour.clusters.map((cluster) => ({
    cluster,
    courses: faultCourses(cluster, behaviour, nothingMeasured).filter(
      (course) => fault === null || course.fault === fault,
    ),
  }));
}

/** The same for a person at a terminal: each fault as a line, one fault alone with its time line. Pure. */
export function behaviourLines(behaviour: SiteBehaviour, fault: Fault | null): string[] {
  return toldClusters(behaviour, fault).flatMap(({ cluster, courses }) => [
    `${cluster.cluster}, timing ${cluster.timingName}, ${cluster.storage} storage:`,
    ...notes(cluster, behaviour).map((note) => `  ${note}`),
    ...(fault === null
      ? listLines(courses)
      : courses.flatMap((course) => courseLines(course, cluster, behaviour))),
    ...(courses.length === 0 && fault?.onlyFor !== undefined
      ? [`  ${fault.number} ${fault.id} comes only to clusters ${fault.onlyFor.says}.`]
      : []),
    '',
  ]);
}

/** Every fault with its end, in groups, with the number and the name that it is asked for by. */
function listLines(courses: readonly FaultCourse[]): string[] {
  return faultGroups.flatMap((group) => {
    const met = courses.filter(({ fault }) => fault.group === group);
    return met.length === 0 ? [] : [`  ${group}`, ...met.map(lineOf)];
  });
}

function notes(cluster: ClusterBehaviour, { mode }: SiteBehaviour): string[] {
  const waits = waitsSentence(cluster);
  return [...(mode === 'observe' ? [observedSentence] : []), ...(waits === null ? [] : [waits])];
}

function lineOf({ number, name, title, end, withoutActive }: FaultCourse): string {
  const served = withoutActive?.worst === 0;
  const time = served ? '' : `, without an Active ${withoutActiveWords(withoutActive)}`;
  return `  ${String(number).padStart(4)}  ${name.padEnd(20)}  ${title}: ${endWords[end]}${time}`;
}

function courseLines(course: FaultCourse, cluster: ClusterBehaviour, behaviour: SiteBehaviour): string[] {
  const { number, name, title, fault, events } = course;
  const others = othersSentence(fault, cluster, behaviour);
  return [
    `  ${number} ${name}  ${title}`,
    `  ${happensSentence(course)}`,
    `  ${endSentence(course)}`,
    `  ${messagesSentence(course, cluster)}`,
    ...events.map(({ at, phase, who, says, rule }) => {
      const by = rule === null ? '' : ` [${rule.id} ${rule.diagnosis}]`;
      return `  ${atWords(at).padStart(12)}  ${phaseWords[phase].padEnd(14)}  ${who}: ${says}${by}`;
    }),
    ...(others === null ? [] : [`  ${others}`]),
  ];
}

/** Who has accepted it, and what has changed since. Pure. */
export function acceptanceLines(behaviour: SiteBehaviour, acceptance: PlanAcceptance | null): string[] {
  if (acceptance === null) return ['Nobody has accepted this behaviour yet.'];
  const { owner, at, by, basis } = acceptance;
  const changes = behaviourChanges(basis, behaviour);
  return [
    `Accepted by ${owner} at ${at}, written down by ${by}.`,
    ...(changes.length > 0 ? ['Changed since:', ...changes.map((change) => `  ${change}`)] : []),
  ];
}
