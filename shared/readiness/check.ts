import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { ClusterScene, SiteScene } from './scene.ts';

/**
 * ok · warning: works, and should be looked at · failed: must be mended · unknown: could not be seen, which counts as
 * not ready and says what is missing · not-applicable: this site has nothing to check there.
 */
export const readinessVerdicts = ['ok', 'warning', 'failed', 'unknown', 'not-applicable'] as const;
export type ReadinessVerdict = (typeof readinessVerdicts)[number];

/** Sections of the page and of the report, in their order. */
export const readinessSections = {
  design: 'Design and plan',
  infrastructure: 'Infrastructure',
  storage: 'Storage',
  balancer: 'Load balancer',
  engine: 'Engine and licence',
  heartbeat: 'Heartbeat and timing',
  security: 'Security',
  operations: 'Operations',
  drills: 'Drills',
} as const;
export type ReadinessSection = keyof typeof readinessSections;

/** The four stages of getting started. */
export const readinessStages = {
  design: 'Select the design',
  infrastructure: 'Validate infrastructure requirements',
  behaviour: 'Plan failover behaviour',
  operations: 'Review operational readiness',
} as const;
export type ReadinessStage = keyof typeof readinessStages;

/** What the two designs guarantee; the last one holds for Multi-Cluster only. */
export const guarantees = {
  failover: 'automatic failover when a server fails',
  'no-loss': 'no message is lost',
  position: 'work goes on at the right queue position',
  order: 'the order of messages is kept',
  isolation: 'a failover of one cluster does not touch the others',
} as const;
export type Guarantee = keyof typeof guarantees;

/** What the two designs require. */
export const requirements = {
  instances: 'two instances',
  balancer: 'a load balancer for LLP and HTTP',
  storage: 'highly available storage or synchronisation',
  heartbeat: 'reliable heartbeat and fault detection',
  partition: 'clusters of their own, and discipline in dividing the work',
} as const;
export type Requirement = keyof typeof requirements;

/** Where a person goes on from an open check. */
export type CheckPlace =
  | 'cluster'
  | 'servers'
  | 'setup'
  | 'timeline'
  | 'recovery-kit'
  | 'maintenance'
  | 'move'
  | 'advisor'
  | 'behaviour'
  | 'notifications';

/** Who or what sees it: agents on the servers, SSH from this workstation, the way through the balancer, or a person. */
export type SeenBy = 'agent' | 'SSH' | 'balancer' | 'person';

/** What one look at one subject says. */
export interface Judged {
  readonly verdict: ReadinessVerdict;
  /** A sentence or clause with the names and numbers of this case. For unknown: what is missing to know it. */
  readonly finding: string;
  /** Age of what it rests on; null: it does not come from an observation, or nothing was ever seen. */
  readonly ageMs: number | null;
  /** What to do in this very case, where that is known better than by the check. */
  readonly remedy?: string;
}

/** How a check is judged. Pure; `member` is judged on every member and joined, so that a server can judge its own. */
export type HowJudged =
  | { readonly by: 'agent'; readonly member: (snapshot: MemberSnapshot) => Judged }
  | { readonly by: Exclude<SeenBy, 'person'>; readonly cluster: (scene: ClusterScene) => Judged }
  | { readonly by: Exclude<SeenBy, 'person'>; readonly site: (scene: SiteScene) => Judged }
  | {
      readonly by: 'person';
      /** What a person is asked about: the site as a whole, or each cluster. */
      readonly asks: 'site' | 'cluster';
      /** How long an answer counts. */
      readonly validDays: number;
      /** What needs no person on this site, because the product does it or there is nothing to ask; null: ask. */
      readonly settled?: (scene: SiteScene) => Judged | null;
    };

export interface CheckDefinition {
  /** Short and stable: people, reports and answers name it by that. */
  readonly id: string;
  /** The state that is wanted: `Both guards beat`. */
  readonly title: string;
  /** Why it matters, one sentence. */
  readonly why: string;
  readonly protects: readonly Guarantee[];
  readonly requires?: Requirement;
  readonly section: ReadinessSection;
  readonly stage: ReadinessStage;
  readonly remedy: string;
  /** How often it should be looked at. */
  readonly every: string;
  readonly how: HowJudged;
  readonly place?: CheckPlace;
}

export const ok = (finding: string, ageMs: number | null = null): Judged => ({
  verdict: 'ok',
  finding,
  ageMs,
});
export const warning = (finding: string, ageMs: number | null = null, remedy?: string): Judged => ({
  verdict: 'warning',
  finding,
  ageMs,
  ...(remedy === undefined ? {} : { remedy }),
});
export const failed = (finding: string, ageMs: number | null = null, remedy?: string): Judged => ({
  verdict: 'failed',
  finding,
  ageMs,
  ...(remedy === undefined ? {} : { remedy }),
});
/** @param finding says what is missing to know it */
export const unknown = (finding: string, remedy?: string): Judged => ({
  verdict: 'unknown',
  finding,
  ageMs: null,
  ...(remedy === undefined ? {} : { remedy }),
});
export const notApplicable = (finding: string): Judged => ({
  verdict: 'not-applicable',
  finding,
  ageMs: null,
});

const rank: Record<ReadinessVerdict, number> = {
  failed: 0,
  unknown: 1,
  warning: 2,
  ok: 3,
  'not-applicable': 4,
};

/** For sorting: what asks for attention first. */
export function worstFirst(one: ReadinessVerdict, other: ReadinessVerdict): number {
  return rank[one] - rank[other];
}

/** Several looks as one: the worst verdict with everything that led to it, and the oldest age. */
export function joinJudged(found: readonly Judged[]): Judged {
  const worst = [...found].sort((one, other) => worstFirst(one.verdict, other.verdict))[0];
  if (worst === undefined) return notApplicable('There is nothing to look at.');
  const same = found.filter(({ verdict }) => verdict === worst.verdict);
  const ages = same.flatMap(({ ageMs }) => ageMs ?? []);
  const remedies = [...new Set(same.flatMap(({ remedy }) => remedy ?? []))];
  return {
    verdict: worst.verdict,
    finding: [...new Set(same.map(({ finding }) => finding))].join('; '),
    ageMs: ages.length === 0 ? null : Math.max(...ages),
    ...(remedies.length === 0 ? {} : { remedy: remedies.join(' ') }),
  };
}
