import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leavingParts, type LeavingParts } from '../../../../electron/host/install/leaving-parts.ts';
import { removeFiles } from '../../../../electron/host/install/remove-parts.ts';
import { takeOff } from '../../../../electron/host/install/take-off.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import { succeed } from '../../../../shared/result.ts';
import { installedFacts, sampleSite, sampleWanted } from './install-samples.ts';

/**
 * Goal: the scripts that end a member do what they say in a real shell. Method: this machine's shell with a stand-in for
 * systemctl that keeps the state of each unit in a file, and units of a cluster that exists nowhere.
 */
const cluster = 'IXHA-TEST';
const agent = `ixha-agent@${cluster}.service`;
const guards = [1, 2].map((number) => `ixha-guard-${number}@${cluster}.service`);
const engine = 'ixha-test-engine.service';
let folder: string;

const systemctl = `#!/bin/sh
dir=$(dirname "$0")
verb=$1; shift
if [ -e "$dir/mute" ]; then echo "Failed to connect to bus: Connection timed out" >&2; exit 1; fi
for unit in "$@"; do
  case $unit in -*|ActiveState) continue ;; esac
  echo "$verb $unit" >> "$dir/log"
  case $verb in
    stop) [ -e "$dir/stuck-$unit" ] || echo inactive > "$dir/$unit" ;;
    start) echo active > "$dir/$unit" ;;
    show) cat "$dir/$unit" 2>/dev/null ;;
    list-units) cat "$dir/alive" 2>/dev/null ;;
  esac
done
exit 0
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-off-'));
  writeFileSync(join(folder, 'systemctl'), systemctl);
  chmodSync(join(folder, 'systemctl'), 0o755);
  for (const unit of [agent, ...guards]) writeFileSync(join(folder, unit), 'active\n');
  writeFileSync(join(folder, engine), 'inactive\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stateOf = (unit: string) => readFileSync(join(folder, unit), 'utf8').trim();
const log = () =>
  readFileSync(join(folder, 'log'), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('show'));

const connection = {
  name: 'this machine',
  run: async (argv: readonly string[]) =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
      execFile(argv[0]!, argv.slice(1), { env }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : Number(error.code);
        resolve(succeed({ exitCode, signal: null, stdout, stderr, truncated: false }));
      });
    }),
} as unknown as ServerConnection;

/** A server that keeps its clusters, with one engine of ours more than it should have. */
function partsWith(state: string): LeavingParts {
  const wanted = sampleWanted('north');
  const facts = installedFacts(wanted);
  const unit = {
    loadState: 'loaded',
    activeState: state,
    unitFileState: 'disabled',
    needsReload: false,
    sockets: [],
  };
  const found = { members: [], gates: [{ unit: engine, cluster, engine: unit }], witness: false };
  const parts = leavingParts({ wanted, connection, facts: { ...facts, found } }, sampleSite(), true);
  return { ...parts, members: [cluster] };
}

const end = (parts: LeavingParts, engines?: 'keep' | 'stop') =>
  takeOff([{ ...parts }], { engines, gone: [] }, () => undefined);

describe('ending a member', () => {
  it('ends the agent before the guards, and does not start it again', async () => {
    await end(partsWith('inactive'));
    expect(log().slice(0, 3)).toEqual([`stop ${agent}`, ...guards.map((unit) => `stop ${unit}`)]);
    expect([agent, ...guards].map(stateOf)).toEqual(['inactive', 'inactive', 'inactive']);
  });

  it('leaves a member with its agent and guards that has become Active since the look', async () => {
    writeFileSync(join(folder, engine), 'active\n');
    const ended = await end(partsWith('inactive'));
    expect(!ended.ok && ended.error[0]?.code).toBe('ssh.command-failed');
    expect(!ended.ok && JSON.stringify(ended.error)).toContain('has become Active');
    expect([agent, ...guards, engine].map(stateOf)).toEqual(['active', 'active', 'active', 'active']);
  });

  it('lets an engine run that a person wants to keep, and stops it when told to', async () => {
    writeFileSync(join(folder, engine), 'active\n');
    await end(partsWith('active'), 'keep');
    expect(stateOf(engine)).toBe('active');
    expect(stateOf(agent)).toBe('inactive');
    await end(partsWith('active'), 'stop');
    expect(stateOf(engine)).toBe('inactive');
  });

  it('takes a service manager that does not answer for none that has ended anything', async () => {
    writeFileSync(join(folder, 'mute'), '');
    const ended = await end(partsWith('inactive'));
    expect(!ended.ok && JSON.stringify(ended.error)).toContain('does not end');
    expect([agent, ...guards].map(stateOf)).toEqual(['active', 'active', 'active']);
  });

  it('goes no further when the agent does not end', async () => {
    writeFileSync(join(folder, `stuck-${agent}`), '');
    const ended = await end(partsWith('inactive'));
    expect(!ended.ok && JSON.stringify(ended.error)).toContain('does not end');
    expect(guards.map(stateOf)).toEqual(['active', 'active']);
  });
});

describe('removing files', () => {
  /** The same server with everything below a folder of this test. */
  const elsewhere = () => {
    const root = join(folder, 'root');
    const run = (argv: readonly string[]) =>
      connection.run(argv.map((word) => (/^\/[^\n]*$/.test(word) ? join(root, word) : word)));
    return { root, below: { ...connection, run } };
  };

  it('takes the mark of its own cluster from a directory and leaves the data', async () => {
    const [own, foreign] = ['own', 'foreign'].map((name) => join(folder, name)) as [string, string];
    for (const [directory, mark] of [
      [own, `sample ${cluster}\n`],
      [foreign, 'sample OTHER\n'],
    ] as const) {
      mkdirSync(join(directory, '.ixha'), { recursive: true });
      writeFileSync(join(directory, '.ixha/identity'), mark);
      writeFileSync(join(directory, '.ixha/generation'), '7');
      writeFileSync(join(directory, 'journal.log'), 'data');
    }
    const marks = [own, foreign].map((directory) => ({ directory, mark: `sample ${cluster}` }));
    const removed = await removeFiles(
      { connection },
      { engines: [], members: [], witness: false, whole: false, marks },
    );
    expect(removed.ok && removed.value).toEqual([join(own, '.ixha/identity')]);
    expect(existsSync(join(foreign, '.ixha/identity'))).toBe(true);
    expect(readFileSync(join(own, 'journal.log'), 'utf8')).toBe('data');
    expect(readFileSync(join(own, '.ixha/generation'), 'utf8')).toBe('7');
  });

  it('removes the record of how a server was before after everything else', async () => {
    const { root, below } = elsewhere();
    for (const path of ['etc/ixha', 'usr/lib/ixha', 'var/lib/ixha/before-installation'])
      mkdirSync(join(root, path), { recursive: true });
    const parts = { engines: [], members: [], witness: false, whole: true, marks: [] };
    const removed = await removeFiles({ connection: below }, parts);
    expect(removed).toEqual({
      ok: true,
      value: ['/usr/lib/ixha', '/etc/ixha', '/var/lib/ixha'].map((path) => join(root, path)),
    });
  });

  it('removes nothing as a whole while a guard still runs, which would kill its engine without its deadline', async () => {
    const { root, below } = elsewhere();
    mkdirSync(join(root, 'run/ixha/WK9'), { recursive: true });
    const parts = { engines: [], members: [], witness: false, whole: true, marks: [] };
    writeFileSync(join(folder, 'alive'), 'ixha-guard-1@WK9.service loaded active running A guard\n');
    const refused = await removeFiles({ connection: below }, parts);
    expect(!refused.ok && JSON.stringify(refused.error)).toContain('ixha-guard-1@WK9.service');
    expect(existsSync(join(root, 'run/ixha/WK9'))).toBe(true);
    writeFileSync(join(folder, 'alive'), 'ixha-guard-1@WK9.service loaded failed failed A guard\n');
    writeFileSync(join(folder, 'mute'), '');
    expect((await removeFiles({ connection: below }, parts)).ok).toBe(false);
    expect(existsSync(join(root, 'run/ixha/WK9'))).toBe(true);
    rmSync(join(folder, 'mute'));
    expect((await removeFiles({ connection: below }, parts)).ok).toBe(true);
    expect(existsSync(join(root, 'run/ixha'))).toBe(false);
  });
});
