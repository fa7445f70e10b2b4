import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesIn, tellChange } from '../../../shared/history/told-change.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { failbackJournal, failoverJournal, step, written } from './journals.ts';

const failover = () => tellChange(failoverJournal(), 'failover-WK1-1')!;
const failback = () => tellChange(failbackJournal(), 'e272e383')!;
const sumOf = (parts: readonly { ms: number }[]) => parts.reduce((sum, { ms }) => sum + ms, 0);

describe('a failover told from the journals', () => {
  it('begins with the last sign of life of the one that fell silent, and ends with the balancer sent on', () => {
    const told = failover();
    expect(told.title).toBe('ig-south took WK1 over');
    expect(told.askedBy).toBeNull();
    expect(told.withoutActiveMs).toBe(26_950 - 11_000);
    expect(told.ended).toEqual({ ok: true, sentence: 'ig-south is Active with epoch 2.' });
  });

  it('says where the time went, and why most of it', () => {
    const told = failover();
    expect(told.parts.map(({ what, ms }) => [what, ms])).toEqual([
      ['waiting for the lease', 13_230],
      ['lease acquired on ig-south', 70],
      ['storage proven on ig-south', 210],
      ['generation raised on ig-south', 170],
      ['engine started on ig-south', 1_830],
      ['between the steps', 440],
    ]);
    expect(told.why).toBe(
      'Most of it, 13.2 s of 15.9 s: waiting for the lease, the lease of ig-north has run out without a renewal, and nobody may take over before.',
    );
  });

  it('tells what was seen, decided and done, in order', () => {
    const told = failover().lines.map(({ what, sentence }) => `${what}: ${sentence}`);
    expect(told[0]).toBe('seen: ig-north does not answer; its last answer came 1.2 s ago.');
    expect(told[1]).toMatch(/^decided: ig-south takes over/);
    expect(told[2]).toBe('done: Step acquire: done well.');
  });

  it('does not use a silence that had ended before', () => {
    const records = failoverJournal();
    records.push(
      written('ig-south', 20_000, 'agent', 'ig-north answers again.', {
        verdict: 'peer-heard',
        tookMs: 9_000,
      }),
    );
    const told = tellChange(records, 'failover-WK1-1')!;
    expect(told.withoutActiveMs).toBe(26_950 - 24_200);
    expect(told.parts[0]?.what).not.toBe('waiting for the lease');
  });
});

describe('a planned move told from the journals', () => {
  it('counts from the stop of the engine, by the clocks of both servers', () => {
    const told = failback();
    expect(told.title).toBe('WK1 was moved from ig-south to ig-north');
    expect(told.askedBy).toBe('admin-1');
    expect(told.withoutActiveMs).toBe(56_420 - (51_600 - 940));
    expect(told.parts.find(({ betweenClocks }) => betweenClocks)).toMatchObject({
      what: 'until ig-north went on',
      ms: 900,
      why: 'ig-south has handed over and reserved the lease for it',
    });
  });

  it('is asked for first, and drained with an Active still there', () => {
    const told = failback();
    expect(told.lines[0]).toMatchObject({ what: 'asked' });
    expect(told.parts.map(({ what }) => what).join()).not.toContain('drain');
  });
});

describe('what comes between the steps of a change', () => {
  const within = (records: JournalRecord[], operation: string) => {
    const told = tellChange(records, operation)!;
    expect(sumOf(told.parts)).toBe(told.withoutActiveMs);
    return told;
  };

  it('is told as attempts in vain, and a target that gave up as a move that came to nothing', () => {
    const op = 'e272e383';
    const vain = (atMs: number) => ({
      ...step('ig-north', atMs, 'prove-storage', 1_000, 'R21', op),
      result: 'failed' as const,
      sentence: 'Step prove-storage: failed: /share did not answer within 1 s.',
    });
    const back = (['acquire', 'prove-storage', 'start-engine', 'open-active'] as const).map((kind, index) =>
      step('ig-south', 58_000 + 100 * index, kind, 50, 'R64', op),
    );
    const records = [
      ...failbackJournal().slice(0, 9),
      vain(54_200),
      vain(56_200),
      step('ig-north', 57_000, 'end-epoch', 10, 'R20', op),
      ...back,
    ];
    const told = within(records, op);
    expect(told.title).toBe('WK1 was to move from ig-south to ig-north, and stayed');
    expect(told.parts.find(({ what }) => what.includes('vain'))).toMatchObject({
      what: 'storage proven on ig-north, 2 attempts in vain',
      ms: 57_000 - 10 - 53_180,
      why: '/share did not answer within 1 s',
    });
  });

  it('is told as the return of an agent that was restarted, also where it goes on by rule', () => {
    const goneOn = failoverJournal().map((record) =>
      record.kind === 'step' && record.step !== 'acquire' ? { ...record, operation: null } : record,
    );
    const records = [
      ...goneOn.slice(0, 4),
      written('ig-south', 25_000, 'agent', 'Agent of WK1 started on ig-south.'),
      ...goneOn.slice(5).map((record) => ({ ...record, bootMs: record.bootMs + 900 })),
    ];
    const told = within(records, 'failover-WK1-1');
    expect(told.parts.map(({ what }) => what)).toContain('until the agent on ig-south was back');
    expect(told.withoutActiveMs).toBe(26_950 + 900 - 11_000);
  });

  it('begins with the death of the engine where it was restarted in place before it was handed over', () => {
    const op = 'failover-WK1-2';
    const died = written(
      'ig-north',
      60_000,
      'alarm',
      'The engine on ig-north died; nobody had asked it to stop.',
      {
        verdict: 'engine-died',
      },
    );
    const records = [
      { ...step('ig-north', 59_000, 'open-active', 0, 'R26', 'older'), seq: 0 },
      died,
      step('ig-north', 61_000, 'start-engine', 900, 'R40', 'none'),
      written('ig-north', 61_500, 'alarm', 'The engine on ig-north died; nobody had asked it to stop.', {
        verdict: 'engine-died',
      }),
      step('ig-north', 61_700, 'end-epoch', 10, 'R41', op),
      step('ig-south', 62_000, 'acquire', 20, 'R64', op),
      step('ig-south', 63_000, 'start-engine', 900, 'R23', op),
      step('ig-south', 63_010, 'open-active', 0, 'R26', op),
    ];
    const told = within(records, op);
    expect(told.withoutActiveMs).toBe(3_010);
    expect(told.parts.map(({ what }) => what)).toContain('engine started on ig-north');
  });
});

describe('a failover whose old Active tells of its own end', () => {
  it('begins with its stop at once, and then waits for the lease', () => {
    const silent = failoverJournal();
    const stopped = written(
      'ig-north',
      18_000,
      'alarm',
      'The engine was stopped at once because it had to.',
      {
        verdict: 'emergency-stop',
        result: 'ok',
        tookMs: 5_000,
      },
    );
    const told = tellChange([...silent, stopped], 'failover-WK1-1')!;
    expect(told.parts.slice(0, 2)).toMatchObject([
      { what: 'engine stopped at once on ig-north', ms: 5_000, why: 'because it had to' },
      { what: 'waiting for the lease', ms: 24_230 - 18_000 },
    ]);
    expect(sumOf(told.parts)).toBe(told.withoutActiveMs);
    expect(told.withoutActiveMs).toBe(26_950 - 13_000);
  });

  it('says why its taker waited, each reason by its time', () => {
    const op = 'failover-WK1-3';
    const waits = (atMs: number, why: string) =>
      written('ig-south', atMs, 'decision', `ig-south stays Passive: ${why}.`, { verdict: 'wait' });
    const told = tellChange(
      [
        step('ig-south', 10_000, 'acquire', 10, 'R64', op),
        written('ig-south', 11_000, 'agent', 'Agent of WK1 started on ig-south.'),
        written('ig-south', 12_000, 'agent', 'Agent of WK1 started on ig-south.'),
        waits(12_100, 'it was never used'),
        waits(14_100, 'it ended badly'),
        step('ig-south', 15_110, 'acquire', 10, 'R64', op),
        step('ig-south', 16_000, 'open-active', 0, 'R26', op),
      ],
      op,
    )!;
    expect(told.parts.map(({ what, ms, why }) => [what, ms, why])).toEqual([
      ['lease acquired on ig-south', 10, 'done well'],
      [
        'until the agent on ig-south was back',
        2_000,
        'it was restarted 2 times, and then went on with the change',
      ],
      ['ig-south waited', 2_000, 'it was never used'],
      ['ig-south waited', 1_000, 'it ended badly'],
      ['lease acquired on ig-south', 10, 'done well'],
      ['before “load balancer sends here”', 890, 'the journal says no more of it'],
      ['between the steps', 100, 'the agent looked and decided anew before each'],
    ]);
    expect(told.why).toBe(
      'Most of it, 4.0 s of 6.0 s: until the agent on ig-south was back, 2.0 s, it was restarted 2 times, and then went on with the change; ig-south waited, 2.0 s, it was never used.',
    );
  });
});

describe('stories in general', () => {
  it('say that the end is not told where the journals break off', () => {
    const told = tellChange(failoverJournal().slice(0, 6), 'failover-WK1-1')!;
    expect(told).toMatchObject({ ended: null, withoutActiveMs: null, parts: [] });
    expect(told.why).toBe('The journals do not tell when it was Active again.');
  });

  it('are listed newest first, and there is none of what is only asked for', () => {
    expect(changesIn([...failoverJournal(), ...failbackJournal()])).toEqual(['e272e383', 'failover-WK1-1']);
    expect(tellChange(failbackJournal().slice(0, 1), 'e272e383')).toBeNull();
    expect(tellChange([], 'e272e383')).toBeNull();
  });

  it('do not follow a wall clock that is set meanwhile', () => {
    const records = failoverJournal().map((record, index) =>
      index < 6
        ? record
        : { ...record, wallTime: new Date(Date.parse(record.wallTime) + 4_000).toISOString() },
    );
    expect(tellChange(records, 'failover-WK1-1')?.withoutActiveMs).toBe(failover().withoutActiveMs);
  });

  it('have parts that add up and never overlap, whatever the steps took', () => {
    const kinds = ['acquire', 'prove-storage', 'write-generation', 'start-engine', 'start-components'];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3_000), fc.nat(4_000)), { minLength: 5, maxLength: 5 }),
        (spans) => {
          let at = 0;
          const steps = spans.map(([gap, took], index) => {
            at += gap;
            return step('ig-south', at, kinds[index]!, took, 'R64', 'op');
          });
          const records = [...steps, step('ig-south', at + 10, 'open-active', 0, 'R26', 'op')];
          const told = tellChange(records, 'op')!;
          const began = spans[0]![0] - spans[0]![1];
          expect(sumOf(told.parts)).toBe(at + 10 - began);
          expect(told.parts.every(({ ms }) => ms >= 0)).toBe(true);
        },
      ),
    );
  });
});
