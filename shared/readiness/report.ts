import * as z from 'zod/mini';
import { formatSpan } from '../fleet/age.ts';
import { clusterVerdict } from '../fleet/cluster-verdict.ts';
import { recoveryEstimate } from '../fleet/recovery.ts';
import { siteSentence } from '../fleet/site-sentence.ts';
import { endpointText } from '../site/etcd-rules.ts';
import {
  guarantees,
  readinessSections,
  readinessStages,
  requirements,
  type CheckDefinition,
  type ReadinessStage,
} from './check.ts';
import { readinessChecks } from './checks/all.ts';
import { isUnmet, SubjectResult, tally, Tally, type CheckResult } from './results.ts';
import { clusterScenes, type SiteScene } from './scene.ts';
import { localTime, zoneWords } from '../report/local-time.ts';

const ReportedCheck = z.object({
  id: z.string(),
  title: z.string(),
  section: z.string(),
  stage: z.string(),
  why: z.string(),
  /** Guarantees of the design that rest on it, in words. */
  protects: z.array(z.string()),
  /** The requirement of the design that it shows, in words; null: none. */
  requires: z.nullable(z.string()),
  seenBy: z.string(),
  every: z.string(),
  verdict: SubjectResult.shape.verdict,
  subjects: z.array(z.object({ ...SubjectResult.shape, judgedAt: z.string() })),
});

/** A readiness report without its hash: what the hash is made of. */
export const ReportBody = z.object({
  kind: z.literal('ixha-readiness-report'),
  schema: z.literal(1),
  site: z.object({ id: z.string(), name: z.string(), documentVersion: z.int(), demo: z.boolean() }),
  /** UTC, and the same for people with the zone that they live in. */
  madeAt: z.string(),
  madeAtLocal: z.string(),
  timeZone: z.string(),
  operator: z.object({ name: z.string(), role: z.string() }),
  versions: z.object({ console: z.string(), agents: z.array(z.string()), engines: z.array(z.string()) }),
  design: z.string(),
  timing: z.string(),
  leaseStore: z.string(),
  sentence: z.string(),
  detail: z.string(),
  recovery: z.string(),
  clusters: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      canFailOver: z.string(),
      verdict: z.string(),
      met: z.int(),
      of: z.int(),
    }),
  ),
  tally: Tally,
  stages: z.array(z.object({ title: z.string(), met: z.int(), of: z.int() })),
  checks: z.array(ReportedCheck),
  /** What this installation does not promise, as sentences. */
  limits: z.array(z.string()),
});
export type ReportBody = z.infer<typeof ReportBody>;

/** A readiness report as it is exported: `sha256` is that of the canonical JSON of everything else. */
export const ReadinessReport = z.object({ ...ReportBody.shape, sha256: z.string() });
export type ReadinessReport = z.infer<typeof ReadinessReport>;

export interface ReportInputs {
  readonly scene: SiteScene;
  readonly results: readonly CheckResult[];
  /** When a check was judged, as ISO time. */
  readonly judgedAt: (check: string) => string;
  /** ISO time of the making. */
  readonly now: string;
  readonly timeZone: string;
  readonly operator: ReportBody['operator'];
  readonly consoleVersion: string;
}

/** Puts a report together from what was found. Pure. */
export function reportBody(inputs: ReportInputs): ReportBody {
  const { scene, results, judgedAt, now, timeZone, operator, consoleVersion } = inputs;
  const { document, sight } = scene;
  const said = siteSentence(sight);
  const counts = tally(results);
  return {
    kind: 'ixha-readiness-report',
    schema: 1,
    site: { id: document.id, name: document.name, documentVersion: document.version, demo: sight.site.demo },
    madeAt: now,
    madeAtLocal: localTime(now, timeZone),
    timeZone: zoneWords(now, timeZone),
    operator,
    versions: versionsOf(scene, consoleVersion),
    design:
      document.clusters.length === 1
        ? 'Active–Passive'
        : `Multi-Cluster, ${document.clusters.length} clusters`,
    timing: [...new Set(document.clusters.map(timingWords))].join('; '),
    leaseStore:
      document.leaseStore.kind === 'witness'
        ? sight.store.name
        : `etcd ${document.leaseStore.endpoints.map(endpointText).join(', ')}`,
    sentence: said.sentence,
    detail: `${talliedWords(counts)} ${said.detail}`.trim(),
    recovery: recoveryWords(scene),
    clusters: clusterScenes(scene).map(({ document: cluster, sight: seen }) => ({
      id: cluster.id,
      title: cluster.title,
      canFailOver: clusterVerdict(seen).kind,
      verdict: verdictWords(seen),
      ...countedFor(results, cluster.id),
    })),
    tally: counts,
    stages: (Object.keys(readinessStages) as ReadinessStage[]).map((stage) => stageOf(results, stage)),
    checks: readinessChecks.flatMap((check) => {
      const result = results.find((one) => one.check === check.id);
      return result === undefined ? [] : [reported(check, result, judgedAt(check.id))];
    }),
    limits: limitsOf(scene),
  };
}

/** `43 of 47 checks are met, 3 are open.` */
export function talliedWords({ of, met, failed, unknown, warning, snoozed }: Tally): string {
  const parts = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(warning > 0 ? [`${warning} to look at`] : []),
    ...(snoozed > 0 ? [`${snoozed} put aside`] : []),
  ];
  return `${met} of ${of} checks are met${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

/** How many checks of one stage are met. */
export function stageOf(results: readonly CheckResult[], stage: ReadinessStage) {
  const own = readinessChecks.filter((check) => check.stage === stage).map(({ id }) => id);
  const { met, of } = tally(results.filter(({ check }) => own.includes(check)));
  return { title: readinessStages[stage], met, of };
}

function reported(
  check: CheckDefinition,
  result: CheckResult,
  judgedAt: string,
): ReportBody['checks'][number] {
  return {
    id: check.id,
    title: check.title,
    section: readinessSections[check.section],
    stage: readinessStages[check.stage],
    why: check.why,
    protects: check.protects.map((one) => guarantees[one]),
    requires: check.requires === undefined ? null : requirements[check.requires],
    seenBy: check.how.by,
    every: check.every,
    verdict: result.verdict,
    subjects: result.subjects.map((subject) => ({ ...subject, judgedAt })),
  };
}

function countedFor(results: readonly CheckResult[], cluster: string): { met: number; of: number } {
  const own = results
    .flatMap(({ subjects }) => subjects.filter(({ subject }) => subject === cluster))
    .filter(({ verdict }) => verdict !== 'not-applicable');
  return { met: own.filter(({ verdict }) => !isUnmet(verdict)).length, of: own.length };
}

function verdictWords(sight: SiteScene['sight']['clusters'][number]): string {
  const { sentence, detail, findings } = clusterVerdict(sight);
  const rest = detail === '' ? findings.map(({ title }) => title).join('; ') : detail;
  return rest === '' ? `${sentence}.` : `${sentence}. ${rest}${/[.!?]$/.test(rest) ? '' : '.'}`;
}

function versionsOf({ sight }: SiteScene, consoleVersion: string): ReportBody['versions'] {
  const members = sight.clusters.flatMap(({ members: own }) => own);
  const agents = [...members, sight.store].flatMap(({ snapshot }) => snapshot?.productVersion ?? []);
  const engines = members.flatMap(({ snapshot }) => snapshot?.engine.api.value?.version ?? []);
  return { console: consoleVersion, agents: [...new Set(agents)], engines: [...new Set(engines)] };
}

function timingWords({ id, timing }: SiteScene['document']['clusters'][number]): string {
  return typeof timing === 'string' ? `Preset ${timing}` : `${id}: T ${timing.T} s`;
}

function recoveryWords({ sight, goalSeconds }: SiteScene): string {
  const goal = goalSeconds === null ? 'No goal is stated.' : `Goal: ${goalSeconds} s.`;
  const told = sight.clusters.flatMap((cluster) => {
    const active = cluster.members.find(({ role }) => role.kind === 'active');
    const estimate = recoveryEstimate(cluster, active);
    if (estimate === null) return [];
    const { typicalMs, worstMs } = estimate;
    return [`${cluster.cluster.id} typical ${formatSpan(typicalMs)}, worst ${formatSpan(worstMs)}`];
  });
  if (told.length === 0) return `The time without an Active after a power failure is not known. ${goal}`;
  return `Computed time without an Active after a power failure: ${told.join('; ')}. ${goal}`;
}

function limitsOf({ document }: SiteScene): string[] {
  const copied = document.clusters.filter(({ storage }) => storage.kind === 'copied').map(({ id }) => id);
  return [
    ...(copied.length === 0
      ? []
      : [`${copied.join(', ')}: no loss is not guaranteed, since the directory is copied, not shared.`]),
    'A virtual machine that was paused and goes on may write until its guards have turned once: agree on snapshots and migration (S12).',
    'With the lease store and the other member lost at once the Active stops by itself: only a person may force a takeover then.',
    'A message that a sender has given up is not known to the cluster: senders must try again for longer than the worst recovery time (E13).',
  ];
}
