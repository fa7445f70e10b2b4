import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { downtimeParts, longestGap } from '../../lab/judge/downtime.ts';

const step = (kind: string, server: string, bootMs: number, tookMs: number): JournalRecord => ({
  seq: 1,
  wallTime: '2026-01-01T00:00:00.000Z',
  bootMs,
  cluster: 'WK1',
  server,
  epoch: 2,
  kind: 'step',
  ruleId: 'R64',
  verdict: 'act',
  sentence: '',
  requestedBy: null,
  step: kind,
  result: 'ok',
  operation: null,
  tookMs,
  previous: '',
});

describe('the longest gap of a sender', () => {
  const log = [100, 200, 900, 1000, 5000, 5100].map((at) => `{"at":${at},"seq":1}`).join('\n');

  it('lies between two acknowledgements', () => {
    expect(longestGap(log, 0)).toEqual({ fromMs: 1000, toMs: 5000 });
  });

  it('is not one that had ended before the scenario began', () => {
    expect(longestGap(log, 5050)).toEqual({ fromMs: 5000, toMs: 5100 });
  });

  it('does not exist without acknowledgements, or with a line that is cut off', () => {
    expect(longestGap('', 0)).toBeNull();
    expect(longestGap('{"at":100}\n{"a', 0)).toBeNull();
  });
});

describe('the parts of a downtime', () => {
  const journal = [
    step('acquire', 'wk-b', 5030, 30),
    step('prove-storage', 'wk-b', 5130, 100),
    step('write-generation', 'wk-b', 5200, 50),
    step('start-engine', 'wk-b', 5700, 500),
    step('open-active', 'wk-b', 5710, 0),
    step('start-pollers', 'wk-b', 5800, 50),
  ];

  it('add up to the whole', () => {
    const parts = downtimeParts({ fromMs: 1000, toMs: 5900 }, journal)!;
    expect(parts).toEqual({
      detectMs: 4000,
      handOverMs: 0,
      grantMs: 30,
      storageMs: 150,
      startMs: 500,
      balancerMs: 190,
      restMs: 30,
    });
    const sum = parts.detectMs + parts.grantMs + parts.storageMs + parts.startMs + parts.balancerMs;
    expect(sum + parts.handOverMs + parts.restMs).toBe(4900);
  });

  it('are not guessed where the journal shows no way back to serving', () => {
    expect(downtimeParts({ fromMs: 1000, toMs: 5900 }, journal.slice(0, 3))).toBeNull();
    expect(downtimeParts({ fromMs: 6000, toMs: 6300 }, journal)).toBeNull();
  });
});
