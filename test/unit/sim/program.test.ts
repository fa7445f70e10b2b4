import { describe, expect, it } from 'vitest';
import { Machine } from '../../sim/machine.ts';
import { Program, type FileAccident } from '../../sim/program.ts';
import { Random } from '../../sim/random.ts';
import { Schedule } from '../../sim/schedule.ts';

function started(accident: () => FileAccident | null = () => null) {
  const schedule = new Schedule();
  const machine = new Machine('north', schedule, new Random(1), 1);
  const program = new Program({
    name: 'agent',
    machine,
    schedule,
    accident,
    onBroken: (_program, error) => {
      throw error instanceof Error ? error : new Error(String(error));
    },
    onEnd: () => undefined,
    readSpecial: () => null,
    onMemoryChange: () => undefined,
  });
  const did: string[] = [];
  const note = (what: string) => () => void did.push(`${schedule.nowMs} ${what}`);
  const pass = (ms: number) => schedule.pass(schedule.nowMs + ms, () => false);
  return { schedule, machine, program, did, note, pass };
}

describe('a program of the simulation', () => {
  it('does after a freeze, in its order, what it could not do during it', async () => {
    const { program, did, note, pass } = started();
    program.freeze(500);
    for (const what of ['first', 'second']) program.run(note(what));
    await pass(400);
    expect(did).toEqual([]);
    await pass(400);
    expect(did).toEqual(['500 first', '500 second']);
  });

  it('goes on at once when it is thawed before its time, and freezes again afterwards', async () => {
    const { program, did, note, pass } = started();
    program.freeze(1e9);
    program.run(note('first'));
    await pass(100);
    program.thaw();
    await pass(100);
    expect(did).toEqual(['100 first']);
    program.freeze(1_000);
    program.run(note('second'));
    await pass(2_000);
    expect(did).toEqual(['100 first', '1000 second']);
  });

  it('stands still with its machine, also when that is frozen for longer meanwhile', async () => {
    const { program, machine, did, note, pass } = started();
    machine.frozenUntilMs = 300;
    program.run(note('late'));
    await pass(200);
    machine.frozenUntilMs = 900;
    await pass(2_000);
    expect(did).toEqual(['900 late']);
  });

  it('does nothing after its end, and neither do its timers', async () => {
    const { program, did, note, pass } = started();
    program.timers.after(50, note('timer'));
    program.end();
    program.run(note('piece'));
    await pass(200);
    expect(did).toEqual([]);
  });

  it('that stalls in the middle of a file call acts later, with a later clock', async () => {
    let stalls = true;
    const { program, did, note, pass } = started(() => {
      if (!stalls) return null;
      stalls = false;
      return { kind: 'stalls', forMs: 1_000 };
    });
    program.run(() => {
      const before = program.clock.bootMs();
      program.files.makeFolder('/state');
      expect(program.clock.bootMs() - before).toBe(1_000);
      program.outside(0, note('sent'));
    });
    await pass(2_000);
    expect(did).toEqual(['1000 sent']);
  });
});
