import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDurable, writeDurable } from '../../../agent/durable/durable-file.ts';
import { nodeFiles } from '../../../agent/durable/files.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-durable-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('durable file', () => {
  it('reads back what was written, and the newest of several', () => {
    writeDurable(path, { epoch: 1 });
    writeDurable(path, { epoch: 2 });
    expect(readDurable(path)).toEqual({ ok: true, value: { epoch: 2 } });
  });

  it('tells a file that was never written from a damaged one', () => {
    expect(readDurable(path)).toEqual({ ok: false, error: { kind: 'missing' } });
    writeFileSync(path, '');
    expect(readDurable(path)).toMatchObject({ ok: false, error: { kind: 'damaged' } });
  });

  it('keeps the newest whole version when a disk that fills up takes only a part', () => {
    writeDurable(path, { epoch: 1 });
    const filling = {
      ...nodeFiles,
      write: (file: number, text: string) => nodeFiles.write(file, text.slice(0, 20)),
    };
    expect(() => writeDurable(path, { epoch: 2 }, filling)).toThrow('only 20 bytes');
    expect(readDurable(path)).toEqual({ ok: true, value: { epoch: 1 } });
  });

  it('calls every truncation and every flipped bit damaged, never another value', () => {
    writeDurable(path, { epoch: 41, name: 'WK1' });
    const whole = readFileSync(path);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 2 }),
        fc.integer({ min: 0, max: 7 }),
        (at, bit) => {
          const flipped = Buffer.from(whole);
          flipped[at] = flipped[at]! ^ (1 << bit);
          writeFileSync(path, flipped);
          expect(readDurable(path)).toMatchObject({ ok: false, error: { kind: 'damaged' } });
          writeFileSync(path, whole);
          truncateSync(path, at);
          expect(readDurable(path)).toMatchObject({ ok: false, error: { kind: 'damaged' } });
        },
      ),
    );
  });

  it('survives a crash between its two renames with the newer version', () => {
    writeDurable(path, { epoch: 1 });
    const old = readFileSync(path);
    writeDurable(path, { epoch: 2 });
    renameSync(path, `${path}.new`);
    writeFileSync(`${path}.previous`, old);
    expect(readDurable(path)).toEqual({ ok: true, value: { epoch: 2 } });
  });

  it('after such a crash loses the newer version to nothing that breaks the next write', () => {
    writeDurable(path, { epoch: 1 });
    const old = readFileSync(path);
    writeDurable(path, { epoch: 2 });
    renameSync(path, `${path}.new`);
    writeFileSync(`${path}.previous`, old);
    const full = { ...nodeFiles, write: () => 0 };
    expect(() => writeDurable(path, { epoch: 3 }, full)).toThrow('only 0 bytes');
    expect(readDurable(path)).toEqual({ ok: true, value: { epoch: 2 } });
    writeDurable(path, { epoch: 3 });
    expect(readDurable(path)).toEqual({ ok: true, value: { epoch: 3 } });
  });

  it('is read whole while another process is between its renames', () => {
    writeDurable(path, { epoch: 1 });
    writeDurable(path, { epoch: 2 });
    renameSync(path, `${path}.held`);
    const read = (file: string) => {
      // The other process ends its renames right after the new version was looked for under its temporary name.
      if (file.endsWith('.new')) renameSync(`${path}.held`, path);
      return nodeFiles.read(file);
    };
    expect(readDurable(path, { ...nodeFiles, read })).toEqual({ ok: true, value: { epoch: 2 } });
  });

  it.each(['sha256:torn', null])(
    'does not take the previous version for what was written last: %j under its temporary name',
    (pending) => {
      writeDurable(path, { epoch: 1 });
      writeDurable(path, { epoch: 2, promise: 1 });
      unlinkSync(path);
      if (pending !== null) writeFileSync(`${path}.new`, pending);
      expect(readDurable(path)).toMatchObject({ ok: false, error: { kind: 'damaged' } });
    },
  );
});
