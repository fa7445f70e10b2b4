import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { describeEngineTrouble } from '../../shared/engine/engine-trouble.ts';
import { describeStorageVerdict } from '../../shared/storage/storage-verdict.ts';
import { clusterOf, healthy } from './site-fixture.ts';

/** The Active's engine is silent, somebody writes late, and a queue did not go on where it was. */
export function evidenceBad(): ConsoleSnapshot {
  const snapshot = healthy();
  const north = clusterOf(snapshot, 'WK1').members[0]!.snapshot!;
  const evidence = north.evidence!;
  north.evidence = {
    role: {
      role: 'active',
      confidence: 'medium',
      sentence: 'It is Active: 4 of 5 signals agree, although its API does not answer.',
      signals: evidence.role.signals.map((signal) => {
        if (signal.name === 'api') return { ...signal, says: 'passive', text: 'its API does not answer' };
        if (signal.name !== 'components') return signal;
        return { ...signal, says: null, text: 'last seen 31 s ago: 14 of 14 components on', ageMs: 31_000 };
      }),
    },
    troubles: [describeEngineTrouble({ code: 'api-silent', seen: 'no answer to /component/list for 31 s' })],
    storage: {
      ...describeStorageVerdict({ code: 'late-write', seen: 'the agent of ig-south still writes there' }),
      lateWrite: { seen: 'the agent of ig-south still writes there', agoMs: 12_000 },
    },
    ledger: {
      ...evidence.ledger,
      own: { ...evidence.ledger.own!, queues: 1_130, queued: 287 },
      leftOff: ['Documents to archive'],
      comparison: {
        ...evidence.ledger.comparison!,
        verdict: 'gap',
        sentence:
          'Of 1130 queues 1 with a gap, 1 not known, 1128 went on where they were, compared with the last ledger that ig-south shared (epoch 46), which was not sealed.',
      },
    },
  };
  return snapshot;
}

/** Agents of an earlier release, which tell nothing of what stands behind their state. */
export function evidenceMissing(): ConsoleSnapshot {
  const snapshot = healthy();
  for (const member of clusterOf(snapshot, 'WK1').members) delete member.snapshot!.evidence;
  return snapshot;
}
