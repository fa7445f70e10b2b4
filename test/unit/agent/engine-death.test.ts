import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  noticeEngineDeath,
  noticeEngineRestart,
  noticeOtherLife,
} from '../../../agent/member/engine-incidents.ts';
import { fakeMember, type FakeMember } from './fake-parts.ts';

/** Goal: an engine that ends is a crash, unless its server shuts down. Method: parts that write down what is asked. */
let member: FakeMember;
let judged: number;

beforeEach(() => {
  vi.useFakeTimers();
  member = fakeMember();
  member.parts.runtime.startedEpoch = 5;
  member.parts.runtime.serving = true;
  judged = 0;
});
afterEach(() => void vi.useRealTimers());

const notice = async () => {
  noticeEngineDeath(member.parts, () => (judged += 1));
  const { serving, serverStops } = member.parts.runtime;
  await vi.advanceTimersByTimeAsync(0);
  return { serving, serverStops };
};

describe('an engine that has ended', () => {
  it('is not served from that moment, its gate is shut, and its death is counted', async () => {
    expect((await notice()).serving).toBe(false);
    expect(member.done).toEqual(['remove mark', 'disarm']);
    expect(member.parts.runtime.crashes).toEqual([member.nowMs]);
    expect(member.told).toEqual(['The engine on ig-north died; nobody had asked it to stop.']);
    expect(judged).toBe(1);
  });

  it('takes the proof of its storage with it: it may have died of that', async () => {
    member.parts.runtime.provenEpoch = 5;
    await notice();
    expect(member.parts.runtime.provenEpoch).toBeNull();
  });

  it('keeps the proof while it is looked at between proof and start, until that is old', async () => {
    const { runtime } = member.parts;
    Object.assign(runtime, { startedEpoch: null, provenEpoch: 5, provenAtMs: member.nowMs });
    await notice();
    expect(runtime.provenEpoch).toBe(5);
    member.nowMs += 30_001;
    await notice();
    expect(runtime.provenEpoch).toBeNull();
  });

  it('is no crash when the whole server shuts down, and nothing is begun until that is known', async () => {
    member.serverStops = () => Promise.resolve(true);
    expect((await notice()).serverStops).toBe('asked');
    expect(member.parts.runtime).toMatchObject({ serverStops: 'yes', crashes: [], startedEpoch: null });
    expect(member.told).toEqual(['The engine on ig-north has stopped: the server shuts down.']);
  });

  it.each([
    ['says no', () => Promise.resolve(false)],
    ['breaks', () => Promise.reject(new Error('no bus'))],
  ])('is a crash when the service manager %s', async (_how, answer) => {
    member.serverStops = answer;
    await notice();
    expect(member.parts.runtime).toMatchObject({ serverStops: 'no', crashes: [member.nowMs] });
    expect(judged).toBe(1);
  });

  it('is counted although the gate cannot be shut', async () => {
    member.breaks.add('disarm');
    await notice().catch(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(member.parts.runtime.crashes).toHaveLength(1);
  });

  it('counts again as before when the shutdown was cancelled', async () => {
    let stops = true;
    member.serverStops = () => Promise.resolve(stops);
    await notice();
    stops = false;
    await vi.advanceTimersByTimeAsync(11_000);
    expect(member.parts.runtime.serverStops).toBe('no');
  });

  it('that was never started here is only not served', async () => {
    member.parts.runtime.startedEpoch = null;
    await notice();
    expect(member.parts.runtime).toMatchObject({ serving: false, crashes: [] });
  });
});

describe('an engine that ends while a step runs', () => {
  it.each(['start-components', 'open-active', 'start-pollers', 'restart-guards'] as const)(
    'has died as well: %s neither starts nor stops it',
    async (kind) => {
      member.parts.runtime.runningStep = { kind, startedMs: member.nowMs };
      expect((await notice()).serving).toBe(false);
      expect(member.parts.runtime.crashes).toEqual([member.nowMs]);
    },
  );

  it.each(['start-engine', 'stop-engine', 'kill-engine'] as const)(
    'is left to %s, which judges what it finds',
    async (kind) => {
      member.parts.runtime.runningStep = { kind, startedMs: member.nowMs };
      await notice();
      expect(member.parts.runtime.crashes).toEqual([]);
      expect(member.done).toEqual([]);
    },
  );
});

describe('an engine that is another process than at the look before', () => {
  const looked = (runningMs: number | null, process: 'running' | 'stopped' = 'running') => {
    member.looks = [process];
    member.runningMs = runningMs;
    noticeEngineRestart(member.parts);
    return member.parts.runtime;
  };

  it('serves nothing, has its pollers started again, and its death is counted', () => {
    looked(5_000);
    member.parts.runtime.pollersStarted = true;
    member.nowMs += 100;
    expect(looked(40)).toMatchObject({ serving: false, pollersStarted: false, crashes: [member.nowMs] });
    expect(member.done).toEqual(['remove mark']);
    expect(member.told).toEqual([
      'The engine on ig-north ended and was started again, both not by this agent.',
    ]);
  });

  it('is told also when a look in between met it without an age, on its way down or up', () => {
    looked(5_000);
    member.nowMs += 100;
    looked(null);
    member.nowMs += 100;
    expect(looked(90)).toMatchObject({ serving: false, crashes: [member.nowMs] });
  });

  it('is the same one as long as it only grows older', () => {
    looked(5_000);
    member.nowMs += 3_000;
    expect(looked(7_990)).toMatchObject({ serving: true, crashes: [] });
  });

  it('is nothing new when this agent is starting it, or had not started the one before', () => {
    looked(5_000);
    member.parts.runtime.runningStep = { kind: 'start-engine', startedMs: member.nowMs };
    expect(looked(10)).toMatchObject({ serving: true, crashes: [] });
    member.parts.runtime.runningStep = null;
    member.parts.runtime.startedEpoch = null;
    member.nowMs += 3_000;
    expect(looked(10)).toMatchObject({ serving: true, crashes: [] });
  });
});

describe('an engine that a restarted agent finds running', () => {
  beforeEach(() => {
    member.parts.runtime.pollersStarted = true;
    member.parts.runtime.adoptedLife = '4711-15';
  });

  it('is served on when it is the one before', async () => {
    member.life = '4711-15';
    expect(await noticeOtherLife(member.parts)).toBe(false);
    expect(member.parts.runtime).toMatchObject({ serving: true, pollersStarted: true, adoptedLife: null });
  });

  it('is another one when somebody has started it meanwhile: not served before its components are on', async () => {
    member.life = '4711-99';
    expect(await noticeOtherLife(member.parts)).toBe(true);
    expect(member.parts.runtime).toMatchObject({ serving: false, pollersStarted: false, adoptedLife: null });
    expect(member.done).toEqual(['remove mark']);
    expect(member.told).toEqual(['The engine on ig-north was started anew while its agent was away.']);
    expect(member.parts.runtime.crashes).toEqual([member.nowMs]);
  });

  it('is asked about again while that cannot be told', async () => {
    expect(await noticeOtherLife(member.parts)).toBe(false);
    expect(member.parts.runtime).toMatchObject({ serving: true, adoptedLife: '4711-15' });
    member.life = '4711-99';
    expect(await noticeOtherLife(member.parts)).toBe(true);
  });

  it('is not judged by this while a step starts or stops it', async () => {
    member.life = '4711-99';
    member.parts.runtime.runningStep = { kind: 'stop-engine', startedMs: 0 };
    expect(await noticeOtherLife(member.parts)).toBe(false);
    expect(member.parts.runtime.serving).toBe(true);
  });
});
