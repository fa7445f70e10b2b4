import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHardening, unitsOn } from '../../../../electron/host/hardening/read-hardening.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { installedMarks, judgeMark, markWords } from '../../../../shared/servers/hardening.ts';
import type { ServerConnection, SshTarget } from '../../../../electron/host/ssh/server-connection.ts';
import { sampleSite as buildSite } from '../install/install-samples.ts';

/** Goal: marks are what the server's systemd says, and unknown with a reason where it says none. Method: the real command before stand-ins of systemd's programs. */
const sampleSite = buildSite();
let programs: string;
beforeEach(() => {
  programs = mkdtempSync(join(tmpdir(), 'ixha-hardening-'));
  for (const name of ['sh', 'head', 'tail', 'grep', 'timeout', 'sleep'])
    symlinkSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(), join(programs, name));
  standIn('systemctl', 'echo "systemd 252 (252.39-1~deb12u2)"; echo +PAM');
});
afterEach(() => rmSync(programs, { recursive: true, force: true }));

function standIn(name: string, script: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, name), 0o755);
}

/** The server is this machine, as far as the command is concerned. */
const connection = {
  name: 'ig-north',
  run: async ([program, ...argv]: readonly string[]) => {
    const done = spawnSync(program!, argv, { encoding: 'utf8', env: { PATH: programs } });
    const { status: exitCode, stdout, stderr } = done;
    return succeed({ exitCode, signal: null, stdout, stderr, truncated: false });
  },
  close: () => undefined,
} as unknown as ServerConnection;
const reach = { connect: async () => succeed(connection), target: async () => succeed({} as SshTarget) };

async function read(server = 'north') {
  const found = sampleSite.servers.find(({ id }) => id === server)!;
  const told = await readHardening(sampleSite, found, reach);
  if (!told.ok) throw new Error(told.error.message);
  return told.value;
}

const says = (text: string) => standIn('systemd-analyze', `[ "$1" = security ] || exit 3\n${text}`);

describe('the hardening of a server’s units', () => {
  it('is asked of the units that this server has, and of those that run only', () => {
    const units = (server: string, site = sampleSite) => unitsOn(site, server).map(({ unit }) => unit);
    expect(units('north').filter((unit) => unit.includes('WK1'))).toEqual([
      'ixha-agent@WK1.service',
      'ixha-guard-1@WK1.service',
      'ixha-guard-2@WK1.service',
    ]);
    expect(units('third')).toEqual(['ixha-witness.service']);
    expect(units('north', { ...sampleSite, mode: 'observe' })).not.toContain('ixha-guard-1@WK1.service');
  });

  it('is the mark of the whole, of each unit its own', async () => {
    says(
      'case $3 in ixha-agent*) mark=3.6;; *) mark=1.9;; esac; echo "✗ UMask= 0.1"; echo "→ Overall exposure level for $3: $mark OK 🙂"',
    );
    const { systemd, units } = await read();
    expect(systemd).toBe('systemd 252 (252.39-1~deb12u2)');
    expect(units).toHaveLength(6);
    expect(units[0]).toEqual({
      unit: 'ixha-agent@WK1.service',
      part: 'agent',
      exposure: 3.6,
      word: 'OK',
      why: null,
    });
    expect(units.map(markWords)).toEqual(
      ['3.6', '1.9', '1.9', '3.6', '1.9', '1.9'].map((mark) => `${mark} of 10, OK`),
    );
  });

  it('is told apart where somebody has opened a unit', async () => {
    says('echo "-> Overall exposure level for $3: 9.2 UNSAFE"');
    const [agent] = (await read()).units;
    expect(judgeMark(agent!)).toBe('open');
    expect(markWords(agent!)).toBe('9.2 of 10, UNSAFE; installed it has 3.6: look for a drop-in');
  });

  it.each([
    ['Unknown operation security.', 'too old to judge units'],
    ['Unit $3 not found, cannot analyze.', 'this unit is not on the server'],
    ['Failed to connect to bus: No data', 'systemd-analyze says: Failed to connect to bus: No data'],
    ['Overall exposure level for $3: 99 DANGEROUS', 'systemd-analyze says'],
    ['', 'has said nothing'],
  ])('is unknown where systemd says "%s"', async (text, why) => {
    says(text === '' ? 'exit 1' : `echo "${text}" >&2; exit 1`);
    const [agent] = (await read()).units;
    expect(agent!.exposure).toBeNull();
    expect(agent!.why).toContain(why);
    expect(judgeMark(agent!)).toBe('unknown');
  });

  it('is unknown where the server has no systemd-analyze', async () => {
    const { units, systemd } = await read();
    expect(systemd).toContain('systemd 252');
    expect(units.every(({ exposure, why }) => exposure === null && why!.includes('no systemd-analyze'))).toBe(
      true,
    );
  });

  it('is not there where the server cannot be reached', async () => {
    const gone = { ...reach, connect: async () => fail(productError('server.unreachable', 'gone')) };
    const told = await readHardening(sampleSite, sampleSite.servers[0]!, gone);
    expect(told).toMatchObject({ ok: false, error: { code: 'server.unreachable' } });
  });

  it('is compared with the marks of the document', () => {
    const document = readFileSync(join(import.meta.dirname, '../../../../docs/hardening.md'), 'utf8');
    for (const [part, mark] of Object.entries(installedMarks))
      expect(document).toMatch(new RegExp(`^\\| ${part}s?\\s+\\| ${mark}\\s+\\|$`, 'm'));
  });
});
