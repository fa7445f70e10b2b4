import { nothingMeasured } from '../setup/timing-choice.ts';
import { behaviourChanges, type ClusterBehaviour, type SiteBehaviour } from './behaviour-site.ts';
import {
  atWords,
  endSentence,
  endWords,
  happensSentence,
  observedSentence,
  othersSentence,
  phaseWords,
  waitsSentence,
  withoutActiveWords,
} from './course-words.ts';
import { faultCourses, type FaultCourse } from './fault-course.ts';
import { faults } from './faults.ts';
import type { PlanAcceptance } from './plan-view.ts';

/** The courses of one cluster; with a number of the catalogue that fault alone. */
export interface ToldCluster {
  readonly cluster: ClusterBehaviour;
  readonly courses: readonly FaultCourse[];
}

/** What is told of a site whose servers nobody has measured. Pure. */
export function toldClusters(behaviour: SiteBehaviour, fault: number | null): ToldCluster[] {
  return behaviour.clusters.map((cluster) => ({
    cluster,
    courses: faultCourses(cluster, behaviour, nothingMeasured).filter(
      ({ number }) => fault === null || number === fault,
    ),
  }));
}

/** The same for a person at a terminal: each fault as a line, one fault alone with its time line. Pure. */
export function behaviourLines(behaviour: SiteBehaviour, fault: number | null): string[] {
  return toldClusters(behaviour, fault).flatMap(({ cluster, courses }) => [
    `${cluster.cluster}, timing ${cluster.timingName}, ${cluster.storage} storage:`,
    ...notes(cluster, behaviour).map((note) => `  ${note}`),
    ...courses.flatMap((course) =>
      fault === null ? [lineOf(course)] : courseLines(course, cluster, behaviour),
    ),
    ...(courses.length === 0 ? [`  Fault ${fault} comes only to clusters ${kindOf(fault)}.`] : []),
    '',
  ]);
}

function kindOf(fault: number | null): string {
  return faults[(fault ?? 0) - 1]?.onlyFor?.says ?? '';
}

function notes(cluster: ClusterBehaviour, { mode }: SiteBehaviour): string[] {
  const waits = waitsSentence(cluster);
  return [...(mode === 'observe' ? [observedSentence] : []), ...(waits === null ? [] : [waits])];
}

function lineOf({ number, title, end, withoutActive }: FaultCourse): string {
  const served = withoutActive?.worst === 0;
  const time = served ? '' : `, without an Active ${withoutActiveWords(withoutActive)}`;
  return `  ${String(number).padStart(2)}  ${title}: ${endWords[end]}${time}`;
}

function courseLines(course: FaultCourse, cluster: ClusterBehaviour, behaviour: SiteBehaviour): string[] {
  const { number, title, fault, events } = course;
  const others = othersSentence(fault, cluster, behaviour);
  return [
    `  ${number}  ${title}`,
    `  ${happensSentence(course)}`,
    `  ${endSentence(course)}`,
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
