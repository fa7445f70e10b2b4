import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  measuredTimes,
  measureScript,
  readSamples,
  spreadOf,
} from '../../../../electron/host/setup/measure-script.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-measure-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the samples of a measurement', () => {
  it('are read only when the measurement came to its end', () => {
    expect(readSamples('rtt 0.001000\nrtt 0.002000\nend\n')).toEqual(new Map([['rtt', [0.001, 0.002]]]));
    expect(readSamples('rtt 0.001000\n')).toBeNull();
    expect(readSamples('no-clock\n')).toBeNull();
  });

  it('give smallest, median and largest', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ best: 1, typical: 2, worst: 3 });
    expect(spreadOf([])).toBeNull();
  });

  it('make a renewal of a round trip and two writes of the lease store; what is missing stays unknown', () => {
    const member = new Map([
      ['rtt', [0.001, 0.004]],
      ['lag', [0.01]],
    ]);
    const store = new Map([['sync', [0.002, 0.01]]]);
    expect(measuredTimes([member], store)).toEqual({
      renewal: { best: 0.005, typical: 0.024, worst: 0.024 },
      lag: { best: 0.01, typical: 0.01, worst: 0.01 },
      kill: null,
      storageProof: null,
    });
    expect(measuredTimes([member], new Map()).renewal).toBeNull();
  });
});

describe('the measurement itself', () => {
  it('kills nothing where the service manager does not tell the group of what it has started', async () => {
    const stubs = { systemctl: 'exit 0', 'systemd-run': 'exit 0', awk: `echo ${folder}` };
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const [name, text] of Object.entries(stubs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const bystander = spawn('sleep', ['600']);
    const ended = once(bystander, 'exit');
    try {
      writeFileSync(join(folder, 'cgroup.procs'), `${bystander.pid}\n`);
      const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
      const words = ['1', 'yes', '-', '9'];
      const run = spawnSync('bash', ['-c', measureScript, 'ixha-measure', ...words], {
        encoding: 'utf8',
        env,
      });
      expect(readSamples(run.stdout)?.get('kill')).toBeUndefined();
      expect(bystander.exitCode).toBeNull();
      expect(bystander.signalCode).toBeNull();
    } finally {
      bystander.kill('SIGKILL');
      await ended;
    }
  });

  it('measures on a real machine and leaves nothing behind', () => {
    const before = readdirSync('/var/tmp').filter((name) => name.startsWith('ixha-measure'));
    const words = ['1', 'no', '127.0.0.1', '9', folder];
    const run = spawnSync('bash', ['-c', measureScript, 'ixha-measure', ...words], { encoding: 'utf8' });
    const samples = readSamples(run.stdout);
    expect(samples?.get('sync')?.length).toBeGreaterThan(0);
    expect(samples?.get('storage')?.length).toBeGreaterThan(0);
    expect(samples?.get('lag')?.length).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync('/var/tmp').filter((name) => name.startsWith('ixha-measure'))).toEqual(before);
    expect(existsSync(folder)).toBe(true);
  });
});
