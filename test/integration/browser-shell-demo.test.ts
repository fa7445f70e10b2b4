import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { openPage, redeem } from './browser-shell-page.ts';

const bundle = join(import.meta.dirname, '../../dist/host/browser-shell.cjs');

/**
 * Goal: the built console serves its page at once, shows the demo site when it is up, and leaves nothing.
 * Method: the real bundle as a process of its own, seen from outside like a browser sees it.
 */
describe('the built browser shell with the demo site', { timeout: 300_000 }, () => {
  let settings: string;
  let shell: ChildProcess;
  let printed: string;
  let startedAt: number;

  beforeEach(() => {
    settings = mkdtempSync(join(tmpdir(), 'ixha-preferences-'));
    printed = '';
    startedAt = performance.now();
    shell = spawn(process.execPath, [bundle, '--demo', '--no-open'], {
      env: { ...process.env, XDG_CONFIG_HOME: settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    shell.stdout!.on('data', (data: Buffer) => (printed += data.toString('utf8')));
  });
  afterEach(() => {
    shell.kill('SIGKILL');
    rmSync(settings, { recursive: true, force: true });
  });

  test('shows the page first, then the site, and ends with code 0 and no process', async () => {
    const address = await untilPrinted(/^Console: (http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+)$/m);
    const session = await redeem(address);
    const page = await fetch(session.origin, { headers: { cookie: session.cookie } });
    console.log(`start to page: ${(performance.now() - startedAt).toFixed(0)} ms`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain('__CSP_NONCE__');

    const client = await openPage(session);
    await client.until((seen) => seen.awaiting !== null || seen.site !== null, 30_000);
    await client.until((seen) => seen.site?.demo === true, 30_000);
    const profile = await untilPrinted(/status --profile (\S+)/);
    await client.until(everyClusterActive, 30_000);
    await client.until(
      (seen) => seen.site!.clusters.every(({ traffic }) => (traffic?.acknowledged ?? 0) > 0),
      30_000,
    );
    console.log(`start to traffic on both clusters: ${(performance.now() - startedAt).toFixed(0)} ms`);
    await client.until((seen) =>
      seen.site!.clusters.every(({ balancer }) => typeof balancer?.sendsTo === 'string'),
    );

    expect(await client.call('setTheme', { theme: 'dark' })).toEqual({ ok: true, value: {} });
    expect(processesOf(profile).length).toBeGreaterThan(10);
    const ended = new Promise<[number | null, string | null]>((resolve) =>
      shell.on('exit', (code, signal) => resolve([code, signal])),
    );
    shell.kill('SIGTERM');
    expect(await client.closed).toBe(1001);
    expect(await ended).toEqual([0, null]);
    expect(processesOf(profile)).toEqual([]);
    expect(existsSync(profile)).toBe(false);
    expect(readFileSync(join(settings, 'iguanax-ha-console/preferences.json'), 'utf8')).toContain('"dark"');
  });

  async function untilPrinted(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + 30_000;
    while (performance.now() < deadline) {
      const found = pattern.exec(printed)?.[1];
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`not printed within 30 s: ${String(pattern)}\n${printed}`);
  }
});

function everyClusterActive(snapshot: ConsoleSnapshot): boolean {
  const clusters = snapshot.site?.clusters ?? [];
  return (
    clusters.length === 2 &&
    clusters.every(
      ({ members }) => members.filter((member) => member.snapshot?.role.observed === 'active').length === 1,
    )
  );
}

/** Command lines of running processes that belong to the demo with this profile. */
function processesOf(profile: string): string[] {
  const folder = profile.replace(/\/profile$/, '');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder));
}
