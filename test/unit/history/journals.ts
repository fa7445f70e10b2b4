import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';

/** Journals of two changes as members of a demo site wrote them, shortened; wall times in one minute. */
const boots = { 'ig-north': 4_000_000, 'ig-south': 9_000_000 } as const;
type Server = keyof typeof boots;
const startMs = Date.parse('2026-03-14T04:31:00.000Z');

let seq = 0;
export function written(
  server: Server,
  atMs: number,
  kind: JournalRecord['kind'],
  sentence: string,
  more: Partial<JournalRecord> = {},
): JournalRecord {
  return {
    seq: ++seq,
    wallTime: new Date(startMs + atMs).toISOString(),
    bootMs: boots[server] + atMs,
    cluster: 'WK1',
    server,
    epoch: 2,
    kind,
    ruleId: null,
    verdict: null,
    sentence,
    requestedBy: null,
    step: null,
    result: null,
    operation: null,
    tookMs: null,
    previous: '',
    ...more,
  };
}

export function step(
  server: Server,
  atMs: number,
  kind: string,
  tookMs: number,
  ruleId: string,
  operation: string,
): JournalRecord {
  const more = { step: kind, tookMs, ruleId, operation, result: 'ok' as const };
  return written(server, atMs, 'step', `Step ${kind}: done well.`, more);
}

const decided = (server: Server, atMs: number, ruleId: string, sentence: string) =>
  written(server, atMs, 'decision', sentence, { ruleId });

/** ig-north fell silent 13.2 s before ig-south took over; nothing of its own tells when it died. */
export function failoverJournal(): JournalRecord[] {
  const op = 'failover-WK1-1';
  return [
    written('ig-south', 12_200, 'alarm', 'ig-north does not answer; its last answer came 1.2 s ago.', {
      verdict: 'peer-silent',
      tookMs: 1_200,
    }),
    decided(
      'ig-south',
      24_200,
      'R64',
      'ig-south takes over: the lease of ig-north has run out without a renewal.',
    ),
    step('ig-south', 24_300, 'acquire', 70, 'R64', op),
    written('ig-south', 24_310, 'role', 'ig-south is taking over with epoch 2.', { verdict: 'taking-over' }),
    decided(
      'ig-south',
      24_320,
      'R21',
      'ig-south becomes Active: it holds the lease of epoch 2 and proves its storage first.',
    ),
    step('ig-south', 24_600, 'prove-storage', 210, 'R21', op),
    step('ig-south', 24_900, 'write-generation', 170, 'R22', op),
    decided(
      'ig-south',
      24_910,
      'R23',
      'ig-south becomes Active: storage is proven and carries the epoch; the engine is started.',
    ),
    step('ig-south', 26_900, 'start-engine', 1_830, 'R23', op),
    step('ig-south', 26_950, 'open-active', 0, 'R26', op),
    step('ig-south', 27_400, 'start-pollers', 330, 'R27', op),
    written('ig-south', 27_500, 'command', 'ig-south is Active with epoch 2.', {
      operation: op,
      result: 'ok',
      requestedBy: 'rule R64',
    }),
  ];
}

/** admin-1 moves WK1 back from ig-south to ig-north; between release and grant 0.9 s passed. */
export function failbackJournal(): JournalRecord[] {
  const op = 'e272e383';
  const asked = { operation: op, requestedBy: 'admin-1', result: 'ok' as const };
  return [
    written(
      'ig-south',
      50_000,
      'command',
      'admin-1 asked for a failback of WK1: accepted, because: patched.',
      asked,
    ),
    step('ig-south', 50_100, 'drain', 40, 'R10', op),
    step('ig-south', 50_600, 'stop-pollers', 400, 'R11', op),
    step('ig-south', 51_600, 'stop-engine', 940, 'R12', op),
    step('ig-south', 51_900, 'seal-ledger', 220, 'R14', op),
    step('ig-south', 51_950, 'end-epoch', 30, 'R13', op),
    step('ig-south', 52_100, 'release', 130, 'R07', op),
    decided(
      'ig-north',
      52_900,
      'R64',
      'ig-north takes over: ig-south has handed over and reserved the lease for it.',
    ),
    step('ig-north', 53_180, 'acquire', 180, 'R64', op),
    step('ig-north', 53_520, 'prove-storage', 330, 'R21', op),
    step('ig-north', 53_650, 'write-generation', 120, 'R22', op),
    step('ig-north', 56_400, 'start-engine', 2_710, 'R23', op),
    step('ig-north', 56_420, 'open-active', 0, 'R26', op),
    step('ig-north', 57_000, 'start-pollers', 790, 'R27', op),
    written('ig-north', 57_100, 'command', 'ig-north is Active with epoch 3.', asked),
  ];
}
