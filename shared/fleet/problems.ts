import { formatSpan } from './age.ts';
import { clusterFindings, type Finding, type Root, type Severity } from './findings.ts';
import type { Problem } from './problem.ts';
import { reminderProblems } from './reminder-problems.ts';
import { serverName, type SiteSight } from './sight.ts';

const severityRank: Record<Severity, number> = { danger: 0, unknown: 1, warn: 2 };

/** Everything that asks for attention across all clusters, worst first; a dead server hides its children. */
export function siteProblems(sight: SiteSight): Problem[] {
  const byRoot = new Map<string, { root: Root; found: { cluster: string; finding: Finding }[] }>();
  for (const cluster of sight.clusters) {
    for (const finding of clusterFindings(cluster)) {
      const key = rootKey(finding.root);
      const entry = byRoot.get(key) ?? { root: finding.root, found: [] };
      entry.found.push({ cluster: cluster.cluster.id, finding });
      byRoot.set(key, entry);
    }
  }
  const found = [...byRoot.entries()].map(([key, entry]) => problemOf(sight, key, entry.root, entry.found));
  const { reminders = { drills: [], violated: [] } } = sight.site;
  return [...found, ...reminderProblems(reminders)].sort(
    (a, b) => severityRank[a.severity] - severityRank[b.severity],
  );
}

/** Problems that stop a failover or put messages at risk. */
export function countDangers(problems: readonly Problem[]): number {
  return problems.filter((problem) => problem.severity !== 'warn').length;
}

function problemOf(
  sight: SiteSight,
  key: string,
  root: Root,
  found: readonly { cluster: string; finding: Finding }[],
): Problem {
  const sorted = [...found].sort(
    (a, b) => severityRank[a.finding.severity] - severityRank[b.finding.severity],
  );
  const worst = sorted[0]!.finding;
  const clusters = [...new Set(found.map((entry) => entry.cluster))];
  const { severity, runbook } = worst;
  const base = {
    key,
    severity,
    clusters,
    ageMs: worst.ageMs,
    runbook,
    alarms: alarmsOf(found),
    leadsTo: null,
  };
  // Two clusters may say the very same of a shared server: it is said once.
  const lines = [...new Set(sorted.map(({ finding }) => `${finding.title}. ${finding.text}`))];
  const whole = root.kind === 'cluster' ? undefined : rootSentence(sight, root, lines.length);
  if (!whole) return { ...base, title: worst.title, text: worst.text, folded: [] };
  return {
    ...base,
    ...whole,
    ageMs: rootAge(sight, root) ?? worst.ageMs,
    folded: lines,
  };
}

/** Each alarm once, although two findings may rest on it. */
function alarmsOf(found: readonly { cluster: string; finding: Finding }[]): Problem['alarms'] {
  const all = found.flatMap(({ cluster, finding }) => finding.alarms.map((alarm) => ({ cluster, ...alarm })));
  const key = (alarm: (typeof all)[number]) => `${alarm.cluster} ${alarm.server} ${alarm.name}`;
  return [...new Map(all.map((alarm) => [key(alarm), alarm])).values()];
}

/** The sentence of a root that stands for several findings; undefined when its one finding says it better. */
function rootSentence(
  sight: SiteSight,
  root: Exclude<Root, { kind: 'cluster' }>,
  count: number,
): { title: string; text: string } | undefined {
  if (count < 2) return undefined;
  if (root.kind === 'path') {
    const [a, b] = root.ends.map((end) => serverName(sight.site, end));
    return { title: `${a} and ${b} do not hear each other`, text: followsFrom(count) };
  }
  const member = sight.clusters
    .flatMap((cluster) => cluster.members)
    .find((candidate) => candidate.server === root.server && candidate.silent);
  const name = serverName(sight.site, root.server);
  const heard = member ? member.heardMs : sight.store.heardMs;
  const silent = member !== undefined || sight.store.silent;
  const since = heard === null ? 'and was never heard' : `, last heard ${formatSpan(heard)} ago`;
  return {
    title: silent
      ? `${name} does not answer${heard === null ? ' ' : ''}${since}`
      : `${name} is not reached by the members`,
    text: `${silent ? 'From here a dead server and a cut network look the same. ' : ''}${followsFrom(count)}`,
  };
}

/** How long the root itself has not been heard; null when it is heard. */
function rootAge(sight: SiteSight, root: Root): number | null {
  if (root.kind !== 'server') return null;
  const ends = [...sight.clusters.flatMap((cluster) => cluster.members), sight.store];
  return ends.find((end) => end.server === root.server && end.silent)?.heardMs ?? null;
}

function followsFrom(count: number): string {
  return `${count} things follow from it.`;
}

function rootKey(root: Root): string {
  switch (root.kind) {
    case 'server':
      return `server ${root.server}`;
    case 'path':
      return `path ${[...root.ends].sort().join(' ')}`;
    case 'cluster':
      return `cluster ${root.cluster} ${root.what}`;
  }
}
