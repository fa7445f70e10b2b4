import { mkdtempSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  loadOrCreateKeys,
  saveKeys,
  saveSite,
  type SiteKeys,
} from '../../../../electron/host/install/profile.ts';
import { readProfile } from '../../../../electron/host/profile/read-profile.ts';
import { sampleFile } from './install-samples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function newKeys(): Promise<SiteKeys> {
  const keys = await loadOrCreateKeys(folder, 'sample');
  if (!keys.ok) throw new Error(keys.error.message);
  return keys.value;
}

describe('the profile folder of a site', () => {
  it('is what a console opens, and no file of it is readable by others', async () => {
    await saveKeys(folder, await newKeys());
    await saveSite(folder, sampleFile('/p', '/k'));
    const profile = await readProfile(folder, new Date().toISOString());
    expect(profile.ok && profile.value.site.id).toBe('sample');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const modes = files.map((file) => statSync(join(file.parentPath, file.name)).mode & 0o077);
    expect(new Set(modes)).toEqual(new Set([0]));
  });

  it('keeps its keys from one installation to the next and says that nothing changed', async () => {
    const keys = await newKeys();
    expect(await saveKeys(folder, keys)).toBe(true);
    expect(await newKeys()).toEqual(keys);
    expect(await saveKeys(folder, keys)).toBe(false);
  });

  it('is not used for another site', async () => {
    await saveKeys(folder, await newKeys());
    const other = await loadOrCreateKeys(folder, 'other');
    expect(!other.ok && other.error.code).toBe('install.foreign');
  });

  it('never makes a new authority beside half of an old one', async () => {
    await saveKeys(folder, await newKeys());
    unlinkSync(join(folder, 'authority-key.pem'));
    const half = await loadOrCreateKeys(folder, 'sample');
    expect(!half.ok && half.error.code).toBe('kit.no-authority');
  });

  it('says so when the authority cannot be read', async () => {
    await saveKeys(folder, await newKeys());
    writeFileSync(join(folder, 'console/authority.pem'), 'nonsense');
    const damaged = await loadOrCreateKeys(folder, 'sample');
    expect(!damaged.ok && damaged.error.code).toBe('site.damaged');
  });
});
