import { describe, expect, it } from 'vitest';
import { Schedule } from '../../sim/schedule.ts';

const never = () => false;

describe('the schedule of a history', () => {
  it('lets everything happen at its time and, at the same time, in the order of asking', async () => {
    const schedule = new Schedule();
    const seen: string[] = [];
    const note = (what: string) => () => seen.push(`${schedule.nowMs} ${what}`);
    schedule.at(30, note('late'));
    schedule.at(10, note('first'));
    schedule.at(10, note('second'));
    schedule.after(20, note('middle'));
    await schedule.pass(100, never);
    expect(seen).toEqual(['10 first', '10 second', '20 middle', '30 late']);
    expect(schedule.nowMs).toBe(100);
  });

  it('keeps the order of many that were asked for in any order', async () => {
    const schedule = new Schedule();
    const seen: number[] = [];
    for (let at = 0; at < 500; at += 1) {
      const dueMs = (at * 7919) % 501;
      schedule.at(dueMs, () => seen.push(dueMs));
    }
    await schedule.pass(1_000, never);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(seen).toHaveLength(500);
  });

  it('does nothing that was called off, and asks for nothing in the past', async () => {
    const schedule = new Schedule();
    const seen: number[] = [];
    const cancel = schedule.at(5, () => seen.push(5));
    cancel();
    schedule.at(10, () => schedule.at(1, () => seen.push(schedule.nowMs)));
    await schedule.pass(20, never);
    expect(seen).toEqual([10]);
  });

  it('stops when it is over, with the clock where it was', async () => {
    const schedule = new Schedule();
    const seen: number[] = [];
    for (const atMs of [1, 2, 3]) schedule.at(atMs, () => seen.push(atMs));
    await schedule.pass(100, () => seen.length === 2);
    expect(seen).toEqual([1, 2]);
    expect(schedule.nowMs).toBe(2);
  });

  it('lets promises go on before the next event', async () => {
    const schedule = new Schedule();
    const seen: string[] = [];
    schedule.at(1, () => {
      schedule.awaits = true;
      void Promise.resolve()
        .then(() => undefined)
        .then(() => seen.push('promise'));
    });
    schedule.at(1, () => seen.push('event'));
    await schedule.pass(2, never);
    expect(seen).toEqual(['promise', 'event']);
  });

  it('notices what goes round and round without time passing', async () => {
    const schedule = new Schedule();
    const again = () => void schedule.after(0, again);
    again();
    await expect(schedule.pass(10, never)).rejects.toThrow('something spins');
  });
});
