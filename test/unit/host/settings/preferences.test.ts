import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Conf from 'conf';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepAside } from '../../../../electron/host/settings/keep-aside.ts';
import { openSettings, type SettingsStore } from '../../../../electron/host/settings/preferences.ts';
import { settingsDirectory } from '../../../../electron/host/settings/settings-directory.ts';

describe('the preferences of a workstation', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ixha-settings-'));
    path = join(directory, 'preferences.json');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const open = (): SettingsStore =>
    openSettings(
      () => new Conf({ cwd: directory, configName: 'preferences', clearInvalidConfig: false }),
      path,
      (damaged) => keepAside(damaged, '2026-01-01T00:00:00.000Z'),
    );

  test('are the defaults at first, and what was set afterwards', () => {
    expect(open().read()).toEqual({ theme: 'system', lastSite: null, welcomed: false, desktopNotes: true });
    open().write({ theme: 'dark', lastSite: null, welcomed: false, desktopNotes: true });
    expect(open().read()).toEqual({ theme: 'dark', lastSite: null, welcomed: false, desktopNotes: true });
    expect(open().trouble).toBeNull();
  });

  test('are the defaults when the file is damaged, which is told and kept', () => {
    open().write({ theme: 'dark', lastSite: null, welcomed: false, desktopNotes: true });
    writeFileSync(path, '{"theme": "da');
    const settings = open();
    expect(settings.read()).toEqual({ theme: 'system', lastSite: null, welcomed: false, desktopNotes: true });
    expect(settings.trouble).toMatchObject({ code: 'site.damaged' });
    const kept = readdirSync(directory).find((name) => name.includes('.damaged-'))!;
    expect(readFileSync(join(directory, kept), 'utf8')).toBe('{"theme": "da');
    expect(settings.trouble?.message).toContain(kept);
    settings.write({ theme: 'light', lastSite: null, welcomed: false, desktopNotes: true });
    expect(open().read()).toEqual({ theme: 'light', lastSite: null, welcomed: false, desktopNotes: true });
  });

  test('fall back to the default for a value that is not understood', () => {
    writeFileSync(path, '{"theme": "plaid"}');
    expect(open().read()).toEqual({ theme: 'system', lastSite: null, welcomed: false, desktopNotes: true });
    expect(existsSync(path)).toBe(true);
  });
});

test('lie where the operating system keeps such files', () => {
  const home = '/home/me';
  expect(settingsDirectory({ platform: 'linux', home, env: {} })).toBe('/home/me/.config/iguanax-ha-console');
  expect(settingsDirectory({ platform: 'linux', home, env: { XDG_CONFIG_HOME: '/c' } })).toBe(
    '/c/iguanax-ha-console',
  );
  expect(settingsDirectory({ platform: 'darwin', home, env: {} })).toContain('Library/Application Support');
  expect(settingsDirectory({ platform: 'win32', home, env: { APPDATA: '/roaming' } })).toContain('/roaming');
});
