import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../../agent/durable/files.ts';
import type { EngineAdapter } from '../../../../agent/engines/engine-adapter.ts';
import { LedgerKeeper } from '../../../../agent/ledger/ledger-keeper.ts';
import type { SharedDirectory } from '../../../../agent/storage/shared-directory.ts';
import type { ComponentState } from '../../../../shared/engine/component-state.ts';
import { fail, succeed } from '../../../../shared/result.ts';

/** Goal: the book survives a move on either way. Method: two keepers over one folder and one link, no mocks of ours. */
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ixha-ledger-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const component = (name: string, more: Partial<ComponentState> = {}): ComponentState => ({
  guid: name,
  name,
  poller: false,
  light: 'on',
  errors: 0,
  queued: 2,
  received: 10,
  position: 8,
  lastNumber: 10,
  lastMessageId: null,
  lastActivity: null,
  ...more,
});

interface Side {
  readonly keeper: LedgerKeeper;
  components: ComponentState[] | null;
  nowMs: number;
  storageFails: boolean;
  readonly notes: string[];
  leftOff: readonly string[];
}
/** @param other who gets the frames */
function side(server: string, other: () => LedgerKeeper | null, run = server): Side {
  const shared = join(folder, 'ledger');
  const runFolder = join(folder, run);
  nodeFiles.makeFolder(runFolder);
  const storage: Pick<SharedDirectory, 'putLedger' | 'getLedger'> = {
    putLedger: (_epoch, file) => {
      if (!me.storageFails) copyFileSync(file, shared);
      return Promise.resolve(me.storageFails ? fail('full') : succeed(undefined));
    },
    getLedger: (file) => {
      if (me.storageFails || !existsSync(shared)) return Promise.resolve(fail('no ledger'));
      copyFileSync(shared, file);
      return Promise.resolve(succeed(undefined));
    },
  };
  const engine: Pick<EngineAdapter, 'diagnosis' | 'leaveOff'> = {
    diagnosis: () => ({ troubles: [], capabilities: [], components: me.components }),
    leaveOff: (names) => (me.leftOff = names),
  };
  const me: Omit<Side, 'keeper'> & { keeper: LedgerKeeper | null } = {
    keeper: null,
    components: [component('ADT')],
    nowMs: 1_000,
    storageFails: false,
    notes: [],
    leftOff: [],
  };
  me.keeper = new LedgerKeeper({
    about: { siteId: 's', cluster: 'WK1', server },
    runFolder,
    clock: { bootMs: () => me.nowMs, wallTime: () => 'noon' },
    files: nodeFiles,
    storage: storage as SharedDirectory,
    engine: engine as EngineAdapter,
    share: (frame) => other()?.takeFrame(JSON.parse(JSON.stringify(frame))),
    note: (sentence) => me.notes.push(sentence),
  });
  return me as Side;
}
const nobody = () => null;

async function becomes(active: Side, epoch: number): Promise<void> {
  active.keeper.takeOver(epoch);
  await active.keeper.ready();
  active.keeper.looked(epoch, true);
}

describe('the ledger of an Active', () => {
  it('that was sealed is compared by the next one', async () => {
    const north = side('north', nobody);
    await becomes(north, 5);
    const sealed = await north.keeper.seal(5);
    expect(sealed).toEqual({ ok: true, value: '1 queues sealed with 2 messages waiting, read 0 ms before' });
    expect(north.keeper.sealedEpoch()).toBe(5);
    const south = side('south', nobody);
    south.components = [component('ADT', { position: 9, queued: 1 })];
    await becomes(south, 6);
    expect(south.keeper.view().comparison?.result).toMatchObject({
      verdict: 'continued',
      before: { server: 'north', epoch: 5, sealed: true },
    });
    expect(south.notes).toHaveLength(1);
  });

  it('reaches the next one over the peer link when the storage does not give it', async () => {
    const south = side('south', nobody);
    const north = side('north', () => south.keeper);
    north.storageFails = true;
    south.storageFails = true;
    await becomes(north, 5);
    south.components = [component('ADT', { lastNumber: 9, queued: 1 })];
    await becomes(south, 6);
    expect(south.keeper.view().comparison?.result).toMatchObject({
      verdict: 'fewer',
      before: { sealed: false },
    });
    expect(south.notes[1]).toContain('ADT: 1 message that had been taken in is missing');
  });

  it('of one that returns shows what it knew alone, and is never merged', async () => {
    const north = side('north', nobody);
    await becomes(north, 5);
    // Cut off from storage and peer it has taken two more messages in.
    north.storageFails = true;
    north.components = [component('ADT', { lastNumber: 12, queued: 4 })];
    north.nowMs += 10_000;
    north.keeper.looked(5, false);
    const south = side('south', () => north.keeper);
    south.components = [component('ADT')];
    await becomes(south, 6);
    expect(south.keeper.view().comparison?.result.verdict).toBe('continued');
    expect(north.keeper.view().returned).toMatchObject({
      result: { verdict: 'fewer' },
      before: { server: 'north', epoch: 5 },
      after: { server: 'south', epoch: 6 },
    });
    expect(north.notes[0]).toContain('Back beside south: Of 1 queues 1 with fewer messages than before');
    south.nowMs += 10_000;
    south.keeper.looked(6, false);
    expect(north.notes.filter((note) => note.startsWith('Back'))).toHaveLength(1);
    await becomes(north, 7);
    expect(north.keeper.view().returned).toBeNull();
  });

  it('is compared once in an epoch, not at every look', async () => {
    const north = side('north', nobody);
    await becomes(north, 5);
    await north.keeper.seal(5);
    const south = side('south', nobody);
    await becomes(south, 6);
    south.components = [component('ADT', { position: 0 })];
    south.keeper.looked(6, false);
    expect(south.notes).toHaveLength(1);
    expect(south.keeper.view().comparison?.result.verdict).toBe('continued');
  });

  it('is nothing to the next one when it is damaged or of another cluster', async () => {
    writeFileSync(join(folder, 'ledger'), 'sha256:00\n{}\n');
    const south = side('south', nobody);
    await becomes(south, 6);
    expect(south.keeper.view().comparison).toBeNull();
    expect(south.keeper.view().current?.entries).toHaveLength(1);
  });

  it('that cannot be sealed says so', async () => {
    const north = side('north', nobody);
    await becomes(north, 5);
    north.storageFails = true;
    expect(await north.keeper.seal(5)).toEqual({ ok: false, error: 'full' });
    expect(north.keeper.sealedEpoch()).toBeNull();
  });

  it('whose engine told nothing has nothing to seal', async () => {
    const north = side('north', nobody);
    north.components = null;
    await becomes(north, 5);
    expect(await north.keeper.seal(5)).toMatchObject({ ok: true });
    expect(north.keeper.sealedEpoch()).toBe(5);
    expect(existsSync(join(folder, 'ledger'))).toBe(false);
  });

  it('is written at most every five seconds, and sealed whatever the time', async () => {
    const north = side('north', nobody);
    await becomes(north, 5);
    const text = () => readFileSync(join(folder, 'ledger'), 'utf8');
    const first = text();
    north.components = [component('ADT', { queued: 3, lastNumber: 11 })];
    north.nowMs += 4_000;
    north.keeper.looked(5, false);
    expect(text()).toBe(first);
    await north.keeper.seal(5);
    expect(text()).toContain('"sealed":true');
    expect(text()).toContain('"lastNumber":11');
  });

  it('that tells the same queues as before is written once a minute, and at once when they change or a write failed', async () => {
    const north = side('north', nobody);
    // A poller counts and dates its looks for work also while there is none.
    const quiet = (received: number) => [
      component('ADT'),
      component('sweep', { poller: true, received, lastActivity: `second ${received}` }),
    ];
    north.components = quiet(0);
    north.storageFails = true;
    await becomes(north, 5);
    const looked = async () => {
      north.nowMs += 5_000;
      north.keeper.looked(5, false);
      await new Promise((resolve) => setImmediate(resolve));
      return existsSync(join(folder, 'ledger')) ? readFileSync(join(folder, 'ledger'), 'utf8') : '';
    };
    expect(await looked()).toBe('');
    north.storageFails = false;
    const first = await looked();
    expect(first).toContain('"lastNumber":10');
    for (let times = 0; times < 11; times += 1) {
      north.components = quiet(times);
      expect(await looked()).toBe(first);
    }
    const again = await looked();
    expect(again).not.toBe(first);
    north.components = [component('ADT', { lastNumber: 11 })];
    expect(await looked()).toContain('"lastNumber":11');
  });
});

describe('components that a person has left off', () => {
  it('are left off by the next Active and by a restarted agent', async () => {
    const north = side('north', nobody);
    north.components = [component('ADT'), component('LAB')];
    await becomes(north, 5);
    for (const laterMs of [1_000, 5_000]) {
      north.nowMs = 1_000 + laterMs;
      north.components = [component('ADT'), component('LAB', { light: 'off' })];
      north.keeper.looked(5, false);
    }
    expect(north.leftOff).toEqual(['LAB']);
    await north.keeper.seal(5);
    const south = side('south', nobody);
    await becomes(south, 6);
    expect(south.leftOff).toEqual(['LAB']);
    const again = side('north', nobody);
    expect(again.leftOff).toEqual(['LAB']);
    expect(again.keeper.sealedEpoch()).toBe(5);
  });
});
