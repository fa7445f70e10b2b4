import { describe, expect, it } from 'vitest';
import { StreamLedger } from '../../../../electron/demo/traffic/stream-ledger.ts';

const settleMs = 5000;

/**
 * A history in one line: `s3` sent, `a3` acknowledged, `d3` delivered, `D3` delivered as the first
 * message of a new connection, `d3@1` late on the first connection. Every event takes 100 ms.
 */
function ledgerOf(history: string): { ledger: StreamLedger; now: number } {
  const ledger = new StreamLedger();
  let now = 0;
  let connections = 1;
  for (const [, kind, digits, earlier] of history.matchAll(/([sadD])(\d+)(?:@(\d+))?/g)) {
    now += 100;
    const sequence = Number(digits);
    if (kind === 's') ledger.sent(sequence);
    else if (kind === 'a') ledger.acknowledged(sequence, now);
    else {
      if (kind === 'D') connections += 1;
      const connection = Number(earlier ?? connections);
      ledger.delivered({ sequence, connection, firstOnConnection: kind === 'D' });
    }
  }
  return { ledger, now };
}

function judge(history: string, flowedAt = 0) {
  return ledgerOf(history).ledger.verdict(flowedAt, settleMs);
}

describe('the ledger of a stream', () => {
  it('finds nothing wrong with messages that arrive one by one', () => {
    expect(judge('s1 a1 d1 s2 a2 d2 s3 a3 d3')).toMatchObject({
      sent: 3,
      acknowledged: 3,
      delivered: 3,
      pending: 0,
      lost: 0,
      outOfOrder: 0,
      duplicates: 0,
    });
  });

  it('calls an acknowledged message pending while nothing later has arrived', () => {
    expect(judge('s1 a1 d1 s2 a2 s3 a3')).toMatchObject({ pending: 2, lost: 0 });
  });

  it('calls it lost once a later one has arrived', () => {
    expect(judge('s1 a1 d1 s2 a2 s3 a3 d3')).toMatchObject({ pending: 0, lost: 1, firstLost: [2] });
  });

  it('takes that back, and says out of order, when it arrives after all', () => {
    expect(judge('s1 a1 d1 s2 a2 s3 a3 d3 d2')).toMatchObject({
      lost: 0,
      outOfOrder: 1,
      firstOutOfOrder: [2],
    });
  });

  it('calls it lost when its queue has moved on without it for the settling time', () => {
    const { ledger, now } = ledgerOf('s1 a1 d1 s2 a2');
    expect(ledger.verdict(now + settleMs, settleMs)).toMatchObject({ pending: 1, lost: 0 });
    expect(ledger.verdict(now + settleMs + 1, settleMs)).toMatchObject({
      pending: 0,
      lost: 1,
      firstLost: [2],
    });
  });

  it('does not miss a message that was never acknowledged', () => {
    expect(judge('s1 a1 d1 s2 s3 a3 d3')).toMatchObject({ lost: 0, acknowledged: 2, delivered: 2 });
  });

  it('counts a message that arrived although its acknowledgement did not', () => {
    expect(judge('s1 a1 d1 s2 d2')).toMatchObject({ acknowledged: 1, delivered: 2, pending: 0, lost: 0 });
  });

  it('explains a duplicate by the sender that sent it again, and only as often as it did', () => {
    expect(judge('s1 s1 d1 a1 d1')).toMatchObject({ attempts: 2, duplicates: 1, resentBySender: 1 });
    expect(judge('s1 s1 d1 a1 d1 d1')).toMatchObject({
      duplicates: 2,
      resentBySender: 1,
      resentByEngine: 0,
      firstUnexplained: [1],
    });
  });

  it('explains a duplicate by the engine only for the message in flight when its connection ended', () => {
    expect(judge('s1 a1 d1 s2 a2 d2 D2')).toMatchObject({ duplicates: 1, resentByEngine: 1 });
    expect(judge('s1 a1 d1 s2 a2 d2 D1 d2')).toMatchObject({
      duplicates: 2,
      resentByEngine: 1,
      firstUnexplained: [2],
    });
  });

  it('explains it as well when what the earlier connection still held comes after the new one began', () => {
    expect(judge('s1 a1 d1 s2 a2 D2 s3 a3 d3 d2@1')).toMatchObject({
      duplicates: 1,
      resentByEngine: 1,
      outOfOrder: 0,
      firstUnexplained: [],
    });
  });

  it('does not explain what else an earlier connection brings', () => {
    expect(judge('s1 a1 d1 s2 a2 D2 s3 a3 d3 d3@1')).toMatchObject({
      duplicates: 1,
      resentByEngine: 0,
      firstUnexplained: [3],
    });
    expect(judge('s1 a1 d1 s2 a2 D2 d2')).toMatchObject({ duplicates: 1, firstUnexplained: [2] });
  });

  it('does not call repeated messages out of order', () => {
    expect(judge('s1 a1 d1 s2 a2 d2 s3 a3 d3 D1')).toMatchObject({ outOfOrder: 0, duplicates: 1 });
  });

  it('lists no more than fifty sequences and still counts all', () => {
    const numbers = Array.from({ length: 80 }, (_, index) => index + 1);
    const verdict = judge(`${numbers.map((number) => `s${number} a${number}`).join(' ')} s81 a81 d81`);
    expect(verdict.lost).toBe(80);
    expect(verdict.firstLost).toEqual(numbers.slice(0, 50));
  });

  it('judges a million messages in an instant and in little memory', () => {
    const ledger = new StreamLedger();
    for (let sequence = 1; sequence <= 1_000_000; sequence += 1) {
      ledger.sent(sequence);
      if (sequence % 100 === 0) ledger.sent(sequence);
      ledger.acknowledged(sequence, sequence * 10);
      ledger.delivered({ sequence, connection: 1, firstOnConnection: false });
    }
    expect(ledger.verdict(1e9, settleMs)).toMatchObject({ delivered: 1_000_000, lost: 0, pending: 0 });
  });
});
