import type { FactChanges } from '../failover/constructed-facts.ts';
import { leaseInstants } from '../lease/timing.ts';
import type { ClusterBehaviour } from './behaviour-site.ts';
import { instantSpan } from './fault-instants.ts';
import { membersOf } from './healthy-members.ts';

/** The other member is not heard, and nothing of it is known. */
export const silentPeer = {
  peer: {
    reachable: false,
    heard: false,
    role: null,
    epoch: null,
    engineRunning: null,
    blockers: null,
    onPromise: null,
  },
} as const satisfies FactChanges;

/** The lease store does not answer. */
export const storeSilent = {
  lease: { storeReachable: false, trouble: 'no answer', answeredMs: 5_000 },
} as const satisfies FactChanges;

/** Neither of them is heard. */
export const cutOff = { ...silentPeer, ...storeSilent } as const satisfies FactChanges;

/** The lease of the Active has run out, and nobody has it. */
export function leaseFree(cluster: ClusterBehaviour) {
  const { active } = membersOf(cluster);
  return {
    lease: { holder: active.server, lastHolder: active.server, freeInMs: 0, storeRenewedMs: 0 },
    freeForMs: 0,
  } as const satisfies FactChanges;
}

/** What is left of the lease, in milliseconds, when the silence of an Active that renews no more is noticed. Pure. */
export function leaseLeftWhenSilent({ timing }: ClusterBehaviour): number {
  const noticed = instantSpan('peer-silent', timing)?.typical ?? 0;
  return Math.max(0, leaseInstants(timing).freeMs - timing.H * 500 - noticed * 1000);
}

/** The same by the count of the Active itself, which has noticed that nobody answers it. Pure. */
export function leaseLeftWhenCutOff({ timing }: ClusterBehaviour): number {
  const noticed = instantSpan('store-silent', timing)?.typical ?? 0;
  return Math.max(0, leaseInstants(timing).validMs - timing.H * 500 - noticed * 1000);
}
