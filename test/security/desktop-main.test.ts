import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const bundle = join(import.meta.dirname, '../../dist/electron/main.cjs');
const standIn = join(import.meta.dirname, 'electron-stand-in.cjs');

/**
 * Goal: the built main program locks itself down in the right order, answers its own page only and ends
 * in order. Method: the real bundle under plain Node, Electron's module replaced by one that takes notes.
 * What it cannot show is what a real Electron does with these requests.
 */
describe('the built desktop program', () => {
  let folder: string;
  let main: ChildProcess;
  let output: string;
  const said = () =>
    output
      .split('\n')
      .filter((line) => line.startsWith('['))
      .map((line) => JSON.parse(line) as [string, ...unknown[]]);
  const start = (...flags: string[]) => {
    main = spawn(process.execPath, ['--require', standIn, bundle, ...flags], {
      env: { ...process.env, STAND_IN_FOLDER: folder },
    });
    main.stdout!.on('data', (data: Buffer) => (output += data.toString('utf8')));
    main.stderr!.on('data', (data: Buffer) => (output += data.toString('utf8')));
  };
  const until = async (what: string) => {
    const deadline = performance.now() + 20_000;
    while (!said().some(([name]) => name === what)) {
      if (performance.now() > deadline) throw new Error(`${what} never came:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ixha-desktop-'));
    output = '';
  });
  afterEach(() => {
    main.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test('is locked down before its window opens, and answers its own page only', async () => {
    start('--profile', join(folder, 'no-such-site'));
    await until('foreign');
    const order = said().map(([name]) => name);
    const window = order.indexOf('window');
    for (const earlier of ['enableSandbox', 'schemes', 'permissionRequest', 'permissionCheck', 'protocol']) {
      expect(order.indexOf(earlier)).toBeGreaterThanOrEqual(0);
      expect(order.indexOf(earlier)).toBeLessThan(window);
    }
    const find = (what: string) => said().find(([name]) => name === what)?.[1];
    expect(find('window')).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    expect(find('load')).toBe('app://console/');
    expect(find('own')).toEqual({
      ok: true,
      value: { theme: 'system', shell: 'electron', welcomed: false, desktopNotes: true },
    });
    expect(find('foreign')).toMatchObject({ ok: false, error: { code: 'session.refused' } });
  });

  test('tells its page that the site is missing, and ends with code 0', async () => {
    start('--profile', join(folder, 'no-such-site'));
    await until('send');
    expect(said().find(([name]) => name === 'send')).toEqual([
      'send',
      'console:event:snapshot',
      'site.missing',
    ]);
    const closed = once(main, 'close');
    main.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(output).toContain('["exit",0]');
  });

  test('refuses wrong flags with a sentence and code 2', async () => {
    start('--preset', 'warp');
    await once(main, 'close');
    expect(output).toContain('There is no preset warp');
    expect(output).toContain('["exit",2]');
  });

  test('puts a damaged settings file aside and goes on with defaults', async () => {
    const path = join(folder, 'preferences.json');
    writeFileSync(path, '{"theme":');
    start('--profile', join(folder, 'no-such-site'));
    await until('own');
    expect(said().find(([name]) => name === 'own')?.[1]).toMatchObject({ value: { theme: 'system' } });
    const kept = readdirSync(folder).find((name) => name.includes('.damaged-'))!;
    expect(readFileSync(join(folder, kept), 'utf8')).toBe('{"theme":');
  });
});
