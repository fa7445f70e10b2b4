import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

type Fuses = Required<NonNullable<Configuration['electronFuses']>>;
/** Every fuse that electron-builder knows, decided. A new one does not compile until it is, too. */
const decided: Omit<Fuses, 'resetAdHocDarwinSignature'> = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

describe('the desktop package', () => {
  const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8');

  test('sets every fuse as decided', () => {
    const block = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(config)![1]!;
    const set: unknown = Object.fromEntries(
      block
        .trim()
        .split('\n')
        .map((line) => line.trim().split(': '))
        .map(([name, value]) => [name, value === 'true']),
    );
    expect(set).toEqual(decided);
  });

  test('keeps the program in an archive without any package folder, and publishes nowhere', () => {
    expect(config).toMatch(/^asar: true$/m);
    expect(config).toMatch(/^npmRebuild: false$/m);
    expect(config).toMatch(/^publish: null$/m);
    expect(config).toContain("'!node_modules/**/*'");
  });
});

/** Powerful parts and the one file of the product that may use each. */
const onePlace: Readonly<Record<string, { readonly pattern: RegExp; readonly files: readonly string[] }>> = {
  ipcMain: { pattern: /\bipcMain\b/, files: ['electron/shell/answer-calls.ts'] },
  ipcRenderer: { pattern: /\bipcRenderer\b/, files: ['electron/shell/preload.ts'] },
  'webContents.send': { pattern: /webContents\.send\(/, files: ['electron/shell/send-events.ts'] },
  'new BrowserWindow': { pattern: /new [\w.]*BrowserWindow\(/, files: ['electron/shell/console-window.ts'] },
  'electron-store': { pattern: /'electron-store'/, files: ['electron/shell/settings/electron-settings.ts'] },
  conf: { pattern: /from 'conf'/, files: ['electron/host/settings/workstation-settings.ts'] },
  'window bridge': { pattern: /exposeInMainWorld/, files: ['electron/shell/preload.ts'] },
  openExternal: { pattern: /openExternal/, files: [] },
  // Connections are made in one, keys are read in the other; types are no power.
  ssh2: {
    pattern: /^import (?!type)[^\n]*from 'ssh2'/m,
    files: ['electron/host/ssh/private-key.ts', 'electron/host/ssh/ssh-client.ts'],
  },
};

describe('powerful parts', () => {
  const sources = ['electron', 'renderer', 'shared', 'agent'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name).replaceAll('\\', '/')),
  );
  /** The file without comments and type-only lines: words there give no power. */
  const code = (file: string) =>
    readFileSync(join(root, file), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/^import type .*$/gm, '')
      .replace(/^ *'app' \| .*$/gm, '');

  test.each(Object.entries(onePlace))('%s has one place', (_name, { pattern, files }) => {
    const users = sources.filter((file) => pattern.test(code(file)));
    expect(users).toEqual(files);
  });

  test('no product code changes its behaviour for tests', () => {
    const switches = sources.filter((file) => /NODE_ENV|VITEST|process\.env\[?['.]?TEST/.test(code(file)));
    expect(switches).toEqual([]);
  });

  test('the desktop window is never started without its sandbox, and a browser of this machine as root only', () => {
    const users = sources.filter((file) => /no-sandbox/.test(code(file)));
    expect(users).toEqual([
      'electron/browser-shell/window-arguments.ts',
      'electron/host/report/print-with-browser.ts',
    ]);
    for (const file of users) {
      expect(code(file)).toMatch(
        /\.\.\.\((options\.asRoot|process\.getuid\?\.\(\) === 0) \? \['--no-sandbox'\] : \[\]\)/,
      );
    }
  });

  test('a report that is printed runs nothing and loads nothing', () => {
    expect(code('shared/report/report-page.ts')).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'"`,
    );
    // Whatever writes a whole page beside it would be printed without that policy: these two are no reports.
    const writers = sources.filter((file) => /<!doctype html/i.test(code(file)));
    expect(writers).toEqual([
      'electron/browser-shell/plain-pages.ts',
      'electron/demo/engine/api-server.ts',
      'shared/report/report-page.ts',
    ]);
  });
});

describe('the built preload', () => {
  test('is one file that needs Electron only, as its sandbox demands', () => {
    const preload = readFileSync(join(root, 'dist/electron/preload.cjs'), 'utf8');
    const needed = [...preload.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]);
    expect([...new Set(needed)]).toEqual(['electron']);
  });
});
