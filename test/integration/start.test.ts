import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redeem } from './browser-shell-page.ts';
import { startFakeSite, type FakeSite } from './browser-shell-site.ts';
import { createBench, node, root, until, type Bench } from './demo-harness.ts';

/**
 * Goal: `npm start` says what is wrong and what to do, and the console can be entered again.
 * Method: the script itself as a process, with a terminal's keys through a pipe.
 */
const script = join(root, 'scripts/start.mjs');
let bench: Bench;
let site: FakeSite | undefined;
let running: ChildProcess | undefined;
let printed: string;

beforeEach(() => {
  bench = createBench();
  printed = '';
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await site?.stop();
  site = undefined;
  bench.clean();
});

function start(...args: string[]): ChildProcess {
  const child = spawn(node, [script, ...args], {
    env: { ...process.env, XDG_CONFIG_HOME: bench.path('config'), XDG_CACHE_HOME: bench.path('cache') },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  }
  running = child;
  return child;
}

const addresses = () => [...printed.matchAll(/^Console: (\S+)$/gm)].map(([, address]) => address!);
const ended = (child: ChildProcess) =>
  until('the console has ended', () => child.exitCode ?? child.signalCode ?? undefined, 60_000);

describe('npm start', () => {
  test('explains itself and refuses what it does not know, before it sets anything up', () => {
    const say = (...args: string[]) => spawnSync(node, [script, ...args], { encoding: 'utf8' });
    const help = say('--help');
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('Usage: npm start -- [options]')]);
    const unknown = say('--no-opne');
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('Did you mean --no-open?');
  });

  test('prints another address for Enter, and no word about a window with --no-open', async () => {
    site = await startFakeSite();
    const child = start('--no-open', '--profile', site.profileDirectory);
    await until('the address', () => addresses().length === 1, 60_000);
    const [first] = addresses() as [string];
    expect((await redeem(first)).status).toBe(200);
    const again = await fetch(first, { redirect: 'manual' });
    expect(again.status).toBe(401);
    expect(await again.text()).toMatch(/used already or has expired[^]*Press Enter in the terminal/);
    child.stdin!.write('\n');
    await until('another address', () => addresses().length === 2);
    expect((await redeem(addresses()[1]!)).cookie).not.toBe('');
    await until('the site is open', () => /^Agents: .*ixha\.cjs status --profile \S+$/m.test(printed));
    expect(printed).not.toMatch(/\bwindow\b/i);
    child.kill('SIGINT');
    expect(await ended(child)).toBe(0);
  });

  test.each([
    ['a folder that is not there', '/nowhere/at/all', 'site.missing'],
    ['a damaged site file', undefined, 'site.damaged'],
  ])('tells %s with its code and the next step', async (_what, directory, code) => {
    if (directory === undefined) bench.write('site.json', '{"schema":1,');
    const child = start('--no-open', '--profile', directory ?? bench.directory);
    await until('the code', () => printed.includes(`[${code}]`), 60_000);
    await until('the next step', () => printed.includes('Next: '));
    child.kill('SIGINT');
    expect(await ended(child)).toBe(0);
  });

  test('tells a port that is taken', async () => {
    site = await startFakeSite();
    const { port } = site.agents['WK1/north'];
    const child = start('--no-open', '--port', String(port), '--profile', site.profileDirectory);
    // What it has printed may still be on its way when it has ended.
    const closed = once(child, 'close');
    expect(await ended(child)).toBe(1);
    await closed;
    expect(printed).toContain(
      `The port ${port} of this machine could not be opened (EADDRINUSE). [port.taken]`,
    );
    expect(printed).toContain('Next: Close the other program');
  });
});
