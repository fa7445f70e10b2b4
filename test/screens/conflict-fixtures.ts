import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { memberSnapshot } from './member-fixture.ts';
import { clusterOf, healthy } from './site-fixture.ts';

/** ig-south finds its own engine running although ig-north holds the lease, and stops it. */
export function conflict(): ConsoleSnapshot {
  const snapshot = healthy();
  const south = southOf(snapshot);
  south.role = { observed: 'stopping', wanted: 'passive', sinceMs: 600 };
  south.engine.process.value = 'running';
  south.decision = {
    ruleId: 'R04',
    diagnosis: 'engine-without-lease',
    verdict: 'act',
    headline: 'ig-south stops its engine at once',
    reason: 'it runs without a lease',
    sinceMs: 600,
    ageMs: 300,
    facts: [
      { name: 'Engine', text: 'runs without a lease', ageMs: 300, ok: false, source: 'service manager' },
    ],
  };
  return snapshot;
}

/** Somebody started an engine on ig-south by hand, out of reach of gate and guards. */
export function conflictOutside(): ConsoleSnapshot {
  const snapshot = healthy();
  const south = southOf(snapshot);
  const seen = 'process 4711 listens on port 6661 of ADT';
  south.blockers = [
    {
      code: 'engine-outside',
      reason: `An engine runs there outside its service: ${seen}.`,
      remedy: 'Find out who started it, and end it by hand.',
    },
  ];
  south.evidence = {
    ...south.evidence!,
    role: {
      role: 'conflict',
      confidence: 'high',
      sentence: `An engine outside its service: ${seen}.`,
      signals: [
        ...south.evidence!.role.signals.filter(({ name }) => name !== 'outsider'),
        { name: 'outsider', says: 'active', text: seen, ageMs: 900 },
      ],
    },
  };
  south.decision = {
    ruleId: 'R55',
    diagnosis: 'conflict-while-passive',
    verdict: 'ask-admin',
    headline: 'ig-south stays Passive',
    reason: `an engine works here outside its service: ${seen}`,
    sinceMs: 41_000,
    ageMs: 300,
    facts: [{ name: 'Outsider', text: seen, ageMs: 900, ok: false, source: 'ports and open files' }],
  };
  return snapshot;
}

/** Both members serve: what no rule allows, and what a false statement about a server can make. */
export function conflictTwoActive(): ConsoleSnapshot {
  const snapshot = healthy();
  const south = clusterOf(snapshot, 'WK1').members[1]!;
  south.snapshot = {
    ...memberSnapshot({
      cluster: 'WK1',
      server: 'ig-south',
      peer: 'ig-north',
      role: 'active',
      epoch: 1_047,
      perSecond: 6.1,
      queued: 12,
    }),
    preferred: false,
  };
  return snapshot;
}

function southOf(snapshot: ConsoleSnapshot): MemberSnapshot {
  return clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
}
