import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import { MaintenanceKeeper } from '../../../agent/member/maintenance-keeper.ts';
import type { Timers } from '../../../shared/clock.ts';
import { openMemoryFile } from '../../../agent/member/member-memory.ts';
import type { MaintenanceFrame } from '../../../shared/agent-api/maintenance-frames.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

/**
 * Goal: what each member has on disk when a maintenance is confirmed, and what counts after a restart.
 * Method: two keepers over real files, joined by a line that may lose frames; the clock is moved by hand.
 */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-maintenance-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = { storeId: 'store-1', version: 4, by: 'admin-1', reason: 'kernel patch', lastsMs: 60_000 };

function member(server: string) {
  const files = { ...nodeFiles };
  const at = { ms: 1_000 };
  const due: (() => void)[] = [];
  const told: string[] = [];
  const line: { tell: (frame: MaintenanceFrame) => Result<void, string> } = {
    tell: () => succeed(undefined),
  };
  const memory = openMemoryFile(join(folder, server), { siteId: 's', cluster: 'WK1', server }, files);
  const keeper = new MaintenanceKeeper({
    clock: { bootMs: () => at.ms, wallTime: () => '' },
    timers: {
      after: (_ms: number, run: () => void) => (due.push(run), () => due.splice(due.indexOf(run), 1)),
    } as unknown as Timers,
    cluster: 'WK1',
    peerName: server === 'north' ? 'ig-south' : 'ig-north',
    memory,
    limitMs: 500,
    tell: (frame) => line.tell(frame),
    note: (sentence) => told.push(sentence),
  });
  return { keeper, memory, files, line, at, due, told };
}

/** What north asks goes to south, and back. */
function joined() {
  const [north, south] = [member('north'), member('south')];
  north.line.tell = (frame) => {
    south.keeper.takeFrame(frame, (answer) => north.keeper.takeFrame(answer, () => undefined));
    return succeed(undefined);
  };
  return { north, south };
}

const silentStore = {
  held: false,
  renewedMs: null,
  answeredMs: null,
  seenStoreId: null,
  policyVersion: null,
  maintenance: null,
  maintenanceSaid: false,
};
const store = (changes: object) => ({ ...silentStore, seenStoreId: 'store-1', policyVersion: 4, ...changes });

test('the peer confirms once it is on its disk, and knows of it after a restart without the store', async () => {
  const { north, south } = joined();
  expect(await north.keeper.askPeer(kept)).toEqual(succeed(undefined));
  expect(south.memory.current().maintenance).toEqual(kept);
  expect(south.told).toEqual([
    'ig-north has asked to keep the maintenance of WK1 by admin-1: it is on disk here.',
  ]);
  expect(north.due).toEqual([]);
  const restarted = member('south');
  restarted.at.ms = 11_000;
  const facts = restarted.keeper.facts(silentStore, 11_000);
  expect(facts.maintenance).toEqual({ by: 'admin-1', reason: 'kernel patch', leftMs: 50_000 });
});

test('a peer that cannot write it, or works on a change, says why and keeps nothing', async () => {
  const { north, south } = joined();
  south.files.write = () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  expect(await north.keeper.askPeer(kept)).toEqual(
    fail('ig-south does not keep it: its durable state cannot be written: ENOSPC'),
  );
  south.files.write = nodeFiles.write;
  const operation = {
    id: 'o',
    kind: 'failover',
    to: 'south',
    epoch: 1,
    requestedBy: 'a',
    reason: '',
  } as const;
  south.memory.update({ operation: { ...operation, startedWallTime: '', idempotencyKey: 'key-12345' } });
  expect(await north.keeper.askPeer(kept)).toEqual(fail('ig-south does not keep it: it works on a change'));
  expect(south.memory.current().maintenance).toBeUndefined();
});

test('a peer that does not answer in time has not confirmed, and its late answer changes nothing', async () => {
  const { north, south } = joined();
  let late = () => undefined as void;
  north.line.tell = (frame) => {
    late = () => south.keeper.takeFrame(frame, (answer) => north.keeper.takeFrame(answer, () => undefined));
    return succeed(undefined);
  };
  const asked = north.keeper.askPeer(kept);
  north.due[0]?.();
  expect(await asked).toEqual(fail('ig-south has not confirmed within 0.5 s that it keeps the maintenance'));
  late();
  expect(south.keeper.facts(store({ policyVersion: 3 }), 2_000).maintenance).toBeNull();
});

test('what stops the question is the answer: no connection, or an agent of an earlier release', async () => {
  const { north } = joined();
  north.line.tell = () => fail('the agent on ig-south is of an earlier release');
  expect(await north.keeper.askPeer(kept)).toEqual(fail('the agent on ig-south is of an earlier release'));
});

test('is forgotten on disk once its store has ended it', () => {
  const { south } = joined();
  south.keeper.keep(kept);
  south.keeper.forgetWhenOver(() => store({ policyVersion: 3 }), 2_000);
  expect(south.memory.current().maintenance).toEqual(kept);
  south.keeper.forgetWhenOver(() => store({ policyVersion: 5 }), 2_000);
  expect(south.memory.current().maintenance).toBeNull();
});

test('after its end the lease counts as proven only by a renewal that was sent since', () => {
  const { north } = joined();
  const told = { by: 'admin-1', reason: '', leftMs: 1_000 };
  const held = (maintenance: object | null, renewedMs: number) =>
    store({ held: true, renewedMs, maintenance });
  expect(north.keeper.facts(held(told, 100) as never, 10_000).unprovenSinceMaintenance).toBe(false);
  expect(north.keeper.facts(held(null, 300) as never, 10_200).unprovenSinceMaintenance).toBe(true);
  expect(north.keeper.facts(held(null, 50) as never, 10_250).unprovenSinceMaintenance).toBe(false);
});

test('one that has not begun is withdrawn on both disks, and what was kept before counts again', async () => {
  const { north, south } = joined();
  const before = { ...kept, version: 3, reason: 'cabling' };
  for (const maintenance of [before, kept]) {
    await north.keeper.askPeer(maintenance);
    north.keeper.keep(maintenance);
  }
  north.keeper.withdraw(kept);
  for (const one of [north, south]) expect(one.memory.current().maintenance).toEqual(before);
  expect(south.told.at(-1)).toBe('ig-north withdraws the maintenance of WK1: it has not begun.');
  north.keeper.withdraw(kept);
  for (const one of [north, south]) expect(one.memory.current().maintenance).toEqual(before);
});

test('a disk that does not take the withdrawal keeps what is on it', async () => {
  const { north, south } = joined();
  await north.keeper.askPeer(kept);
  south.files.write = () => {
    throw new Error('no space left on device');
  };
  north.keeper.withdraw(kept);
  expect(south.memory.current().maintenance).toEqual(kept);
  expect(south.told).toHaveLength(1);
});
