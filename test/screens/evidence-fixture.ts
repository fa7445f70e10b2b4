import type { MemberEvidence } from '../../shared/agent-api/member-evidence.ts';

type Summary = NonNullable<MemberEvidence['ledger']['own']>;

interface Subject {
  readonly cluster: string;
  readonly server: string;
  readonly peer: string;
  readonly role: 'active' | 'passive';
  readonly epoch: number;
}

/** Evidence of a member that is well, as it stands in every snapshot. */
export function memberEvidence(subject: Subject): MemberEvidence {
  const { server, peer, role, epoch } = subject;
  const active = role === 'active';
  return {
    role: {
      role,
      confidence: 'high',
      sentence: active ? 'It is Active: 7 of 7 signals agree.' : 'It is Passive: 7 of 7 signals agree.',
      signals: signals(active),
    },
    troubles: [],
    storage: {
      code: 'fine',
      sentence: 'The shared directory is the right one and answers.',
      next: 'Nothing to do.',
      lateWrite: null,
    },
    ledger: {
      own: active ? summary(server, epoch, false) : null,
      ofPeer: active ? null : summary(peer, epoch, false),
      leftOff: [],
      comparison: active
        ? {
            verdict: 'continued',
            sentence: 'All 14 queues went on where they stood.',
            before: summary(peer, epoch - 1, true),
            after: summary(server, epoch, false),
          }
        : null,
      returned: null,
    },
  };
}

function signals(active: boolean): MemberEvidence['role']['signals'] {
  const says = active ? ('active' as const) : ('passive' as const);
  const told: [string, string, string, number][] = [
    ['lease', 'it holds the lease', 'it holds no lease', 0],
    ['process', 'the engine runs in its unit', 'the engine is stopped', 300],
    ['api', 'its API answers', 'its API is off with it', 800],
    ['components', '14 of 14 components on', 'no component is on', 800],
    ['listeners', '2 of 2 listeners open', '0 of 2 listeners open', 900],
    [
      'journal',
      'its unit has the journal open for writing',
      'its unit has the journal not open for writing',
      900,
    ],
    ['active-answer', '/active answers 200', '/active answers 503', 0],
  ];
  return [
    ...told.map(([name, on, off, ageMs]) => ({ name, says, text: active ? on : off, ageMs })),
    { name: 'outsider', says: 'passive', text: 'nobody beside its unit holds its ports', ageMs: 900 },
  ];
}

function summary(server: string, epoch: number, sealed: boolean): Summary {
  return {
    server,
    epoch,
    sealed,
    queues: 14,
    queued: sealed ? 3 : 312,
    wallTime: sealed ? '2026-03-02T06:11:52.000Z' : '2026-03-14T04:31:22.000Z',
  };
}
