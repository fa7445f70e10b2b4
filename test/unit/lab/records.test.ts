import { describe, expect, it } from 'vitest';
import { meetings, overlapMs, readRecord, since } from '../../lab/judge/records.ts';

const alive = (pid: number, from: number, to: number) =>
  Array.from({ length: (to - from) / 50 + 1 }, (_, step) => ({
    at: from + 50 * step,
    pid,
    running: true,
    wrote: 0,
  }));
const text = (...lines: object[][]) =>
  lines
    .flat()
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

describe('an engine’s record of itself', () => {
  it('shows one run per process, from its first line to its last', () => {
    const runs = readRecord(text(alive(10, 1000, 2000), alive(11, 5000, 5500)));
    expect(runs.map((run) => run.stretches)).toEqual([
      [{ from: 1000, to: 2000 }],
      [{ from: 5000, to: 5500 }],
    ]);
  });

  it('does not count the time of a frozen process, but counts its time after the thaw', () => {
    const [run] = readRecord(text(alive(10, 1000, 2000), alive(10, 9000, 9100)));
    expect(run?.stretches).toEqual([
      { from: 1000, to: 2000 },
      { from: 9000, to: 9100 },
    ]);
  });

  it('leaves out a last line that a kill cut in two', () => {
    const [run] = readRecord(`${text(alive(10, 1000, 1100))}{"at":11`);
    expect(run?.stretches).toEqual([{ from: 1000, to: 1100 }]);
  });

  it('ends a poller run that a kill cut short at the last sign of its process', () => {
    const lines = [
      { at: 1000, pid: 1, poller: 'p', phase: 'start' },
      { at: 1040, pid: 1, running: true, wrote: 0 },
    ];
    expect(readRecord(text(lines))[0]?.pollers).toEqual([{ from: 1000, to: 1040 }]);
  });
});

describe('two engines of one cluster', () => {
  it('overlap by the milliseconds in which both gave signs', () => {
    expect(overlapMs([{ from: 0, to: 1000 }], [{ from: 900, to: 1200 }])).toBe(100);
    expect(overlapMs([{ from: 0, to: 1000 }], [{ from: 1001, to: 1200 }])).toBe(0);
  });

  it('are compared only from the instant asked for', () => {
    const early = [{ from: 0, to: 1000 }];
    expect(overlapMs(since(early, 950), [{ from: 900, to: 1200 }])).toBe(50);
    expect(since(early, 1001)).toEqual([]);
  });

  it('have their pollers counted when two runs meet', () => {
    const one = [
      { from: 0, to: 50 },
      { from: 200, to: 250 },
    ];
    expect(meetings(one, [{ from: 240, to: 290 }])).toBe(1);
    expect(meetings(one, [{ from: 100, to: 150 }])).toBe(0);
  });
});
