import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSiteCommand } from '../../electron/host/site-command/site-command.ts';
import { readArchive } from '../unit/support/read-archive.ts';
import { loopbackFile, placeSiteProgram } from './site-program.ts';
import { startSshTestServer } from './ssh/ssh-test-server.ts';
import { until } from './demo-harness.ts';

/**
 * Goal: a bundle is whole or not there, whatever the disk, the servers and the person do. Method: the real command
 * lines as processes, with a limited file size, a folder that is closed, an interrupt, and SSH servers on loopback.
 */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-bundle-run-'));
  mkdirSync(join(folder, 'out'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const agent = join(import.meta.dirname, '../../agent/commands.ts');
const out = () => join(folder, 'out/one.tar.gz');

async function ixhaBundle(shell: string, path = process.env['PATH'] ?? '') {
  const child = spawn('bash', ['-c', `${shell}`, 'bash', process.execPath, agent, out()], {
    env: { PATH: path },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (said += part.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, said };
}

const run = 'exec "$1" "$2" bundle --out "$3"';

describe('ixha bundle', () => {
  it('makes an archive that tar reads, on any machine, and replaces none', async () => {
    expect(await ixhaBundle(run)).toMatchObject({ code: 0 });
    expect(readArchive(out()).manifest.files.map(({ path }) => path)).toContain('server/system/machine.json');
    const again = await ixhaBundle(run);
    expect([again.code, again.said.includes('is not replaced')]).toEqual([1, true]);
  });

  it('leaves nothing on a disk that takes no more', async () => {
    const { code, said } = await ixhaBundle(`ulimit -f 0; ${run}`);
    expect([code, said.includes('could not be written')]).toEqual([1, true]);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('leaves nothing in a folder that is not there', async () => {
    rmSync(join(folder, 'out'), { recursive: true });
    const { code, said } = await ixhaBundle(run);
    expect([code, said.includes('ENOENT')]).toEqual([1, true]);
  });

  it('leaves nothing when it is interrupted in the middle', async () => {
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    const slow = join(programs, 'systemctl');
    writeFileSync(slow, `#!/bin/sh\ntouch ${folder}/asked\nexec sleep 8\n`);
    chmodSync(slow, 0o755);
    const ended = ixhaBundle(`echo $$ > ${folder}/pid; ${run}`, `${programs}:${process.env['PATH']}`);
    await until('the collection has begun', () => existsSync(join(folder, 'asked')), 20_000);
    spawn('bash', ['-c', `kill -INT $(cat ${folder}/pid)`]);
    expect((await ended).code).not.toBe(0);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });
});

describe('site bundle', () => {
  it('comes from whatever can be reached, and names the rest', async () => {
    placeSiteProgram(join(folder, 'root'));
    const server = await startSshTestServer({ password: 'secret' });
    try {
      writeFileSync(join(folder, 'password'), 'secret');
      writeFileSync(join(folder, 'wrong'), 'wrong');
      const file = loopbackFile(server, join(folder, 'password'));
      file.access['lb']!.passwordFile = join(folder, 'wrong');
      writeFileSync(join(folder, 'site.json'), JSON.stringify(file));
      let said = '';
      const take = (text: string) => void (said += text);
      const ports = { root: join(folder, 'root'), environment: {}, out: take, err: take };
      const code = await runSiteCommand(['bundle', join(folder, 'site.json'), '--out', out()], ports);
      expect([code, said.includes('missing from lb')]).toEqual([0, true]);
      const { manifest, texts } = readArchive(out());
      expect(manifest.missing.find(({ from }) => from === 'lb')?.why).toContain('[ssh.authentication]');
      expect(manifest.missing.find(({ from }) => from === 'north')?.what).toBe(
        'what its own program collects',
      );
      expect([...texts.keys()]).toContain('north/system/clock.json');
      expect(
        server.commands.filter((command) => /'(install|mktemp|touch|mkdir|ln|tee|rm)'/.test(command)),
      ).toEqual([]);
    } finally {
      await server.close();
    }
  });
});
