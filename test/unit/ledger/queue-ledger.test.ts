import { describe, expect, it } from 'vitest';
import { agentApiLimits } from '../../../shared/agent-api/agent-api.ts';
import type { ComponentState } from '../../../shared/engine/component-state.ts';
import {
  LedgerAssembly,
  LedgerFrame,
  laterLedger,
  ledgerEntries,
  ledgerFrames,
  ledgerLimits,
  QueueLedger,
} from '../../../shared/ledger/queue-ledger.ts';

const site = { siteId: 's', cluster: 'WK1' };
const component = (name: string): ComponentState => ({
  guid: name,
  name,
  poller: false,
  light: 'on',
  errors: 0,
  queued: 3,
  received: 10,
  position: 7,
  lastNumber: 10,
  lastMessageId: 'Ü'.repeat(500),
  lastActivity: null,
});
const ledger = (count: number, more: Partial<QueueLedger> = {}): QueueLedger => ({
  schema: 1,
  ...site,
  server: 'north',
  epoch: 5,
  atMs: 100,
  wallTime: 'noon',
  sealed: false,
  readBeforeSealMs: null,
  entries: ledgerEntries(
    Array.from({ length: count }, (_, at) => component(`Component ${at} ${'Ü'.repeat(150)}`)),
    new Set(),
  ),
  ...more,
});

describe('a ledger on its way to the peer', () => {
  it.each([0, 1, 99, 500])('arrives as it was with %d queues, in frames that the API takes', (count) => {
    const sent = ledger(count);
    expect(QueueLedger.safeParse(sent).success).toBe(true);
    const frames = ledgerFrames(sent);
    const assembly = new LedgerAssembly(site);
    const got = frames.map((frame) => {
      const text = JSON.stringify(frame);
      expect(Buffer.byteLength(text)).toBeLessThan(agentApiLimits.frameBytes);
      return assembly.take(LedgerFrame.parse(JSON.parse(text)));
    });
    expect(got.at(-1)).toEqual(sent);
    expect(got.slice(0, -1).every((part) => part === null)).toBe(true);
  });

  it('is not mixed with another one that begins before it is whole', () => {
    const assembly = new LedgerAssembly(site);
    const [first] = ledgerFrames(ledger(500));
    assembly.take(first!);
    const second = ledger(1, { atMs: 200 });
    expect(assembly.take(ledgerFrames(second)[0]!)).toEqual(second);
  });

  it('does not come whole by the same part twice', () => {
    const assembly = new LedgerAssembly(site);
    const [first, ...rest] = ledgerFrames(ledger(500));
    for (const _ of rest) expect(assembly.take(first!)).toBeNull();
    expect(assembly.take(first!)).toBeNull();
  });

  it('leaves out what no engine has', () => {
    const mad = Array.from({ length: ledgerLimits.entries + 5 }, (_, at) => component(`${at}`));
    expect(ledgerEntries(mad, new Set())).toHaveLength(ledgerLimits.entries);
  });
});

describe('of two ledgers', () => {
  const old = ledger(1, { epoch: 4, sealed: true, atMs: 900 });
  const open = ledger(1, { atMs: 300 });
  const sealed = ledger(1, { atMs: 200, sealed: true });
  it.each([
    ['the higher epoch counts, also unsealed', old, open, open],
    ['the sealed one counts within an epoch', open, sealed, sealed],
    ['the later one counts otherwise', open, ledger(1), open],
    ['the only one counts', null, old, old],
  ])('%s', (_what, one, other, later) => {
    expect(laterLedger(one, other)).toBe(later);
    expect(laterLedger(other, one)).toBe(later);
  });
});
