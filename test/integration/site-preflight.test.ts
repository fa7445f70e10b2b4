import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreflightCheck } from '../../shared/preflight/preflight-check.ts';
import type { SiteInstallFile } from '../../electron/host/install/install-file.ts';
import { runSiteCommand } from '../../electron/host/site-command/site-command.ts';
import { loopbackFile, placeSiteProgram } from './site-program.ts';
import { startSshTestServer, type SshTestServer } from './ssh/ssh-test-server.ts';

/**
 * Goal: an administrator sees everything that is wrong with the servers at once, and nothing is changed
 * by looking. Method: the whole command against SSH servers whose commands run on this machine.
 */
let folder: string;
let path: string;
let server: SshTestServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-preflight-'));
  placeSiteProgram(join(folder, 'root'));
  server = await startSshTestServer({ password: 'secret' });
  writeFileSync(join(folder, 'password'), 'secret');
  const file = loopbackFile(server, join(folder, 'password'));
  file.access['lb']!.passwordFile = join(folder, 'wrong');
  writeFileSync(join(folder, 'wrong'), 'wrong');
  path = join(folder, 'site.json');
  writeFileSync(path, JSON.stringify(file));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function preflight(more: readonly string[] = [], signal?: AbortSignal) {
  let out = '';
  const take = (text: string) => void (out += text);
  const ports = { root: join(folder, 'root'), environment: {}, out: take, err: take, signal };
  const code = await runSiteCommand(['preflight', path, ...more], ports);
  return { code, out };
}

describe.skipIf(process.getuid?.() !== 0)('site preflight', { timeout: 180_000 }, () => {
  it('judges every server that it reaches, names the one it does not, and changes nothing', async () => {
    const { code, out } = await preflight();
    expect(code).toBe(1);
    expect(out).toMatch(/^Failed \(\d+\)/m);
    expect(out).toContain('[ssh.authentication]');
    // All its names lead to this one machine.
    expect(out).toContain('both are the same machine under two names');
    expect(out).toMatch(/ig-north {2}engine of WK1: the engine's service .* is not installed/);
    expect(out).toMatch(/ig-north, ig-south {2}difference of clocks: \d+ ms apart/);
    expect(out).toMatch(/ig-south → ig-north {2}reaches the agent of WK1: /);
    expect(out).toMatch(/this workstation → ig-north {2}reaches the agent of WK1: (unknown: )?TCP \d+/);
    expect(out).toMatch(/ig-north {2}port \d+ of the engine of WK1: free for /);
    expect(out).toMatch(/\d+ failed, \d+ to look at, \d+ passed, in [\d.]+ s\./);
    expect(
      server.commands.filter((command) => /'(install|mktemp|touch|mkdir|ln|tee)'/.test(command)),
    ).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual(['password', 'root', 'site.json', 'wrong']);
  });

  it('names a clock that is five minutes off', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const ahead = '#!/bin/sh\nexec /usr/bin/env PATH=/usr/bin:/bin date -d "+5 minutes" "$@"\n';
    writeFileSync(join(bin, 'date'), ahead);
    chmodSync(join(bin, 'date'), 0o755);
    const other = await startSshTestServer({ password: 'secret', pathPrefix: bin });
    const file = JSON.parse(readFileSync(path, 'utf8')) as SiteInstallFile;
    Object.assign(file.access['south']!, { port: other.port, hostKey: other.hostKey.fingerprint });
    writeFileSync(path, JSON.stringify(file));
    const { code, out } = await preflight();
    await other.close();
    expect(code).toBe(1);
    expect(out).toMatch(/ig-north, ig-south {2}difference of clocks: 5 minutes apart, measured to within/);
    expect(out).toContain('Next: Set the clock and let a time service keep it');
  });

  it('tells each check as one JSON object', async () => {
    const { out } = await preflight(['--json']);
    const checks = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { check: PreflightCheck }).check);
    expect(new Set(checks.map((check) => check.verdict))).toContain('failed');
    for (const check of checks) expect(check.remedy === null).toBe(check.verdict === 'ok');
  });

  it('ends at once when it is called off, and says that checks are missing', async () => {
    const { code, out } = await preflight([], AbortSignal.abort());
    expect([code, out.includes('Some checks are missing')]).toEqual([1, true]);
  });
});
