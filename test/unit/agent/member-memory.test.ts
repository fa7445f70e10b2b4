import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
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
});
