import { balancerTitles } from '../balancer/balancer-kinds.ts';
import { draftPolicy } from './draft-timing.ts';
import { setupStepNames, type SetupDraft, type SetupStepName } from './draft.ts';
import { setupGaps } from './gaps.ts';
import type { MeasuredTimes } from './measured-times.ts';
import type { SetupView } from './setup-view.ts';

export const setupStepTitles: Record<SetupStepName, string> = {
  servers: 'Servers',
  preflight: 'Preflight',
  design: 'Design',
  clusters: 'Clusters',
  balancer: 'Load balancer',
  storage: 'Storage',
  'lease-store': 'Lease store',
  timing: 'Timing',
  review: 'Review',
  install: 'Install',
  baseline: 'Baseline',
};

/** What a finished step has chosen, in a few words; empty when there is nothing to say. */
export function stepSummary(draft: SetupDraft, step: SetupStepName): string {
  switch (step) {
    case 'servers': {
      const pinned = draft.servers.filter(({ ssh }) => ssh.hostKey !== null).length;
      return pinned === draft.servers.length
        ? `${pinned} reached, keys pinned`
        : `${pinned} of ${draft.servers.length} reached`;
    }
    case 'design':
      return draft.design === null
        ? ''
        : draft.design === 'multi-cluster'
          ? 'Multi-Cluster'
          : 'Active–Passive';
    case 'clusters':
      return draft.clusters.map(({ id }) => id).join(', ');
    case 'balancer':
      return balancerSummary(draft);
    case 'storage':
      return draft.clusters.length === 0
        ? ''
        : `${storageWords(draft)}${draft.clusters.length === 1 ? 'one directory' : `${draft.clusters.length} directories`}`;
    case 'lease-store':
      return leaseStoreSummary(draft);
    case 'timing':
      return timingSum(draft);
    case 'preflight':
    case 'review':
    case 'install':
    case 'baseline':
      return '';
  }
}

function balancerSummary(draft: SetupDraft): string {
  const { kind, server } = draft.balancer;
  if (setupGaps(draft, 'balancer').length > 0) return '';
  return kind === 'haproxy' ? `${nameOf(draft, server)}, HAProxy` : balancerTitles[kind];
}

function leaseStoreSummary(draft: SetupDraft): string {
  const { leaseStore } = draft;
  return leaseStore.kind === 'witness'
    ? nameOf(draft, leaseStore.server)
    : `etcd, ${leaseStore.endpoints.map(({ address }) => address).join(', ')}`;
}

function nameOf({ servers }: SetupDraft, id: string | null): string {
  return servers.find((server) => server.id === id)?.name ?? '';
}

/**
 * The furthest step that the values allow: every step before it has no gaps. What the servers say (preflight, install)
 * is added by whoever knows it.
 */
export function furthestStep(draft: SetupDraft, measured?: MeasuredTimes): SetupStepName {
  return setupStepNames.find((step) => setupGaps(draft, step, measured).length > 0) ?? 'install';
}

/**
 * Where a setup that was left goes on: behind what was said, or where the servers were last at work in this session.
 * Nothing is installed before the review was seen.
 */
export function stepToGoOnAt({ draft, preflight, install, measured }: SetupView): SetupStepName {
  if (install.work.state === 'done') return 'baseline';
  if (install.work.state !== 'never') return 'install';
  const furthest = furthestStep(draft, measured.times);
  if (furthest === 'design' && preflight.work.state !== 'done') return 'preflight';
  return furthest === 'install' ? 'review' : furthest;
}

/** Whether something was said and kept that is not the site shown already. */
export function isSetupBegun({ draft, savedMs }: SetupView, shownSite: string | null): boolean {
  const said = draft.site.name !== '' || draft.servers.length > 0;
  return savedMs !== null && said && draft.site.id !== shownSite;
}

export function stepAfter(step: SetupStepName): SetupStepName | null {
  return setupStepNames[setupStepNames.indexOf(step) + 1] ?? null;
}

export function stepBefore(step: SetupStepName): SetupStepName | null {
  return setupStepNames[setupStepNames.indexOf(step) - 1] ?? null;
}

function storageWords({ clusters }: SetupDraft): string {
  const copied = clusters.filter(({ storage }) => storage === 'copied').length;
  if (copied === 0) return 'shared, ';
  return copied === clusters.length ? 'copied, no-loss not met, ' : `${copied} copied (no-loss not met), `;
}

function timingSum({ timing }: SetupDraft): string {
  const policy = draftPolicy(timing);
  if (timing === null || policy === null) return '';
  return `${typeof timing === 'string' ? timing : 'own times'}, T = ${policy.T} s`;
}
