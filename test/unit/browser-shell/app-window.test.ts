import { describe, expect, test } from 'vitest';
import { findBrowser, hasDisplay } from '../../../electron/host/find-browser.ts';
import { cookieMessage, windowArguments } from '../../../electron/browser-shell/window-arguments.ts';

const on = (platform: NodeJS.Platform, env: Record<string, string>, ...programs: string[]) => ({
  platform,
  env,
  isProgram: (path: string) => programs.includes(path),
});

describe('the browser for the window', () => {
  test('is the first known one on the path', () => {
    const found = findBrowser(on('linux', { PATH: '/a:/b' }, '/b/chromium', '/a/google-chrome'));
    expect(found).toBe('/b/chromium');
  });

  test('is none where none is installed', () => {
    expect(findBrowser(on('linux', { PATH: '/a' }))).toBeUndefined();
    expect(findBrowser(on('linux', {}))).toBeUndefined();
  });

  test('is found in the usual places of Windows and macOS', () => {
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser(on('win32', { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }, edge))).toBe(edge);
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser(on('darwin', {}, chrome))).toBe(chrome);
  });

  test('needs a display on Linux', () => {
    expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: '' } })).toBe(false);
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: ':0' } })).toBe(true);
    expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
    expect(hasDisplay({ platform: 'win32', env: {} })).toBe(true);
  });
});

describe('the command line of the window', () => {
  const options = { address: 'http://127.0.0.1:1/opening', userDataDirectory: '/t/profile', asRoot: false };

  test('keeps the sandbox for a normal user and gives it up for root only', () => {
    expect(windowArguments(options)).not.toContain('--no-sandbox');
    expect(windowArguments({ ...options, asRoot: true })).toContain('--no-sandbox');
  });

  test('lets no name be resolved and starts no background traffic', () => {
    const list = windowArguments(options);
    expect(list).toContain('--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1');
    expect(list).toContain('--disable-background-networking');
  });

  test('does not carry the session: that goes through a pipe', () => {
    expect(windowArguments(options)).toContain('--remote-debugging-pipe');
    const message = cookieMessage({ name: 'n', value: 'secret', url: 'http://127.0.0.1:1/' });
    expect(message.endsWith('\0')).toBe(true);
    expect(JSON.parse(message.slice(0, -1))).toEqual({
      id: 1,
      method: 'Storage.setCookies',
      params: {
        cookies: [
          { name: 'n', value: 'secret', url: 'http://127.0.0.1:1/', httpOnly: true, sameSite: 'Strict' },
        ],
      },
    });
  });
});
