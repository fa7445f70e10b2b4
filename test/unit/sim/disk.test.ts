import { describe, expect, it } from 'vitest';
import { readDurable, writeDurable } from '../../../agent/durable/durable-file.ts';
import { filesOn } from '../../sim/disk-files.ts';
import { Disk } from '../../sim/disk.ts';
import { Random } from '../../sim/random.ts';

function diskWith(seed: number): Disk {
  const disk = new Disk(new Random(seed));
  disk.makeFolder('/state');
  return disk;
}

function put(disk: Disk, path: string, text: string, syncs: 'all' | 'file' | 'none'): void {
  const file = disk.openFile(path, 'w');
  disk.write(file, text);
  if (syncs !== 'none') disk.fsync(file);
  disk.close(file);
  if (syncs === 'all') disk.fsync(disk.openFile('/state', 'r'));
}

/** What is left of `path` after a power cut, over many of them; null: nothing. */
function leftOver(prepare: (disk: Disk) => void): Set<string | null> {
  const left = new Set<string | null>();
  for (let seed = 1; seed <= 200; seed += 1) {
    const disk = diskWith(seed);
    prepare(disk);
    disk.losePower();
    left.add(disk.exists('/state/a') ? disk.read('/state/a') : null);
  }
  return left;
}

describe('a disk of the simulation', () => {
  it('keeps through a power cut what was synced with its folder', () => {
    expect(leftOver((disk) => put(disk, '/state/a', 'whole', 'all'))).toEqual(new Set(['whole']));
  });

  it('may lose the name of a file whose folder was not synced', () => {
    expect(leftOver((disk) => put(disk, '/state/a', 'whole', 'file'))).toEqual(new Set(['whole', null]));
  });

  it('may keep, tear or lose what was not synced at all, and never makes anything up', () => {
    const left = leftOver((disk) => put(disk, '/state/a', 'abc', 'none'));
    expect([...left].sort()).toEqual(['', 'a', 'ab', 'abc', null].sort());
  });

  it('leaves the old or the new one of a rename, never neither', () => {
    const left = leftOver((disk) => {
      put(disk, '/state/a', 'old', 'all');
      put(disk, '/state/b', 'new', 'file');
      disk.rename('/state/b', '/state/a');
    });
    expect(left).toEqual(new Set(['old', 'new']));
  });

  it('keeps everything through an orderly end', () => {
    const left = leftOver((disk) => {
      put(disk, '/state/a', 'whole', 'none');
      disk.syncAll();
    });
    expect(left).toEqual(new Set(['whole']));
  });

  it.each(['full', 'read-only', 'broken'] as const)(
    'refuses or shortens a write while it is %s',
    (trouble) => {
      const refused = Array.from({ length: 50 }, (_, seed) => {
        const disk = diskWith(seed + 1);
        put(disk, '/state/a', '', 'all');
        const file = disk.openFile('/state/a', 'a');
        disk.trouble = trouble;
        try {
          return disk.write(file, 'abcdef') < 6;
        } catch {
          return true;
        }
      });
      expect(refused).toEqual(refused.map(() => true));
    },
  );

  it('shows damage to the durable files of the product, at whatever place', () => {
    const disk = diskWith(1);
    const files = filesOn(disk);
    writeDurable('/state/member.json', { epoch: 7 }, files);
    const { length } = disk.read('/state/member.json');
    for (let at = 0; at < length - 1; at += 1) {
      writeDurable('/state/member.json', { epoch: 7 }, files);
      expect(disk.damage('/state/member.json', (text) => text.slice(0, at))).toBe(true);
      expect(readDurable('/state/member.json', files)).toMatchObject({ error: { kind: 'damaged' } });
    }
    expect(disk.damage('/state/nothing', (text) => text)).toBe(false);
  });

  it('has nothing any more after it was replaced', () => {
    const disk = diskWith(1);
    put(disk, '/state/a', 'whole', 'all');
    disk.wipe();
    expect(disk.exists('/state/a')).toBe(false);
    expect(disk.isFolder('/state')).toBe(false);
  });
});
