import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentGroups, groups, sourceFingerprint, writeStamp } from '../../../scripts/lib/build-stamp.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-scripts-'));
  mkdirSync(join(folder, 'shared/lease'), { recursive: true });
  writeFileSync(join(folder, 'shared/lease/timing.ts'), 'one');
  for (const group of groups) mkdirSync(join(folder, 'dist', group), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('whether dist is older than its sources', () => {
  it('depends on content, not on time stamps', () => {
    const before = sourceFingerprint(folder);
    utimesSync(join(folder, 'shared/lease/timing.ts'), 1, 1);
    expect(sourceFingerprint(folder)).toBe(before);
    writeFileSync(join(folder, 'shared/lease/timing.ts'), 'two');
    expect(sourceFingerprint(folder)).not.toBe(before);
  });

  it('notices a renamed and an added file', () => {
    const before = sourceFingerprint(folder);
    writeFileSync(join(folder, 'shared/lease/holder.ts'), '');
    expect(sourceFingerprint(folder)).not.toBe(before);
  });

  it('is answered per group', () => {
    const fingerprint = sourceFingerprint(folder);
    expect(currentGroups(folder, fingerprint)).toEqual({ current: [], complete: false });
    writeStamp(folder, ['agent'], fingerprint);
    expect(currentGroups(folder, fingerprint).current).toEqual(['agent']);
    writeStamp(folder, groups, fingerprint);
    expect(currentGroups(folder, fingerprint).complete).toBe(true);
    expect(currentGroups(folder, 'changed').complete).toBe(false);
  });

  it('is no when the folder was removed or the stamp is damaged', () => {
    const fingerprint = sourceFingerprint(folder);
    writeStamp(folder, groups, fingerprint);
    rmSync(join(folder, 'dist/host'), { recursive: true });
    expect(currentGroups(folder, fingerprint).complete).toBe(false);
    writeFileSync(join(folder, 'dist/built.json'), '{');
    expect(currentGroups(folder, fingerprint).current).toEqual([]);
  });
});
