import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import { openDeadlineFile } from '../../../agent/member/deadline-file.ts';
import { GuardBeats } from '../../../agent/probes/guard-beats.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('deadline file', () => {
  it('is exactly two whole numbers and a newline, as the guards demand', () => {
    openDeadlineFile(folder).write(7, 123_456.9);
    expect(readFileSync(join(folder, 'deadline'), 'utf8')).toBe('7 123456\n');
    expect(openDeadlineFile(folder).read()).toEqual({ epoch: 7, deadlineMs: 123_456 });
  });

  it.each(['', '7\n', '7 x\n', '-1 5\n', '7 5', '7 5 9\n', '7 99999999999999999999\n'])(
    'does not read %j',
    (text) => {
      writeFileSync(join(folder, 'deadline'), text);
      expect(openDeadlineFile(folder).read()).toBeNull();
    },
  );

  it('stays as it was when the memory file system takes only a part: half a deadline would kill without need', () => {
    const filling = { ...nodeFiles };
    const file = openDeadlineFile(folder, filling);
    file.write(7, 123_456);
    filling.write = (descriptor, text) => nodeFiles.write(descriptor, text.slice(0, 4));
    expect(() => file.write(7, 125_456)).toThrow('only 4 bytes');
    expect(file.read()).toEqual({ epoch: 7, deadlineMs: 123_456 });
    filling.write = nodeFiles.write;
    file.write(7, 126_456);
    expect(file.read()).toEqual({ epoch: 7, deadlineMs: 126_456 });
  });

  it('can be removed twice', () => {
    const file = openDeadlineFile(folder);
    file.write(1, 2);
    file.remove();
    file.remove();
    expect(file.read()).toBeNull();
  });
});

describe('guard beats', () => {
  it('ages the last beat when a guard is just rewriting its file', () => {
    const beats = new GuardBeats(folder);
    writeFileSync(join(folder, 'beat-1'), '1000\n');
    expect(beats.read(1_100)[0]).toEqual({ id: 'guard-1', ageMs: 100, beating: true });
    writeFileSync(join(folder, 'beat-1'), '');
    expect(beats.read(1_200)[0]).toEqual({ id: 'guard-1', ageMs: 200, beating: true });
    expect(beats.read(1_600)[0].beating).toBe(false);
  });

  it('are read for a decision only when the last one known is too old to tell that the guard beats', () => {
    const read: string[] = [];
    const beats = new GuardBeats(folder, {
      ...nodeFiles,
      read: (path) => (read.push(basename(path)), nodeFiles.read(path)),
    });
    const write = (atMs: number) => writeFileSync(join(folder, 'beat-1'), `${atMs}\n`);
    const known = (nowMs: number) => beats.known(nowMs)[0];
    write(1_000);
    expect(known(1_100)).toEqual({ id: 'guard-1', ageMs: 100, beating: true });
    write(1_400);
    read.length = 0;
    expect(known(1_500)).toEqual({ id: 'guard-1', ageMs: 500, beating: true });
    expect(read).toEqual(['beat-2']);
    expect(known(1_501)).toEqual({ id: 'guard-1', ageMs: 101, beating: true });
    expect(known(1_901)).toEqual({ id: 'guard-1', ageMs: 501, beating: true });
    write(1_950);
    expect(known(1_960).beating).toBe(true);
  });

  it('are missed by a decision only at the second look, which is asked for soon', () => {
    const beats = new GuardBeats(folder);
    for (const number of [1, 2]) writeFileSync(join(folder, `beat-${number}`), '1000\n');
    const known = (nowMs: number) => [...beats.known(nowMs).map(({ beating }) => beating), beats.doubted()];
    expect(known(1_400)).toEqual([true, true, false]);
    // The server stood still, and this program goes on first.
    expect(known(9_000)).toEqual([true, true, true]);
    writeFileSync(join(folder, 'beat-1'), '9050\n');
    expect(known(9_149)).toEqual([true, true, true]);
    expect(known(9_150)).toEqual([true, false, true]);
    writeFileSync(join(folder, 'beat-2'), '9200\n');
    expect(known(9_210)).toEqual([true, true, false]);
  });

  it('knows nothing of a guard that never beat', () => {
    expect(new GuardBeats(folder).read(1_000)[1]).toEqual({ id: 'guard-2', ageMs: null, beating: false });
  });
});
