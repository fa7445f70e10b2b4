import { describe, expect, it } from 'vitest';
import { CopyKeeper } from '../../../agent/copying/copy-keeper.ts';
import type { Files } from '../../../agent/durable/files.ts';
import type { CopyAttempt } from '../../../agent/storage/copy-script.ts';
import type { CopyFailure } from '../../../shared/copying/copy-verdict.ts';
import { succeed } from '../../../shared/result.ts';

/** Goal: who copies when, and what is known of it. Method: a script and timers by hand. */
interface Sent {
  readonly epoch: number;
  readonly final: boolean;
  end(failure?: CopyFailure, bytes?: number): Promise<void>;
}

const idle = () => new Promise<void>((done) => setImmediate(done));

function open(epoch: number | null = 5) {
  const timers: { atMs: number; run: () => void }[] = [];
  const sent: Sent[] = [];
  const notes: string[] = [];
  const outside = { nowMs: 0, epoch, state: 'data 5\ngiven 0\n', looks: [] as string[] };
  const keeper = new CopyKeeper({
    script: {
      send: ({ epoch: copied, final }) =>
        new Promise<CopyAttempt>((resolve) => {
          const beganMs = outside.nowMs;
          const end: Sent['end'] = async (failure, bytes = 100) => {
            if (failure === undefined && final) outside.state = `data ${copied}\ngiven ${copied}\n`;
            resolve({ reading: { beganMs, bytes, files: 1 }, failure: failure ?? null, sentBytes: 1 });
            await idle();
          };
          sent.push({ epoch: copied, final, end });
        }),
      adopt: () => Promise.resolve(succeed({ from: null, aside: null })),
      claim: () => Promise.resolve(succeed({ from: null, aside: null })),
      look: (verb) => {
        outside.looks.push(verb);
        return Promise.resolve(succeed(undefined));
      },
    },
    storage: { everySeconds: 5, lagLimitSeconds: 60 },
    place: '/srv/wk1',
    stateFile: '/run/copied',
    peerName: 'ig-south',
    files: { read: () => outside.state } as unknown as Files,
    clock: { bootMs: () => outside.nowMs, wallTime: () => '' },
    timers: {
      after: (delayMs, run) => {
        const timer = { atMs: outside.nowMs + delayMs, run };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
      },
      every: () => () => undefined,
      soon: (run) => run(),
      monotonicMs: () => outside.nowMs,
      untilBeat: (ms) => ms,
    },
    epoch: () => outside.epoch,
    onChange: () => undefined,
    note: (sentence) => notes.push(sentence),
  });
  const passes = async (ms: number) => {
    outside.nowMs += ms;
    for (const timer of timers.filter(({ atMs }) => atMs <= outside.nowMs)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.run();
    }
    await idle();
  };
  return { keeper, sent, notes, outside, passes };
}
const unreachable: CopyFailure = { code: 'unreachable', seen: 'it does not answer' };

describe('the copies of an Active', () => {
  it('follow one another, each so long after the end of the one before', async () => {
    const { sent, passes } = open();
    await passes(1_000);
    await passes(30_000);
    expect(sent).toHaveLength(1);
    await sent[0]!.end();
    await passes(4_999);
    expect(sent).toHaveLength(1);
    await passes(1);
    expect(sent.map(({ epoch, final }) => [epoch, final])).toEqual([
      [5, false],
      [5, false],
    ]);
  });

  it('are made by nobody else', async () => {
    const { keeper, sent, passes } = open(null);
    await passes(1_000);
    await passes(5_000);
    expect(sent).toEqual([]);
    expect(keeper.facts(6_000).lagMs).toBeNull();
    expect(keeper.view().sends).toBe(false);
  });

  it('lag since the reading of the last complete one began, or since they are due', async () => {
    const { keeper, sent, outside, passes } = open();
    await passes(1_000);
    expect(keeper.facts(1_500).lagMs).toBe(500);
    await passes(2_000);
    await sent[0]!.end();
    expect(keeper.facts(outside.nowMs).lagMs).toBe(2_000);
    await passes(5_000);
    await sent[1]!.end(unreachable, 250);
    expect(keeper.facts(outside.nowMs)).toMatchObject({ lagMs: 7_000, failure: 'it does not answer' });
    expect(keeper.view()).toMatchObject({ unsentBytes: 150, failure: unreachable });
  });

  it('tell a failure once, and that it has ended', async () => {
    const { sent, notes, passes } = open();
    await passes(1_000);
    for (const failure of [unreachable, unreachable, undefined]) {
      await sent.at(-1)!.end(failure);
      await passes(5_000);
    }
    expect(notes).toEqual([
      'The copy to ig-south is not complete: it does not answer.',
      'The copy to ig-south is complete again.',
    ]);
  });

  it('end with the last one, which waits for the one before, until the engine starts again', async () => {
    const { keeper, sent, outside, passes } = open();
    await passes(1_000);
    const last = keeper.last(5, 60_000);
    await idle();
    expect(sent).toHaveLength(1);
    await sent[0]!.end();
    expect(sent[1]).toMatchObject({ epoch: 5, final: true });
    await sent[1]!.end();
    expect(await last).toMatchObject({ ok: true });
    await passes(5_000);
    await passes(5_000);
    expect(sent).toHaveLength(2);
    await keeper.reopen(5);
    expect(outside.looks).toEqual(['look', 'reopen']);
    outside.state = 'data 5\ngiven 0\n';
    await passes(5_000);
    expect(sent).toHaveLength(3);
  });

  it('are not waited for longer than the last one may take', async () => {
    const { keeper, sent, passes } = open();
    await passes(1_000);
    const last = keeper.last(5, 60_000);
    await passes(60_000);
    expect(await last).toMatchObject({ ok: false });
    expect(sent).toHaveLength(1);
  });
});

describe('an old Active', () => {
  const whole = 'whole 6 1 no 100 10 100 1 now\n';
  it('tells once that it has what is in no copy', () => {
    const { keeper, notes, outside } = open(null);
    outside.state = `data 5\ngiven 0\n${whole}`;
    keeper.state();
    outside.nowMs += 1_000;
    keeper.state();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(
      'under epoch 5 after its last complete copy is not in the copy that ig-south sends',
    );
  });

  it('tells nothing when the other one has received everything', () => {
    const { keeper, notes, outside } = open(null);
    outside.state = `data 5\ngiven 5\n${whole}`;
    keeper.state();
    expect(notes).toEqual([]);
  });
});
