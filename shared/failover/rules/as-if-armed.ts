import type { MemberFacts } from '../member-facts.ts';

/**
 * The facts of an observing member as they would be if the site were armed: whoever's engine runs holds the lease, and
 * guards beat on both servers. Everything that was really looked at stays as it was seen. Pure.
 */
export function asIfArmed(f: MemberFacts): MemberFacts {
  const { mode: _observes, ...self } = f.self;
  const armed = { ...f, self, guards: { beating: 2, allSilent: false }, inherited: null, acquireWaitMs: 0 };
  if (f.engine.process.value !== 'stopped' && f.engine.process.value !== null) return withLease(armed);
  if (f.peer.heard && f.peer.engineRunning === true) {
    const lease = { ...f.lease, holder: f.peer.server, lastHolder: f.peer.server, freeInMs: termMs(f) };
    return { ...armed, lease, peer: { ...f.peer, role: 'active' } };
  }
  return { ...armed, lease: { ...f.lease, freeInMs: f.lease.storeReachable ? 0 : f.lease.freeInMs } };
}

function withLease(f: MemberFacts): MemberFacts {
  const { epoch } = f.memory;
  const storage = { ...f.storage, provenEpoch: epoch, newerGeneration: null, aheadOfStore: null };
  return {
    ...f,
    lease: {
      ...f.lease,
      held: true,
      leftMs: termMs(f),
      holder: f.self.server,
      lastHolder: f.self.server,
      freeInMs: termMs(f),
    },
    engine: { ...f.engine, startedEpoch: epoch, pollersStarted: true },
    storage,
    serving: true,
  };
}

function termMs({ timing }: MemberFacts): number {
  return timing.T * 1000;
}
