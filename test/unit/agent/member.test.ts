import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dial, DialEvents } from '../../../agent/api/dial.ts';
import { nodeFiles, type Files } from '../../../agent/durable/files.ts';
import { Member } from '../../../agent/member/member.ts';
import type { MemberDevices } from '../../../agent/member/member-ground.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { answerLease, restoreStore, seedRecord, type StoreState } from '../../../shared/lease/store.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { MemberConfig } from '../../../shared/site/member-config.ts';
import { fail, succeed } from '../../../shared/result.ts';

/** Goal: between a lease that changed and what must be done about it no disk is waited for. Method: a whole member whose journal is watched; the real store reducer behind its connection. */
const timing = timingPresets.fast;
const storePort = 7001;
let folder: string;
let store: StoreState;
let nowMs: number;
let log: string[];
let member: Member;

const files: Files = {
  ...nodeFiles,
  fdatasync: (file) => {
    log.push('journal on disk');
    nodeFiles.fdatasync(file);
  },
};

/** The witness answers inside `send`, so that what an answer does at once can be told from what it does later. */
const dial: Dial = ({ port }, events) => {
  if (port !== storePort) return closed(events);
  systemTimers.soon(() => events.onOpen());
  return {
    isOpen: () => true,
    send: (text) => {
      const request = JSON.parse(text) as LeaseRequest;
      const { state, answer } = answerLease(store, 'north', request, nowMs);
      store = state;
      systemTimers.soon(() => {
        log.push(`answer ${answer.result} begins`);
        events.onText(JSON.stringify({ id: request.id, ...answer }));
        log.push('answer ends');
      });
    },
    terminate: () => undefined,
  };
};

function closed(events: DialEvents) {
  systemTimers.soon(() => events.onClose());
  return { isOpen: () => false, send: () => undefined, terminate: () => undefined };
}

const devices = {
  service: {
    observe: () => Promise.resolve(succeed({ process: 'running', runningMs: 1_000 })),
    stop: () => Promise.resolve(succeed(undefined)),
    kill: () => {
      log.push('kill');
      return Promise.resolve(succeed(undefined));
    },
  },
  engine: { look: () => Promise.resolve(fail('its API port is closed')) },
  storage: { read: () => Promise.resolve(fail('not mounted')) },
} as unknown as MemberDevices;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  folder = mkdtempSync(join(tmpdir(), 'ixha-member-'));
  nowMs = 1_000_000;
  log = [];
  store = { ...restoreStore(seedRecord('s', 'WK1', timing.T, 0), timing.T, nowMs), liveUntilMs: 0 };
  const config = {
    siteId: 'site',
    cluster: 'WK1',
    server: 'north',
    serverName: 'ig-north',
    timing,
    peer: { server: 'south', serverName: 'ig-south', address: '127.0.0.1', port: 7002 },
    store: { server: 'witness', address: '127.0.0.1', port: storePort },
    localRestarts: 2,
    storage: { kind: 'shared', directory: '/srv/wk1', mustBeMount: false },
    paths: { state: join(folder, 'state'), run: join(folder, 'run') },
  } as unknown as MemberConfig;
  const clock = { bootMs: () => nowMs, wallTime: () => '' };
  member = new Member(config, { clock, timers: systemTimers, files, dial, devices, onTold: () => undefined });
});
afterEach(() => {
  member.close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 50) {
    nowMs += 50;
    await vi.advanceTimersByTimeAsync(50);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
};

/** What was done while the store's answers were taken in. */
const duringAnswers = () => {
  const found: string[] = [];
  let inside = false;
  for (const line of log) {
    if (line === 'answer ends') inside = false;
    else if (inside) found.push(line);
    if (line.endsWith('begins')) inside = true;
  }
  return found;
};

describe('a member whose lease changes', () => {
  it('kills at once when the store names somebody else, and journals it later', async () => {
    await pass(1_000);
    const { parts, loop } = member.served();
    const { keeper, journal } = parts;
    // Only what the lease itself does is looked at here.
    loop.close();
    const asked = keeper.acquire();
    await pass(50);
    expect((await asked).ok).toBe(true);
    expect(keeper.arm().ok).toBe(true);
    log.length = 0;
    store = { ...store, record: { ...store.record, epoch: 2, holder: 'south' } };
    await pass(1_000);
    expect(duringAnswers()).toEqual(['kill']);
    expect(journal.recently('lease', 'Lease of epoch 1 is lost: not-holder.')).toBe(true);
  });

  it('takes a grant in without waiting for the journal', async () => {
    await pass(1_000);
    log.length = 0;
    const { keeper, journal } = member.served().parts;
    const asked = keeper.acquire();
    await pass(50);
    expect((await asked).ok).toBe(true);
    await pass(50);
    expect(duringAnswers()).toEqual([]);
    expect(journal.recently('lease', 'Lease of epoch 1 granted.')).toBe(true);
  });
});
