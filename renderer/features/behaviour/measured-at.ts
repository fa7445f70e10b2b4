import type { ClusterBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { recoveryEstimate } from '../../../shared/fleet/recovery.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { MeasuredTimes, Spread } from '../../../shared/setup/measured-times.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';

/** What the agents of a site have measured last where a cluster would go; one measurement is best and worst. Pure. */
export function measuredAt(site: SiteSight, { cluster }: Pick<ClusterBehaviour, 'cluster'>): MeasuredTimes {
  const sight = site.clusters.find((one) => one.cluster.id === cluster);
  if (sight === undefined) return nothingMeasured;
  const active = sight.members.find((member) => member.role.kind === 'active');
  const estimate = recoveryEstimate(sight, active);
  return {
    ...nothingMeasured,
    renewal: once(active?.snapshot?.store.roundTripMs ?? null),
    storageProof: once(estimate?.storageMs ?? null),
    engineStart: once(estimate?.engineStart?.ms ?? null),
  };
}

function once(ms: number | null): Spread | null {
  return ms === null ? null : { best: ms / 1000, typical: ms / 1000, worst: ms / 1000 };
}
