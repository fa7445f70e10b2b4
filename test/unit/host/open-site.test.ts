import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createConsoleHost, type ConsoleHost } from '../../../electron/host/console-host.ts';
import { loadOrCreateKeys, saveKeys, saveSite } from '../../../electron/host/install/profile.ts';
import { kitOfProfile } from '../../../electron/host/recovery/kit-of-profile.ts';
import { sessionSettings, type SettingsStore } from '../../../electron/host/settings/preferences.ts';
import { handTime } from './hand-time.ts';
import { sampleSite } from './samples.ts';
import { noPrinter, sampleMeans } from './setup/sample-means.ts';

/** Goal: a running console shows another site that exists, or stays with the present one and says why. */
const passphrase = 'four words without sense';

describe('a site that exists', () => {
  let folder: string;
  let host: ConsoleHost;
  let settings: SettingsStore;
  const at = (name: string) => join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ixha-open-'));
    const keys = await loadOrCreateKeys(at('profile'), sampleSite().id);
    if (!keys.ok) throw new Error(keys.error.message);
    await saveKeys(at('profile'), keys.value);
    await saveSite(at('profile'), { site: sampleSite(), access: {} });
    const kit = await kitOfProfile(at('profile'), passphrase, new Date().toISOString());
    if (!kit.ok) throw new Error(kit.error.message);
    await writeFile(at('kit'), kit.value);
    settings = sessionSettings();
    const time = { ...handTime(), wallTime: () => new Date().toISOString() };
    host = createConsoleHost({
      settings,
      setup: sampleMeans(folder),
      printPdf: noPrinter,
      shell: 'browser',
      version: '0.1.0',
      chance: () => 0.5,
      log: { info: () => undefined, error: () => undefined },
      time,
      source: { kind: 'profile', directory: at('none') },
    });
    await host.opened;
  });
  afterEach(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is opened by its profile folder, and remembered for the next start', async () => {
    expect(await host.dispatch('openSite', { directory: at('profile') })).toMatchObject({ ok: true });
    expect(host.current().site?.id).toBe(sampleSite().id);
    expect(settings.read().lastSite).toBe(at('profile'));
  });

  test('is not shown where its folder cannot be read, and nothing is remembered', async () => {
    const opened = await host.dispatch('openSite', { directory: at('nothing') });
    expect(opened).toMatchObject({ ok: false, error: { code: 'site.missing' } });
    expect(settings.read().lastSite).toBeNull();
  });

  test('is joined by its recovery kit, with a profile beside the others of this workstation', async () => {
    const file = { text: await readFile(at('kit'), 'utf8'), passphrase };
    const seen = await host.dispatch('lookIntoSiteFile', file);
    expect(seen).toMatchObject({ ok: true, value: { kind: 'kit', isOpen: true, here: [] } });
    expect(await host.dispatch('importSite', { file, key: null, into: null })).toMatchObject({ ok: true });
    expect(host.current()).toMatchObject({ site: { id: sampleSite().id }, me: { role: 'admin' } });
    expect(settings.read().lastSite).toContain(at('sites'));
  });

  test('is not joined with another passphrase, and leaves no half profile', async () => {
    const file = { text: await readFile(at('kit'), 'utf8'), passphrase: 'another one' };
    expect(await host.dispatch('lookIntoSiteFile', file)).toMatchObject({ error: { code: 'kit.locked' } });
    const joined = await host.dispatch('importSite', { file, key: null, into: null });
    expect(joined).toMatchObject({ ok: false, error: { code: 'kit.locked' } });
    expect(await readdir(folder)).not.toContain('sites');
    expect(host.current().site).toBeNull();
  });

  test('is exported, and found again as what is here when the file is looked into', async () => {
    await host.dispatch('openSite', { directory: at('profile') });
    const file = await host.dispatch('exportSiteFile', {});
    if (!file.ok) throw new Error(file.error.message);
    const { text } = file.value as { text: string };
    const seen = await host.dispatch('lookIntoSiteFile', { text, passphrase: '' });
    const here = [{ directory: at('profile'), standing: 'same', canTake: false, role: 'admin' }];
    expect(seen).toMatchObject({ ok: true, value: { kind: 'site', consoleVersion: '0.1.0', here } });
  });

  test('is not written over from a page that names a folder that is no profile of it', async () => {
    await host.dispatch('openSite', { directory: at('profile') });
    const exported = await host.dispatch('exportSiteFile', {});
    if (!exported.ok) throw new Error(exported.error.message);
    const file = { text: (exported.value as { text: string }).text, passphrase: '' };
    const taken = await host.dispatch('importSite', { file, key: null, into: at('elsewhere') });
    expect(taken).toMatchObject({ ok: false, error: { code: 'import.refused' } });
    expect(await readdir(folder)).not.toContain('elsewhere');
  });

  test('is welcomed once', async () => {
    const asked = () => host.dispatch('getPreferences', {});
    expect(await asked()).toMatchObject({ value: { welcomed: false } });
    await host.dispatch('setWelcomed', {});
    expect(await asked()).toMatchObject({ value: { welcomed: true } });
  });
});
