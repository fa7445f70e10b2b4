import type { Recovery } from '../setup/timing-choice.ts';
import type { ClusterBehaviour, SiteBehaviour } from './behaviour-site.ts';
import type { CourseEnd, CourseEvent, FaultCourse } from './fault-course.ts';
import type { CoursePhase } from './fault-moments.ts';
import type { Fault } from './fault.ts';
import { membersOf } from './healthy-members.ts';

/** How a fault ends, in a word or three. */
export const endWords: Record<CourseEnd, string> = {
  stays: 'nothing moves',
  moves: 'fails over',
  planned: 'moves as planned',
  restarts: 'restarts where it is',
  person: 'asks a person',
  stops: 'stops and asks a person',
  back: 'moves back by itself',
  observed: 'only observed, nothing is done',
};

/** What an entry of the time line is about, in a word or two. */
export const phaseWords: Record<CoursePhase, string> = {
  happens: 'Happens',
  noticed: 'Noticed',
  decided: 'Decided',
  'old-ends': 'Old one ends',
  'new-starts': 'New one starts',
  later: 'Later',
};

/** Time without an Active as a range; null: until a person acts, which was said before. */
export function withoutActiveWords(recovery: Recovery | null): string {
  if (recovery === null) return 'until then';
  const { best, typical, worst, atLeast } = recovery;
  const least = atLeast ? 'at least ' : '';
  if (tenth(best) === tenth(worst)) return `${least}${tenth(best)} s`;
  return `${least}${tenth(best)} to ${tenth(worst)} s, typically ${tenth(typical)} s`;
}

/** An instant as a range of seconds after the fault. */
export function atWords(at: CourseEvent['at']): string {
  if (at === null) return 'later';
  if (tenth(at.best) === tenth(at.worst)) return tenth(at.best) === '0' ? 'at once' : `${tenth(at.best)} s`;
  return `${tenth(at.best)}–${tenth(at.worst)} s`;
}

/** The end of a fault as a sentence, with the time that nobody is Active. */
export function endSentence({ end, withoutActive }: Pick<FaultCourse, 'end' | 'withoutActive'>): string {
  const words = endWords[end].charAt(0).toUpperCase() + endWords[end].slice(1);
  if (end === 'observed') {
    return `${words}. ${withoutActive === null ? 'No engine runs until a person starts one.' : 'Its engine goes on.'}`;
  }
  if (withoutActive?.worst === 0) return `${words}. It has an Active all the time.`;
  const unknown = withoutActive?.atLeast ? ' What was not measured yet comes on top.' : '';
  return `${words}. Without an Active ${withoutActiveWords(withoutActive)}.${unknown}`;
}

/** What becomes of messages. Pure. */
export function messagesSentence(
  { fault, withoutActive, mayLose }: Pick<FaultCourse, 'fault' | 'withoutActive' | 'mayLose'>,
  { storage, pollers }: Pick<ClusterBehaviour, 'storage' | 'pollers'>,
): string {
  if (fault.messages !== undefined) return `Messages: ${lowered(fault.messages)}`;
  if (withoutActive?.worst === 0) return 'Messages: they are taken on and worked on as before.';
  const kept =
    storage === 'shared'
      ? 'what was acknowledged lies in the shared directory, for whoever is Active next'
      : mayLose
        ? 'what was acknowledged after the last complete copy may be lost'
        : 'what was acknowledged lies where it is worked on next';
  const polled = pollers > 0 ? '; pollers fetch nothing meanwhile' : '';
  return `Messages: senders get no acknowledgement meanwhile, wait, and send again, for ten minutes as a rule; ${kept}; one whose acknowledgement was lost comes twice${polled}.`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What it is, as it is met; a site that is only observed meets it as if this product were not there. */
export function happensSentence({ fault, end }: Pick<FaultCourse, 'fault' | 'end'>): string {
  return end === 'observed' ? observedSentence : fault.happens;
}

/** Of a site whose agents only look. */
export const observedSentence =
  'This site is only observed: agents tell what they would decide, and nothing is started, stopped, moved or killed, whatever happens. Armed, it would do what stands behind each decision.';

/** What the times count in the worst case only, since a takeover waits so long at most; null: nothing. Pure. */
export function waitsSentence({
  cutSeconds,
  mountSeconds,
}: Pick<ClusterBehaviour, 'cutSeconds' | 'mountSeconds'>): string | null {
  const waits = [
    ...(cutSeconds === undefined ? [] : [`${cutSeconds} s for the program that cuts storage off`]),
    ...(mountSeconds === undefined ? [] : [`${mountSeconds} s for the mount of the directory`]),
  ];
  if (waits.length === 0) return null;
  return `A takeover waits up to ${waits.join(' and up to ')}: that is counted in the worst case only.`;
}

/** What the fault means for the other clusters of the site; null: there are none. Pure. */
export function othersSentence(
  { group, hits = 'active' }: Pick<Fault, 'group' | 'hits'>,
  cluster: ClusterBehaviour,
  { clusters, mode }: Pick<SiteBehaviour, 'clusters' | 'mode'>,
): string | null {
  const others = clusters.filter((other) => other.cluster !== cluster.cluster);
  if (others.length === 0 || mode === 'observe') return null;
  if (group === 'Network' || group === 'Lease store') {
    return `${names(others)}: the same cut is met there too, and each cluster decides by a lease of its own.`;
  }
  if (group === 'Load balancer')
    return `${names(others)}: met there too, where the same balancer stands before them.`;
  if (group === 'Storage and disks' || group === 'Clocks and certificates') {
    return `${names(others)}: each has a directory, a certificate and a lease of its own; a disk or a clock of the server is met by all that stand on it.`;
  }
  if (group !== 'Server') {
    return `${names(others)}: not touched, with engine, queues, agent and lease of ${others.length > 1 ? 'their' : 'its'} own.`;
  }
  if (hits === 'both')
    return `${names(others)}: loses both servers too, and goes the same way by its own lease.`;
  const { server } = membersOf(cluster)[hits];
  const same = others.filter((other) => membersOf(other).active.server === server);
  const stay = others.filter((other) => !same.includes(other));
  const told = [
    ...(same.length > 0
      ? [`${names(same)}: Active on the same server, and goes the same way by its own lease.`]
      : []),
    ...(stay.length > 0 ? [`${names(stay)}: Active on the other server, and stays there.`] : []),
  ];
  return told.join(' ');
}

function names(clusters: readonly ClusterBehaviour[]): string {
  return clusters.map(({ cluster }) => cluster).join(', ');
}

function tenth(seconds: number): string {
  return String(Math.round(seconds * 10) / 10);
}
