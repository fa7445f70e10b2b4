import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LeaseAnswer, LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { seedRecord } from '../../../shared/lease/store.ts';
import { nodeFiles, type Files } from '../../../agent/durable/files.ts';
import { loadLeaseRecord, saveLeaseRecord, seedLeaseRecords } from '../../../agent/witness/lease-records.ts';
import { Witness } from '../../../agent/witness/witness.ts';

/** Goal: what the witness does around the store's rules. Method: a disk that refuses on demand, a clock by hand. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-witness-'));
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const north = { kind: 'member', site: 's', cluster: 'WK1', server: 'north' } as const;

function bench(
  T: number,
  change: (files: Files) => Files = (files) => files,
  before: 'held by south' | 'without a record' = 'held by south',
) {
  const record = { ...seedRecord('id', 'WK1', 4, 7), holder: 'south', untouched: false };
  if (before === 'held by south') saveLeaseRecord(folder, record);
  let nowMs = 1_000_000;
  const files = change(nodeFiles);
  const open = (configuredT: number) =>
    new Witness(
      {
        schema: 1,
        siteId: 's',
        server: 'w',
        listen: { address: '127.0.0.1', port: 1 },
        clusters: [{ id: 'WK1', T: configuredT, members: ['north', 'south'] }],
        paths: { state: folder, certificates: '' },
      },
      { bootMs: () => nowMs, wallTime: () => '' },
      files,
    );
  const witness = open(T);
  return {
    witness,
    pass: (ms: number) => {
      nowMs += ms;
    },
    ask: (request: Partial<LeaseRequest>): LeaseAnswer => {
      let heard: ((data: Buffer) => void) | null = null;
      let answer: LeaseAnswer | null = null;
      witness.serve(
        {
          on: (_event, listener) => {
            heard = listener;
          },
          send: (text) => {
            answer = JSON.parse(text) as LeaseAnswer;
          },
          close: () => undefined,
        },
        north,
        () => undefined,
      );
      const frame = { id: 1, cluster: 'WK1', storeId: null, ...request };
      heard!(Buffer.from(JSON.stringify(frame)));
      return answer!;
    },
  };
}

const recordOnDisk = () => {
  const found = loadLeaseRecord(folder, 'WK1');
  return found.ok ? found.value : null;
};

describe('witness', () => {
  it('has a grown T on disk before it answers anything', () => {
    bench(15);
    expect(recordOnDisk()?.T).toBe(15);
  });

  it('refuses everything while a grown T cannot be written down', () => {
    const { ask } = bench(15, (files) => ({
      ...files,
      open: (path, flags, mode) => {
        if (flags === 'w') throw new Error('no space');
        return files.open(path, flags, mode);
      },
    }));
    expect(ask({ op: 'read' })).toMatchObject({ result: 'refused', why: 'not-durable' });
    expect(recordOnDisk()?.T).toBe(4);
  });

  it('keeps the longer T on record until the lease under it has run out', () => {
    const { ask, pass } = bench(2);
    pass(4_289);
    expect(ask({ op: 'acquire', epochSeen: 7, T: 2 })).toMatchObject({ why: 'live' });
    expect(recordOnDisk()?.T).toBe(4);
    pass(1);
    expect(ask({ op: 'acquire', epochSeen: 7, T: 4 })).toMatchObject({ why: 'lease-too-long' });
    expect(ask({ op: 'acquire', epochSeen: 7, T: 2 })).toMatchObject({ result: 'granted' });
    expect(recordOnDisk()).toMatchObject({ T: 2, epoch: 8, holder: 'north' });
  });

  it('reads a record again that a failed write has made uncertain, and waits T + δ', () => {
    let full = false;
    const { ask, pass, witness } = bench(4, (files) => ({
      ...files,
      open: (path, flags, mode) => {
        if (full && flags === 'w') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        return files.open(path, flags, mode);
      },
    }));
    const acquire = { op: 'acquire', epochSeen: 7, T: 4 } as const;
    pass(4_290);
    full = true;
    expect(ask(acquire)).toMatchObject({ why: 'not-durable' });
    expect(witness.snapshot().unusable).toEqual([{ cluster: 'WK1', why: 'it cannot be written: ENOSPC' }]);
    pass(1_000);
    expect(ask(acquire)).toMatchObject({ why: 'not-durable' });
    full = false;
    expect(ask(acquire)).toMatchObject({ why: 'not-durable' });
    pass(1_000);
    expect(ask(acquire)).toMatchObject({ why: 'live', view: { freeInMs: 4_290, epoch: 7 } });
    expect(witness.snapshot().unusable).toEqual([]);
    pass(4_290);
    expect(ask(acquire)).toMatchObject({ result: 'granted' });
  });

  it('takes up a record that is seeded while it runs, and tells it', () => {
    const { ask, pass } = bench(4, (files) => files, 'without a record');
    expect(ask({ op: 'read' })).toMatchObject({ why: 'not-durable' });
    expect(console.error).toHaveBeenLastCalledWith(
      expect.stringMatching(/WK1 .* missing and must be seeded/),
    );
    seedLeaseRecords(folder, [{ id: 'WK1', T: 4 }], 7);
    expect(ask({ op: 'read' })).toMatchObject({ why: 'not-durable' });
    pass(1_000);
    expect(ask({ op: 'read' })).toMatchObject({ result: 'read', view: { epoch: 7, freeInMs: 4_290 } });
    expect(console.error).toHaveBeenLastCalledWith(expect.stringMatching(/WK1 can be used again/));
  });

  it('writes a forced takeover down before it answers, and answers nothing that it could not write', () => {
    const forced = { by: 'anna', reason: 'power lost', at: 'now', alone: false };
    const fine = bench(4);
    expect(fine.ask({ op: 'force', epochSeen: 7, T: 4, forced })).toMatchObject({ why: 'live' });
    fine.pass(4_290);
    expect(fine.ask({ op: 'force', epochSeen: 7, T: 4, forced })).toMatchObject({
      result: 'granted',
      view: { epoch: 8, holder: 'north', forced: { epoch: 8, ...forced } },
    });
    expect(recordOnDisk()).toMatchObject({ epoch: 8, forced: { epoch: 8, ...forced } });
  });
});
