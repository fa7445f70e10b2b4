import { clusterVerdict, isReady, type ClusterVerdict } from './cluster-verdict.ts';
import type { Finding } from './finding.ts';
import { endSentence } from './wording.ts';
import type { SiteSight } from './sight.ts';

/** ready: every cluster can fail over · maintenance: a person holds one still or has not armed it, the others can · caution: one is not ready · danger: messages wait or are at risk. */
export type SiteTone = 'ready' | 'unknown' | 'maintenance' | 'danger';

export interface SiteSentence {
  readonly tone: SiteTone;
  readonly sentence: string;
  /** The line below it: what to know besides. */
  readonly detail: string;
}

/** The state of the whole site in one sentence. */
export function siteSentence(sight: SiteSight): SiteSentence {
  const verdicts = sight.clusters.map((cluster) => ({
    id: cluster.cluster.id,
    verdict: clusterVerdict(cluster),
  }));
  const open = verdicts.filter(({ verdict }) => !isReady(verdict));
  const ready = verdicts.filter(({ verdict }) => isReady(verdict));
  if (open.length === 0) {
    const atRisk = verdicts.some(({ verdict }) => verdict.findings.some(isDanger));
    return {
      tone: atRisk ? 'danger' : 'ready',
      sentence: allReady(verdicts.map(({ id }) => id)),
      detail: cautionDetail(verdicts),
    };
  }
  const held = open.every(({ verdict }) => ['maintenance', 'observing'].includes(verdict.kind));
  const worst = open.every(({ verdict }) => ['not-known', 'changing'].includes(verdict.kind))
    ? 'unknown'
    : 'danger';
  return {
    tone: held ? 'maintenance' : worst,
    sentence: openSentence(open),
    detail: [firstReason(open[0]!.verdict), restReady(ready.map(({ id }) => id))].filter(Boolean).join(' '),
  };
}

/** At most two sentences; clusters in the same state share one. */
function openSentence(open: readonly { id: string; verdict: ClusterVerdict }[]): string {
  const kinds = new Set(open.map(({ verdict }) => verdict.kind));
  const said = sharedWords[open[0]!.verdict.kind];
  if (kinds.size === 1 && open.length > 1 && said) {
    const ids = open.map(({ id }) => id);
    const names =
      ids.length <= 3 ? `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}` : `${ids.length} clusters`;
    return `${names} ${said}`;
  }
  const more = open.length > 2 ? `, and ${open.length - 2} more` : '';
  return `${open
    .slice(0, 2)
    .map(({ verdict }) => verdict.sentence)
    .join('. ')}${more}`;
}

const sharedWords: Partial<Record<ClusterVerdict['kind'], string>> = {
  cannot: 'cannot fail over',
  'no-active': 'have no Active',
  maintenance: 'are in maintenance',
  observing: 'are only observed, nothing is done',
};

function allReady(ids: readonly string[]): string {
  if (ids.length === 1) return `${ids[0]} can fail over now`;
  return ids.length === 2
    ? 'Both clusters can fail over now'
    : `All ${ids.length} clusters can fail over now`;
}

function cautionDetail(verdicts: readonly { id: string; verdict: ClusterVerdict }[]): string {
  const cautions = verdicts.filter(({ verdict }) => verdict.findings.length > 0);
  if (cautions.length === 0) return 'Every Active is heard, and every Passive is ready to take over.';
  const worst = cautions.map(({ verdict }) => verdict.findings.find(isDanger) ?? verdict.findings[0]!);
  return worst.map(({ title }) => endSentence(title)).join(' ');
}

function isDanger({ severity }: Finding): boolean {
  return severity === 'danger';
}

function firstReason(verdict: ClusterVerdict): string {
  if (verdict.detail !== '') return verdict.detail;
  const reason =
    verdict.findings.find((finding) => finding.severity === 'danger') ??
    verdict.findings.find((finding) => finding.severity === 'unknown');
  return reason ? endSentence(reason.title) : '';
}

function restReady(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  return ids.length === 1 ? `${ids[0]} can fail over now.` : `${ids.length} others can fail over now.`;
}
