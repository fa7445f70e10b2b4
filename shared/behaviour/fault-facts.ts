import type { FactChanges } from '../failover/constructed-facts.ts';
import { leaseInstants } from '../lease/timing.ts';
import type { ClusterBehaviour } from './behaviour-site.ts';
import type { FaultScene } from './fault-scene.ts';
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

/** The engine has ended, for the n-th time within ten minutes. */
export function crashed(crashes: number): FactChanges {
  return {
    serving: false,
    engine: { process: { value: 'stopped' }, api: { value: false, why: 'the engine is stopped' }, crashes },
  };
}

const promised = { period: { e: 5, n: 1 }, sinceMs: 10_000 } as const;
/** The Active lives on the promise of the other one. */
export const onPromise: FactChanges = { peerMode: { livesOn: promised } };
/** The Passive has given it. */
export const promiseGiven: FactChanges = { peerMode: { given: promised } };

/** A lease store that has lost its memory: it answers, and is not used. */
export const forgetfulStore = {
  storeReachable: false,
  trouble: 'it knows epoch 0 only, this member 5: it has lost its memory',
  answeredMs: 5_000,
} as const;

/** Its state cannot be written. */
export const noRoom: FactChanges = { memory: { unwritable: 'ENOSPC: no space left on device' } };

/** Renewals take about as long as they may. */
export function answeredLate({ timing: { H, O } }: ClusterBehaviour): FactChanges {
  return { lease: { answeredMs: (H + O) * 1000 } };
}

/** The former Active after a boot, beside the other one, which is Passive: nobody holds a lease. */
export function afterBoot(scene: FaultScene): FactChanges {
  return {
    ...crashed(0),
    peer: { role: 'passive', engineRunning: false },
    lease: { ...leaseFree(scene).lease, held: false, leftMs: 0 },
    storage: { provenEpoch: null },
  };
}

/** The same alone, after the lease that the other one had meanwhile. */
export function afterSecondLease(scene: FaultScene): FactChanges {
  const { passive } = membersOf(scene);
  const lease = { held: false, leftMs: 0, holder: passive.server, lastHolder: passive.server };
  return { ...afterBoot(scene), ...silentPeer, lease: { ...lease, storeEpoch: 6, freeInMs: 0 } };
}

/** When its last complete copy was made, is told by a clock that began anew. */
export function copyFromBeforeBoot({ storage }: FaultScene): FactChanges {
  return storage === 'copied' ? { storage: { copied: { state: { whole: { readAtMs: null } } } } } : {};
}

const triedOften = (why: string) => ({ count: 3, forMs: 30_000, agoMs: 1_000, why });

/** The engine runs again, and none of its components could be switched on. */
export const halfStarted = {
  serving: false,
  engine: { components: { value: { on: 0, total: 3 } }, crashes: 1 },
  failures: { 'start-components': triedOften('it is in safe mode, or its licence is exceeded') },
} as const satisfies FactChanges;

/** The engine is stopped, and no guard could be brought to beat. */
export const withoutGuards: FactChanges = {
  ...crashed(0),
  guards: { beating: 0 },
  failures: { 'restart-guards': triedOften('no guard beats') },
};

/** It has the lease in a move, and cannot prove its storage. */
export function unprovenTaker({ storage }: FaultScene): FactChanges {
  return {
    ...crashed(0),
    failures: { 'prove-storage': triedOften('the directory does not answer') },
    storage: {
      provenEpoch: 5,
      ...(storage === 'copied' && { copied: { state: { givenEpoch: 6 } } }),
    },
  };
}

/** The lease of the former Active has run out, which is heard and may not acquire yet with its new state. */
export function besideNewState(scene: FaultScene): FactChanges {
  const blocker = { code: 'unclean-end', reason: 'Its own last lease did not end cleanly.', remedy: 'Wait.' };
  return { ...leaseFree(scene), peer: { role: 'passive', engineRunning: false, blockers: [blocker] } };
}
