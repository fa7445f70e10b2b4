/** The past as lines for a terminal. Pure. */
import { factNames, type ThenFact } from './member-then.ts';
import { factWord, isSame, type Happened, type SiteDifference } from './site-difference.ts';
import type { ClusterThen, SiteThen } from './site-then.ts';

/** What each fact is called on screen and in lines. */
export const factTitles: Readonly<Record<(typeof factNames)[number], string>> = {
  role: 'Role',
  epoch: 'Epoch',
  lease: 'Lease',
  engine: 'Engine',
  store: 'Lease store',
  link: 'Other member',
  agent: 'Agent',
};

/** The site at an instant: each cluster with its members, each fact with the age of what told it. */
export function siteThenLines({ at, clusters }: SiteThen): string[] {
  return [
    `At ${at}, as the journals tell it. Ages are those of the records at that instant.`,
    ...clusters.flatMap((cluster) => ['', ...clusterLines(cluster)]),
    ...(clusters.length === 0 ? ['The journals tell nothing up to then.'] : []),
  ];
}

function clusterLines({ sentence, members, running, settings }: ClusterThen): string[] {
  return [
    sentence,
    ...settings.map(
      ({ name, value, by, at }) => `  ${name} ${value}${by === null ? '' : `, by ${by}`}, ${at}`,
    ),
    ...running.map(({ operation, sentence: said }) => `  Under way: ${operation}: ${said}`),
    ...members.flatMap((member) => [
      `  ${member.server}`,
      ...factNames.map((name) => `    ${factTitles[name].padEnd(13)} ${factLine(member[name])}`),
    ]),
  ];
}

function factLine(fact: ThenFact<string | number>): string {
  if ('why' in fact) return `not known    ${fact.why}`;
  return `${factWord(fact).padEnd(12)} ${ageWords(fact.ageMs)}, record ${fact.seq}: ${fact.sentence}`;
}

/** `4 s` · `3 min` · `5 h` · `2 d`, for ages of the past. */
export function ageWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** What changed between two instants. */
export function differenceLines(difference: SiteDifference, leftOut: number): string[] {
  const { from, to, facts, clusters, settings, operations, alarms } = difference;
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    `From ${from} to ${to}, as the journals tell it.`,
    ...(isSame(difference) ? ['Nothing is different.'] : []),
    ...clusters.flatMap(({ before, after }) => ['', `before  ${before}`, `after   ${after}`]),
    ...part(
      'Members',
      facts.map((one) => {
        const name = factTitles[one.fact].toLowerCase();
        return `${one.cluster} on ${one.server}, ${name}: ${one.before} before, ${one.after} after`;
      }),
    ),
    ...part('Settings', settings.map(happenedLine)),
    ...part('Changes that ended', operations.map(happenedLine)),
    ...part('Alarms', alarms.map(happenedLine)),
    ...(leftOut > 0 ? ['', `${leftOut} older changes and alarms between the two are left out.`] : []),
  ];
}

function happenedLine({ at, cluster, server, sentence }: Happened): string {
  return `${at} ${cluster} on ${server}: ${sentence}`;
}
