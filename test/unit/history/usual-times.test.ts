import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { isSlow } from '../../../shared/history/usual-time.ts';
import { changesCounted, usualIn } from '../../../shared/history/usual-times.ts';
import { failbackJournal, failoverJournal, written } from './journals.ts';

const dayMs = 24 * 60 * 60_000;

/** The failback of the journals once more, so many days later, each step so much longer. */
function again(days: number, factor = 1): JournalRecord[] {
  return failbackJournal().map((record) => ({
    ...record,
    seq: record.seq + days * 1_000,
    wallTime: new Date(Date.parse(record.wallTime) + days * dayMs).toISOString(),
    bootMs: record.bootMs + days * dayMs,
    operation: record.operation === null ? null : `${record.operation}-${days}`,
    tookMs: record.tookMs === null ? null : record.tookMs * factor,
  }));
}

const stepIn = (records: readonly JournalRecord[], step: string, except: string | null = null) =>
  usualIn(records, except).planned.steps.find((one) => one.step === step);

describe('what a cluster’s changes usually take', () => {
  it('tells median, range, count and beginning of each step on its server', () => {
    const records = [...again(1), ...again(200, 1.2), ...again(400, 1.4)];
    expect(stepIn(records, 'start-engine')).toEqual({
      ...{ step: 'start-engine', server: 'ig-north', count: 3 },
      ...{ medianMs: 2_710 * 1.2, shortestMs: 2_710, longestMs: 2_710 * 1.4 },
      since: expect.stringMatching(/^2026-03-15T/) as string,
    });
    expect(stepIn(records, 'stop-engine')?.server).toBe('ig-south');
  });

  it('tells how long there was no Active, by where the cluster went', () => {
    const [told] = usualIn(failbackJournal()).planned.withoutActive;
    // From the stop of the engine, which took 0.94 s, to the balancer being sent on.
    expect(told).toMatchObject({ to: 'ig-north', count: 1, medianMs: 56_420 - 51_600 + 940 });
  });

  it('keeps takeovers, which nobody asked for, apart from planned moves', () => {
    const { planned, takeover } = usualIn(failoverJournal());
    expect(planned.steps).toEqual([]);
    expect(takeover.withoutActive).toMatchObject([{ to: 'ig-south', medianMs: 26_950 - 11_000 }]);
  });

  it('counts no change that was rolled back, and not the one that is held against it', () => {
    const undone = again(3).map((record) =>
      record.kind === 'command' && record.sentence.startsWith('ig-north is Active')
        ? { ...record, sentence: 'ig-north did not take over.', result: 'failed' as const }
        : record,
    );
    expect(stepIn([...again(1), ...undone], 'acquire')?.count).toBe(1);
    expect(stepIn([...again(1), ...again(2)], 'acquire', 'e272e383-2')?.count).toBe(1);
  });

  it('counts the newest only, however much was set by people meanwhile', () => {
    const many = Array.from({ length: changesCounted + 5 }, (_, index) => again(index + 1));
    const set = Array.from({ length: 40 }, (_, index) =>
      written('ig-north', 90 * dayMs + index, 'command', 'admin-1 asked for maintenance of WK1: accepted.', {
        ...{ operation: `policy-${index}`, requestedBy: 'admin-1', result: 'ok' },
      }),
    );
    expect(stepIn([...many.flat(), ...set], 'drain')).toMatchObject({
      count: changesCounted,
      since: expect.stringMatching(/^2026-03-20T/) as string,
    });
  });

  it('knows nothing without a journal', () => {
    expect(usualIn([])).toEqual({
      planned: { steps: [], withoutActive: [] },
      takeover: { steps: [], withoutActive: [] },
    });
  });
});

describe('a step that takes clearly longer than usual', () => {
  const usual = { count: 4, medianMs: 2_000, shortestMs: 1_800, longestMs: 2_400, since: '' };
  it('is told beyond half as much again and beyond the longest so far, not before', () => {
    expect(isSlow(2_900, usual)).toBe(false);
    expect(isSlow(3_100, usual)).toBe(true);
    expect(isSlow(200, { ...usual, medianMs: 20, longestMs: 25 })).toBe(false);
  });
});
