import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptCommand } from '../../../agent/member/accept-command.ts';
import { askedNow } from '../../../agent/member/asked-since.ts';
import { changeEnd } from '../../../agent/member/change-end.ts';
import { ChangeTracker } from '../../../agent/member/change-tracker.ts';
import type { MemberParts } from '../../../agent/member/member-parts.ts';
import { openMemoryFile, type MemoryFile } from '../../../agent/member/member-memory.ts';
import { Journal } from '../../../agent/journal/journal.ts';
import type { Command } from '../../../shared/agent-api/agent-api.ts';
import { passiveFacts } from '../failover/sample-facts.ts';

/** Goal: a change ends as what it was. Method: real tracker and memory file, facts by hand. */
const clock = { bootMs: () => 1_000, wallTime: () => '2031-05-06T07:08:09.000Z' };
let folder: string;
let memory: MemoryFile;
let changes: ChangeTracker;

function open() {
  memory = openMemoryFile(folder, { siteId: 's', cluster: 'WK1', server: 'north' });
  changes = new ChangeTracker('north', memory, clock);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-change-'));
  open();
  memory.update({ epoch: 5 });
  changes.begin({
    id: 'change-1',
    kind: 'switchover',
    to: 'south',
    epoch: 5,
    requestedBy: 'admin-1',
    reason: '',
    startedWallTime: clock.wallTime(),
    idempotencyKey: 'key-00000001',
  });
  memory.update({ ended: 5 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Facts = Parameters<typeof changeEnd>[1];
const facts = (change: { active: boolean; peer?: Partial<Facts['peer']> }): Facts => {
  const base = passiveFacts();
  const { epoch, ended } = memory.current();
  return {
    ...base,
    memory: { ...base.memory, epoch, ended },
    lease: { ...base.lease, held: change.active },
    serving: change.active,
    peer: { ...base.peer, role: 'passive', epoch: 5, ...change.peer },
  };
};

describe('a handover whose lease store is lost', () => {
  const silent = (more: { ended: number; held?: boolean; epoch?: number }): Facts => {
    const base = facts({ active: true });
    const { ended, held = true, epoch = 5 } = more;
    const lease = { ...base.lease, held, storeReachable: false, trouble: 'connection refused' };
    return { ...base, memory: { ...base.memory, ended, epoch }, lease, serving: false };
  };

  it('is rolled back as long as the epoch has not ended', () => {
    expect(changeEnd(changes, silent({ ended: 4 }))).toEqual({
      state: 'rolled-back',
      sentence:
        'The lease store was lost before ig-north had given its lease up (connection refused): it stays Active.',
    });
  });

  it('goes on where the epoch has ended, and where the lease is not held any more', () => {
    expect(changeEnd(changes, silent({ ended: 5 }))).toBeNull();
    expect(changeEnd(changes, silent({ ended: 4, held: false }))).toBeNull();
  });
});

describe('the end of a handover', () => {
  it('is a rollback when the peer took the lease, was never Active and gave it back', () => {
    expect(changeEnd(changes, facts({ active: false, peer: { role: 'taking-over', epoch: 6 } }))).toBeNull();
    memory.update({ epoch: 7 });
    expect(changeEnd(changes, facts({ active: false }))).toBeNull();
    expect(changeEnd(changes, facts({ active: true }))?.state).toBe('rolled-back');
  });

  it('is done when the peer was Active in between, also for an agent that was restarted since', () => {
    expect(changeEnd(changes, facts({ active: false, peer: { role: 'active', epoch: 6 } }))?.state).toBe(
      'done',
    );
    open();
    memory.update({ epoch: 7 });
    expect(changeEnd(changes, facts({ active: true }))).toMatchObject({
      state: 'done',
      sentence: expect.stringContaining('has become Active again since') as string,
    });
  });

  it('is open while the peer is seen Active with the epoch before the change', () => {
    expect(changeEnd(changes, facts({ active: false, peer: { role: 'active', epoch: 5 } }))).toBeNull();
  });
});

describe('a second command', () => {
  const command: Command = {
    verb: 'handover',
    cluster: 'WK1',
    target: null,
    epoch: 5,
    idempotencyKey: 'key-00000002',
    reason: '',
  };
  const parts = (): MemberParts =>
    ({
      config: {
        cluster: 'WK1',
        server: 'north',
        serverName: 'ig-north',
        peer: { server: 'south', serverName: 'ig-south' },
      },
      changes,
      memory,
      clock,
      journal: new Journal(join(folder, 'journal'), clock, { cluster: 'WK1', server: 'north' }),
    }) as unknown as MemberParts;

  it('is refused while a change is open, and names it', () => {
    const answer = acceptCommand(parts(), facts({ active: true }), command, 'admin-2');
    expect(answer.accepted).toBe(false);
    const message = answer.accepted ? '' : answer.error.message;
    expect(message).toContain('the switchover that admin-1 asked for at 2031-05-06T07:08:09.000Z (change-1)');
    expect(changes.own()?.id).toBe('change-1');
  });

  it('with the key of the one that runs gets that one, also from a restarted agent', () => {
    open();
    const same = { ...command, idempotencyKey: 'key-00000001' };
    expect(acceptCommand(parts(), facts({ active: true }), same, 'admin-1')).toEqual({
      accepted: true,
      operation: 'change-1',
    });
  });
});

describe('a takeover that a person has forced', () => {
  const forced = (
    now: { bootMs: number; wallTime: string; bootId?: string },
    more: (facts: Facts) => Partial<Facts> = () => ({}),
  ) => {
    const named = (bootId: string | undefined) => (bootId === undefined ? {} : { bootId: () => bootId });
    const clockNow = { bootMs: () => now.bootMs, wallTime: () => now.wallTime, ...named(now.bootId) };
    const clockThen = { ...clock, ...named(now.bootId && 'boot 1') };
    changes.begin({
      id: 'change-2',
      kind: 'force-takeover',
      to: 'north',
      epoch: 5,
      requestedBy: 'admin-1',
      reason: 'the other room is dark',
      startedWallTime: clock.wallTime(),
      idempotencyKey: 'key-00000002',
      statement: 'power-off',
      withoutStore: true,
      asked: askedNow(clockThen),
    });
    const restarted = new ChangeTracker('north', memory, clockNow);
    const alone = facts({ active: false, peer: { role: 'unknown', reachable: false, heard: false } });
    const lease = { ...alone.lease, storeReachable: false, holder: null, freeInMs: null };
    const found = { ...alone, lease };
    return changeEnd(restarted, { ...found, ...more(found) });
  };
  const later = (ms: number) => new Date(Date.parse(clock.wallTime()) + ms).toISOString();

  it('goes on when only its agent was started anew', () => {
    expect(forced({ bootMs: 3_000, wallTime: later(2_000) })).toBeNull();
  });

  it.each([
    ['earlier by its own clock', { bootMs: 500, wallTime: later(40_000) }],
    ['as long up as before, at another time', { bootMs: 2_000, wallTime: later(3_600_000) }],
  ])('starts nothing on a server that was started anew: %s', (_how, now) => {
    expect(forced(now)).toMatchObject({
      state: 'failed',
      sentence: expect.stringContaining('this server was started anew or stood still') as string,
    });
  });

  it('goes on when the clock was set back, and not on a machine that stood still, or was started anew', () => {
    expect(forced({ bootMs: 3_000, wallTime: later(-3_600_000), bootId: 'boot 1' })).toBeNull();
    expect(forced({ bootMs: 3_000, wallTime: later(3_600_000), bootId: 'boot 1' })).toMatchObject({
      sentence: expect.stringContaining('stood still since') as string,
    });
    expect(forced({ bootMs: 3_000, wallTime: later(2_000), bootId: 'boot 2' })).toMatchObject({
      sentence: expect.stringContaining('this server was started anew or stood still') as string,
    });
  });

  it('that has its epoch already goes on after a restart of the agent, however long ago it was asked for', () => {
    const granted = ({ memory: kept }: Facts) => ({ memory: { ...kept, epoch: 1_006, ended: 4 } });
    const late = { bootMs: 3_600_000, wallTime: later(3_599_000) };
    const engine = (found: Facts, process: 'running' | 'stopped') => ({
      ...found.engine,
      process: { ...found.engine.process, value: process },
    });
    expect(forced(late, (found) => ({ ...granted(found), engine: engine(found, 'running') }))).toBeNull();
    // With its engine off nothing goes on by itself, and the person may force it anew.
    expect(forced(late, (found) => ({ ...granted(found), engine: engine(found, 'stopped') }))).toMatchObject({
      state: 'failed',
    });
  });

  it('has the time that it has from when it was asked for, whatever happens to the agent', () => {
    expect(forced({ bootMs: 3_600_000, wallTime: later(3_599_000) })).toMatchObject({
      state: 'failed',
      sentence: expect.stringContaining('could not be carried out in time') as string,
    });
  });
});
