import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { EvidenceReport, LedgerRow } from '../../../shared/agent-api/member-evidence.ts';
import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import type { PlannedTimes } from '../../../shared/verification/planned-time.ts';
import { moveOf } from '../../../shared/verification/moves.ts';
import { memberSnapshot } from '../../screens/member-fixture.ts';
import { step, written } from '../history/journals.ts';

const operation = 'e272e383';

/** A switchover of WK1 from ig-north (epoch 2) to ig-south (epoch 3) as both journals tell it. */
export function movedJournal(): JournalRecord[] {
  const asked = { operation, requestedBy: 'admin-1', result: 'ok' as const };
  const north = (atMs: number, kind: string, tookMs: number) =>
    step('ig-north', atMs, kind, tookMs, 'R10', operation);
  const south = (atMs: number, kind: string, tookMs: number) => ({
    ...step('ig-south', atMs, kind, tookMs, 'R21', operation),
    epoch: 3,
  });
  return [
    {
      ...written(
        'ig-north',
        1_000,
        'step',
        'Step start-engine: its API answers after 900 ms, version 10.1.4.',
        {
          step: 'start-engine',
          result: 'ok',
          operation: 'before',
        },
      ),
    },
    written('ig-south', 1_100, 'agent', 'Agent of WK1 started on ig-south.'),
    written('ig-north', 1_200, 'role', 'ig-north is Active with epoch 2.', { verdict: 'active' }),
    written('ig-north', 50_000, 'command', 'admin-1 asked for a switchover of WK1: accepted.', asked),
    north(50_100, 'drain', 40),
    north(50_600, 'stop-pollers', 400),
    north(51_600, 'stop-engine', 940),
    north(51_900, 'seal-ledger', 220),
    north(51_950, 'end-epoch', 30),
    north(52_100, 'release', 130),
    south(53_180, 'acquire', 180),
    south(53_520, 'prove-storage', 330),
    south(53_650, 'write-generation', 120),
    south(56_400, 'start-engine', 2_710),
    south(56_420, 'open-active', 0),
    written('ig-south', 56_430, 'role', 'ig-south is Active with epoch 3.', { verdict: 'active', epoch: 3 }),
    south(57_000, 'start-pollers', 790),
    written('ig-south', 57_100, 'command', 'ig-south is Active with epoch 3.', { ...asked, epoch: 3 }),
  ];
}

const ledger = { queues: 2, queued: 2 };
const before = {
  server: 'ig-north',
  epoch: 2,
  sealed: true,
  wallTime: '2026-03-14T04:31:51.900Z',
  ...ledger,
};
const after = {
  server: 'ig-south',
  epoch: 3,
  sealed: false,
  wallTime: '2026-03-14T04:31:56.300Z',
  ...ledger,
};

export const row = (name: string, position: number, more: Partial<LedgerRow> = {}): LedgerRow => {
  const last = { lastMessageId: `M${position + 1}`, lastActivity: '2026-03-14 04:31:50' };
  const stand = { on: true, queued: 1, position, lastNumber: position + 1, ...last };
  return {
    name,
    verdict: 'continued',
    shownBy: 'positions',
    sentence: `${name}: stands at position ${position}, 1 message waiting.`,
    before: stand,
    after: stand,
    ...more,
  };
};

function report(server: 'ig-north' | 'ig-south', rows: LedgerRow[]): EvidenceReport {
  const active = server === 'ig-south';
  const says = active ? ('active' as const) : ('passive' as const);
  return {
    cluster: 'WK1',
    server,
    wallTime: '2026-03-14T04:32:00.000Z',
    role: {
      role: says,
      confidence: 'high',
      sentence: 'Its signals agree.',
      signals: [
        {
          name: 'listeners',
          says,
          text: active ? '2 of 2 listeners open' : '0 of 2 listeners open',
          ageMs: 100,
        },
        { name: 'outsider', says: 'passive', text: 'nobody beside its unit holds its ports', ageMs: 100 },
      ],
    },
    troubles: [],
    capabilities: [],
    storage: null,
    ledger: {
      own: null,
      ofPeer: null,
      leftOff: [],
      present: active
        ? {
            ...after,
            agoMs: 500,
            readBeforeSealMs: null,
            total: rows.length,
            entries: rows.map(({ name, after: now }) => ({
              name,
              poller: false,
              on: true,
              leftOff: false,
              queued: 1,
              position: (now?.position ?? 0) + 1,
              lastNumber: (now?.position ?? 0) + 2,
              received: 5,
              lastMessageId: 'M1',
              lastActivity: null,
            })),
          }
        : null,
      comparison: active
        ? { verdict: 'continued', sentence: '', before, after, total: rows.length, rows }
        : null,
      returned: null,
    },
  };
}

/** As a console would have computed it before: the move takes what it is to take. */
export const goodPlan: PlannedTimes = {
  planned: {
    worstMs: 6_900,
    isComplete: true,
    parts: [
      { what: 'engine stopped and proven on ig-north', ms: 940 },
      { what: 'engine started on ig-south', ms: 2_710 },
    ],
  },
  takeover: null,
};

/** A switchover about which everything was seen and everything is in order. */
export function goodMove(rows: LedgerRow[] = [row('ADT in', 884_201), row('Orders', 402_877)]): MoveEvidence {
  const records = movedJournal();
  const move = moveOf(records, operation, ['ig-north', 'ig-south'])!;
  const seen = (server: 'ig-north' | 'ig-south') => {
    const active = server === 'ig-south';
    const snapshot = memberSnapshot({
      cluster: 'WK1',
      server,
      peer: active ? 'ig-north' : 'ig-south',
      role: active ? 'active' : 'passive',
      epoch: 3,
    });
    const storage = {
      code: 'fine',
      sentence: 'It is the right one.',
      next: 'Nothing to do.',
      lateWrite: null,
    };
    const evidence = { ...snapshot.evidence!, storage };
    return {
      server,
      name: server,
      snapshot: { ...snapshot, evidence },
      report: report(server, rows),
      why: null,
      journalMissing: null,
    };
  };
  const counts = { acknowledged: 100, delivered: 100, lost: 0, outOfOrder: 0, duplicates: 1 };
  return {
    move,
    records,
    members: [seen('ig-north'), seen('ig-south')],
    logs: [],
    store: { name: 'lease store', epoch: 3, holder: 'ig-south', renewedMs: 500, why: null },
    balancer: { name: 'lb-1', sendsTo: 'ig-south', sessions: 4, said: 'seen from outside' },
    traffic: { before: counts, after: { ...counts, acknowledged: 140, delivered: 140 } },
    configuration: { equal: true, said: 'it is in the one directory that both members see' },
    earlier: {
      wallTime: '2026-03-14T04:31:49.000Z',
      version: '10.1.4',
      components: { on: 14, total: 14 },
      pollers: { on: 3, total: 3 },
      sessions: 4,
      plan: goodPlan,
    },
    goal: { seconds: null, isKnown: true, said: 'the site has stated no recovery time that it wants' },
    others: [{ cluster: 'WK2', changes: [], active: 'ig-north', missing: null }],
  };
}

/** The same with one member changed. */
export function withMember(
  e: MoveEvidence,
  server: string,
  change: (member: MoveEvidence['members'][number]) => Partial<MoveEvidence['members'][number]>,
): MoveEvidence {
  return {
    ...e,
    members: e.members.map((member) =>
      member.server === server ? { ...member, ...change(member) } : member,
    ),
  };
}

export const silent = (e: MoveEvidence, server: string): MoveEvidence =>
  withMember(e, server, () => ({ snapshot: null, report: null, why: 'no answer within 4 s' }));

/** So many queues of the present ledger stand as given. */
export function standing(change: { on: boolean | null; leftOff?: boolean }, count = 1): MoveEvidence {
  return withMember(goodMove(), 'ig-south', ({ report }) => {
    const present = report!.ledger.present!;
    const entries = present.entries.map((entry, index) => (index < count ? { ...entry, ...change } : entry));
    return { report: { ...report!, ledger: { ...report!.ledger, present: { ...present, entries } } } };
  });
}

/** The ledger before was shared, and not sealed. */
export const unsealed = (e: MoveEvidence): MoveEvidence =>
  withMember(e, 'ig-south', ({ report }) => ({
    report: {
      ...report!,
      ledger: {
        ...report!.ledger,
        comparison: {
          ...report!.ledger.comparison!,
          before: { ...report!.ledger.comparison!.before, sealed: false },
        },
      },
    },
  }));
