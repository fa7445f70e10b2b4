import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import fc from 'fast-check';
import { openMemoryFile } from '../../../agent/member/member-memory.ts';

let folder: string;
const who = { siteId: 'site', cluster: 'WK1', server: 'north' };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('durable state of a member', () => {
  it('starts empty and keeps what it was told', () => {
    const file = openMemoryFile(folder, who);
    expect(file.current()).toMatchObject({ epoch: 0, ended: 0, storeId: null });
    file.update({ epoch: 3, storeId: 's' });
    expect(openMemoryFile(folder, who).current()).toMatchObject({ epoch: 3, ended: 0, storeId: 's' });
  });

  it('never lets an epoch go back', () => {
    const file = openMemoryFile(folder, who);
    file.update({ epoch: 3, ended: 3 });
    expect(() => file.update({ epoch: 2 })).toThrow('only grow');
    expect(() => file.update({ ended: 2 })).toThrow('only grow');
    expect(file.current()).toMatchObject({ epoch: 3, ended: 3 });
  });

  it('calls a flipped byte damaged and then refuses to write over it', () => {
    openMemoryFile(folder, who).update({ epoch: 3 });
    const path = join(folder, 'member.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"epoch":3', '"epoch":9'));
    const damaged = openMemoryFile(folder, who);
    expect(damaged.damaged).toContain('checksum');
    expect(() => damaged.update({ epoch: 10 })).toThrow();
    expect(readFileSync(path, 'utf8')).toContain('"epoch":9');
  });

  it('tells that it cannot be written, until a write works again, and keeps what it was', () => {
    const full = () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    const files = { ...nodeFiles };
    const file = openMemoryFile(folder, who, files);
    file.update({ epoch: 3 });
    expect(file.unwritable()).toBeNull();
    files.write = full;
    expect(() => file.update({ epoch: 4 })).toThrow('no space left');
    expect(file.unwritable()).toBe('ENOSPC');
    expect(file.current().epoch).toBe(3);
    files.write = nodeFiles.write;
    file.update({});
    expect(file.unwritable()).toBeNull();
  });

  it('does not take over the state of another member', () => {
    openMemoryFile(folder, who).update({ epoch: 3 });
    expect(openMemoryFile(folder, { ...who, server: 'south' }).damaged).toContain(
      'belongs to site/WK1/north',
    );
  });

  it('does not take over the state of another machine, and of its own when that has no id', () => {
    openMemoryFile(folder, { ...who, machineId: 'one' }).update({ epoch: 3 });
    const clone = openMemoryFile(folder, { ...who, machineId: 'two' });
    expect([clone.damaged, clone.foreign]).toEqual([
      expect.stringContaining('was written by another machine'),
      true,
    ]);
    expect(() => clone.update({ epoch: 4 })).toThrow();
    expect(openMemoryFile(folder, who).damaged).toBeNull();
    expect(openMemoryFile(folder, { ...who, machineId: 'one' }).damaged).toBeNull();
  });

  it('takes a state without the id of a machine over, and writes its own', () => {
    openMemoryFile(folder, who).update({ epoch: 3 });
    openMemoryFile(folder, { ...who, machineId: 'one' }).update({});
    expect(openMemoryFile(folder, { ...who, machineId: 'two' }).foreign).toBe(true);
  });

  it('is that of a member that never ran, as long as no store tells of an epoch before', () => {
    const file = openMemoryFile(folder, who);
    file.meetStore(0);
    expect([file.damaged, file.missing]).toEqual([null, false]);
    file.update({ storeId: 's' });
    file.meetStore(7);
    expect([file.damaged, file.missing]).toEqual([null, false]);
  });

  it('that is missing where a store tells of an epoch before is not trusted, also after a restart', () => {
    // A Passive writes now and then to see whether it can: that alone is no past.
    openMemoryFile(folder, who).update({});
    const file = openMemoryFile(folder, who);
    file.meetStore(7);
    expect([file.damaged, file.missing]).toEqual([expect.stringContaining('epoch 7'), true]);
    expect(() => file.update({ storeId: 's' })).toThrow();
    file.rebuild({ epoch: 7, storeId: 's' });
    expect([file.damaged, file.missing]).toEqual([null, false]);
    const again = openMemoryFile(folder, who);
    again.meetStore(8);
    expect([again.damaged, again.current().ended]).toEqual([null, 7]);
  });

  it('begins anew only in place of a damaged one', () => {
    const file = openMemoryFile(folder, who);
    expect(() => file.rebuild({ epoch: 9, storeId: 's' })).toThrow('not damaged');
  });
});

/** Goal: whatever happens to the file, no epoch goes back. Method: histories of writes, then damage of any kind. */
describe('damage of any kind', () => {
  const path = () => join(folder, 'member.json');
  const epochs = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  /** What is done to the newest file; `older` is any version before it. */
  const damages = fc.oneof(
    fc.record({ kind: fc.constant('flip'), at: fc.nat(400), bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('truncate'), at: fc.nat(400), bit: fc.constant(0) }),
    fc.record({ kind: fc.constant('empty'), at: fc.constant(0), bit: fc.constant(0) }),
    fc.record({ kind: fc.constant('clone'), at: fc.constant(0), bit: fc.constant(0) }),
  );

  function damage({ kind, at, bit }: { kind: string; at: number; bit: number }): string {
    const whole = readFileSync(path());
    const place = at % (whole.length - 1);
    if (kind === 'flip') whole[place] = whole[place]! ^ (1 << bit);
    if (kind === 'truncate') writeFileSync(path(), whole.subarray(0, place));
    else writeFileSync(path(), kind === 'empty' ? '' : whole);
    return kind === 'clone' ? 'another' : 'own';
  }

  it('is refused, and what is begun anew is never below what store, peer or the file itself know', () => {
    fc.assert(
      fc.property(epochs, damages, fc.integer({ min: 0, max: 60 }), (steps, what, known) => {
        rmSync(folder, { recursive: true, force: true });
        const file = openMemoryFile(folder, { ...who, machineId: 'own' });
        let epoch = 0;
        for (const step of steps) file.update({ epoch: (epoch += step), ended: epoch - 1 });
        const previous = steps.length > 1 ? epoch - steps.at(-1)! : 0;
        const reader = { ...who, machineId: damage(what) };
        const found = openMemoryFile(folder, reader);
        expect(found.damaged).not.toBeNull();
        expect(() => found.update({ epoch: epoch + 1 })).toThrow();
        found.rebuild({ epoch: known, storeId: 's' });
        const floor = what.kind === 'clone' ? epoch : previous;
        const begun = found.current();
        expect(begun.epoch).toBeGreaterThanOrEqual(Math.max(known, floor));
        expect(begun.ended).toBe(begun.epoch);
        const again = openMemoryFile(folder, reader);
        expect([again.damaged, again.current()]).toEqual([null, begun]);
        again.update({ epoch: begun.epoch + 1 });
        expect(openMemoryFile(folder, reader).current().epoch).toBe(begun.epoch + 1);
      }),
      { numRuns: 150 },
    );
  });
});
