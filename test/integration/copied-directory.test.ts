import { randomBytes } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Result } from '../../shared/result.ts';
import { openCopyBench, type CopyBench, type CopySide } from './copy-bench.ts';
import { createBench, until, type Bench } from './demo-harness.ts';
import { hasOpenssh } from './ssh/openssh-server.ts';

/**
 * Goal: the Passive always has one last complete copy, and never one that is newer or older than what may be there.
 * Method: the real script with rsync through a real sshd, between two directories of this machine.
 */
const ready = hasOpenssh && spawnSync('rsync', ['--version']).status === 0 && process.getuid?.() === 0;
const limitMs = 20_000;
let folders: Bench;
let bench: CopyBench;
beforeEach(async () => {
  folders = createBench();
  bench = await openCopyBench(folders.path('copy'));
  await adopt('north', 5);
});
afterEach(async () => {
  await bench.sshd.stop();
  folders.clean();
});

async function adopt(side: CopySide, epoch: number) {
  return orThrow(await bench.script(side).adopt(epoch, limitMs));
}
function orThrow<Value>(done: Result<Value, string>): Value {
  if (!done.ok) throw new Error(done.error);
  return done.value;
}
const complete = (file: string) =>
  readFileSync(bench.directory('south', `.ixha/copy/whole/data/${file}`), 'utf8');
const failureOf = async (sent: ReturnType<CopyBench['send']>) => (await sent).failure?.code ?? null;

describe.runIf(ready)('a copied directory', () => {
  it('arrives complete, with what has changed since, and without what is gone', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    bench.write('north', 'config/with space.json', '{}');
    bench.write('north', 'logt/old.log', 'old');
    expect(await bench.send('north', 5, 1)).toMatchObject({ failure: null, reading: { files: 3, bytes: 9 } });
    expect(complete('config/with space.json')).toBe('{}');
    bench.write('north', 'logt/journal-5.log', 'two\n');
    rmSync(bench.directory('north', 'logt/old.log'));
    expect(await bench.send('north', 5, 2)).toMatchObject({ failure: null, reading: { files: 2 } });
    expect(complete('logt/journal-5.log')).toBe('one\ntwo\n');
    expect(existsSync(bench.directory('south', '.ixha/copy/whole/data/logt/old.log'))).toBe(false);
    expect(bench.state('south')).toMatchObject({ whole: { epoch: 5, sequence: 2, final: false, files: 2 } });
    expect(readdirSync(bench.directory('south', '.ixha/copy/in'))).toEqual(['5.2']);
    expect(bench.read('south', '.ixha/generation')).toBe('5 north\n');
  });

  it('brings what a large file has grown by, and what has changed in its middle', async () => {
    const content = randomBytes(3_000_000);
    const file = bench.directory('north', 'logt/journal-5.log');
    writeFileSync(file, content);
    expect(await failureOf(bench.send('north', 5, 1))).toBeNull();
    appendFileSync(file, 'more\n');
    const grown = await bench.send('north', 5, 2);
    expect(grown.failure).toBeNull();
    expect(grown.sentBytes).toBeLessThan(200_000);
    content.write('changed', 1_500_000);
    writeFileSync(file, content);
    expect(await failureOf(bench.send('north', 5, 3))).toBeNull();
    expect(
      readFileSync(bench.directory('south', '.ixha/copy/whole/data/logt/journal-5.log')).equals(content),
    ).toBe(true);
  });

  it('brings what changes within one second and keeps its size', async () => {
    const live = bench.directory('north', 'config/positions');
    bench.write('north', 'config/positions', '0100\n');
    // What a copy that was cut off has left is compared by time as well.
    for (const [sequence, fraction] of [1, 2, 3].entries()) {
      writeFileSync(live, `010${fraction}\n`);
      utimesSync(live, 1_700_000_000, 1_700_000_000 + fraction / 10);
      expect(await failureOf(bench.send('north', 5, sequence + 1))).toBeNull();
      expect(complete('config/positions')).toBe(`010${fraction}\n`);
    }
  });

  it('is never placed over the data of an engine that was taken over as it ran', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    expect(await failureOf(bench.send('north', 5, 1))).toBeNull();
    // The site is only observed for a while, and the engine of the other server is started by hand.
    bench.write('south', 'logt/journal-5.log', 'by hand\n');
    const { aside } = orThrow(await bench.script('south').claim(9, limitMs));
    expect(readFileSync(join(aside!, 'data/logt/journal-5.log'), 'utf8')).toBe('one\n');
    expect(bench.state('south')).toMatchObject({ dataEpoch: 9, whole: null });
    expect(await failureOf(bench.send('north', 5, 2))).toBe('newer-there');
    // The same once more, after a crash of the agent, and a start of the engine under a later epoch.
    expect(orThrow(await bench.script('south').claim(9, limitMs))).toEqual({ from: null, aside: null });
    expect(await adopt('south', 10)).toEqual({ from: null, aside: null });
    expect(bench.read('south', 'logt/journal-5.log')).toBe('by hand\n');
    expect(await failureOf(bench.send('south', 10, 1))).toBeNull();
    expect(await bench.script('south').claim(9, limitMs)).toMatchObject({ ok: false });
  });

  it('keeps the rest aside of what was placed in part when an engine is taken over as it runs', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    bench.write('north', 'config/a.json', '{}');
    await bench.send('north', 5, 1);
    const whole = bench.directory('south', '.ixha/copy/in/5.1');
    writeFileSync(bench.directory('south', '.ixha/copy/clearing'), 'aside/before\n');
    writeFileSync(bench.directory('south', '.ixha/copy/placing'), `${whole}\n`);
    execFileSync('mv', [join(whole, 'data/config'), bench.directory('south')]);
    const { aside } = orThrow(await bench.script('south').claim(6, limitMs));
    expect(readFileSync(join(aside!, 'data/logt/journal-5.log'), 'utf8')).toBe('one\n');
    expect(await failureOf(bench.send('south', 6, 1))).toBeNull();
  });

  it('is what the next Active goes on with, and a late copy of the one before is refused', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    await bench.send('north', 5, 1, true);
    expect(bench.state('north')).toMatchObject({ dataEpoch: 5, givenEpoch: 5 });
    expect(await adopt('south', 6)).toMatchObject({ from: { epoch: 5, final: true }, aside: null });
    expect(bench.read('south', 'logt/journal-5.log')).toBe('one\n');
    bench.write('north', 'logt/journal-5.log', 'late\n');
    expect(await failureOf(bench.send('north', 5, 2))).toBe('newer-there');
    expect(bench.read('south', 'logt/journal-5.log')).toBe('one\n');
    expect(bench.state('south')).toMatchObject({ dataEpoch: 6, whole: null });
  });

  it('keeps what an old Active had alone aside when it takes over again, and only that', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    await bench.send('north', 5, 1);
    bench.write('north', 'logt/journal-5.log', 'never copied\n');
    await adopt('south', 6);
    bench.write('south', 'logt/journal-6.log', 'two\n');
    expect(await failureOf(bench.send('south', 6, 1, true))).toBeNull();
    expect(bench.read('north', 'logt/journal-5.log')).toBe('one\nnever copied\n');
    const { aside } = await adopt('north', 7);
    expect(readFileSync(join(aside!, 'logt/journal-5.log'), 'utf8')).toBe('one\nnever copied\n');
    expect(bench.read('north', 'logt/journal-5.log')).toBe('one\n');
    expect(bench.read('north', 'logt/journal-6.log')).toBe('two\n');
    // South gave everything away to the last byte: nothing of it is kept twice.
    expect(await failureOf(bench.send('north', 7, 1, true))).toBeNull();
    expect(await adopt('south', 8)).toMatchObject({ from: { epoch: 7 }, aside: null });
    await until('the given data is gone', () => !existsSync(bench.directory('south', '.ixha/copy/given-up')));
    expect(bench.read('south', 'logt/journal-6.log')).toBe('two\n');
  });

  it('is not used by the last Active itself, whose own data is newer', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    await bench.send('north', 5, 1);
    bench.write('north', 'logt/journal-5.log', 'two\n');
    expect(await adopt('north', 6)).toEqual({ from: null, aside: null });
    expect(bench.read('north', 'logt/journal-5.log')).toBe('one\ntwo\n');
  });

  it('is placed also where the removal of what was given away before was cut off', async () => {
    bench.write('south', 'logt/journal-6.log', 'before\n');
    await adopt('south', 6);
    expect(await failureOf(bench.send('south', 6, 1, true))).toBeNull();
    await adopt('north', 7);
    bench.write('north', 'logt/journal-7.log', 'one\n');
    expect(await failureOf(bench.send('north', 7, 1))).toBeNull();
    mkdirSync(bench.directory('south', '.ixha/copy/given-up/logt'), { recursive: true });
    writeFileSync(bench.directory('south', '.ixha/copy/given-up/logt/rest.log'), 'rest\n');
    expect(await adopt('south', 8)).toMatchObject({ from: { epoch: 7 } });
    expect(bench.read('south', 'logt/journal-7.log')).toContain('one\n');
    const given = () =>
      readdirSync(bench.directory('south', '.ixha/copy')).filter((name) => /^given-up/.test(name));
    await until('the given data is gone', () => given().length === 0);
  });

  it('is sent by nobody who has not placed the newest copy, or only a part of it', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    expect(await failureOf(bench.send('north', 5, 1, true))).toBeNull();
    bench.write('south', 'logt/journal-4.log', 'old\n');
    expect(await failureOf(bench.send('south', 6, 1, true))).toBe('not-placed');
    writeFileSync(bench.directory('south', '.ixha/copy/clearing'), 'aside/before\n');
    expect(await failureOf(bench.send('south', 6, 2))).toBe('not-placed');
    expect(bench.read('north', 'logt/journal-5.log')).toBe('one\n');
  });

  it('goes on where an interrupted placing has left it', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    bench.write('north', 'config/a.json', '{}');
    await bench.send('north', 5, 1);
    const whole = bench.directory('south', '.ixha/copy/in/5.1');
    writeFileSync(bench.directory('south', '.ixha/copy/clearing'), 'aside/before\n');
    writeFileSync(bench.directory('south', '.ixha/copy/placing'), `${whole}\n`);
    rmSync(bench.directory('south', 'logt'), { recursive: true });
    execFileSync('mv', [join(whole, 'data/logt'), bench.directory('south')]);
    await adopt('south', 6);
    expect(bench.read('south', 'logt/journal-5.log')).toBe('one\n');
    expect(bench.read('south', 'config/a.json')).toBe('{}');
  });

  it('keeps the last complete copy whatever goes wrong with the next', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    await bench.send('north', 5, 1);
    bench.write('north', 'logt/journal-5.log', 'two\n');
    writeFileSync(
      join(bench.keys('north'), 'known_hosts'),
      'ixha-peer ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m4Qw2V1bX0m0m5xJ0bq3m8r5i9m0q0m0m0m0m0m0m\n',
    );
    expect(await failureOf(bench.send('north', 5, 2))).toBe('host-key-changed');
    const [, ...hostKey] = bench.sshd.knownHostsLine().split(' ');
    writeFileSync(join(bench.keys('north'), 'known_hosts'), `ixha-peer ${hostKey.join(' ')}\n`);
    const authorised = join(bench.sshd.folder, 'authorized_keys');
    const lines = readFileSync(authorised, 'utf8');
    writeFileSync(authorised, '');
    expect(await failureOf(bench.send('north', 5, 3))).toBe('key-refused');
    writeFileSync(authorised, lines);
    writeFileSync(bench.directory('south', '.ixha/identity'), 's WK2\n');
    expect(await failureOf(bench.send('north', 5, 4))).toBe('wrong-one');
    writeFileSync(bench.directory('south', '.ixha/identity'), 's WK1\n');
    expect(complete('logt/journal-5.log')).toBe('one\n');
    expect(await failureOf(bench.send('north', 5, 5))).toBeNull();
    expect(complete('logt/journal-5.log')).toBe('one\ntwo\n');
    await bench.sshd.kill();
    expect(await failureOf(bench.send('north', 5, 6))).toBe('unreachable');
  });

  // On a busy machine all of it may have arrived before it is cut.
  it(
    'that is cut in the middle does not count, and the next one goes on with what has arrived',
    { retry: 2 },
    async () => {
      bench.write('north', 'logt/journal-5.log', 'one\n');
      await bench.send('north', 5, 1);
      writeFileSync(bench.directory('north', 'logt/large'), randomBytes(200 * 1024 * 1024));
      const sending = bench.send('north', 5, 2);
      await until('it comes in', () => existsSync(bench.directory('south', '.ixha/copy/in/5.2/data')));
      bench.sshd.dropConnections();
      expect(await failureOf(sending)).toBe('cut');
      expect(existsSync(bench.directory('south', '.ixha/copy/whole/data/logt/large'))).toBe(false);
      expect(bench.state('south')).toMatchObject({ whole: { sequence: 1 } });
      expect(await failureOf(bench.send('north', 5, 3))).toBeNull();
      expect(statSync(bench.directory('south', '.ixha/copy/whole/data/logt/large')).size).toBe(
        200 * 1024 * 1024,
      );
    },
  );

  it('is refused when what arrived is not what the manifest says, and is sent anew', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    await bench.send('north', 5, 1);
    bench.write('north', 'logt/journal-5.log', 'two\n');
    const asked = (words: string) =>
      spawnSync('ssh', [...sshOptions(), '127.0.0.1', words], {
        input: 'epoch 5\nsequence 9\nfrom north\n',
        encoding: 'utf8',
      });
    mkdirSync(bench.directory('south', '.ixha/copy/in/5.9/data'), { recursive: true });
    expect(asked(`commit 5.9 ${'0'.repeat(64)} 5`).stderr).toContain('ixha-refused 37');
    expect(existsSync(bench.directory('south', '.ixha/copy/in/5.9'))).toBe(false);
    // The same size and time, but not the same content, in what an interrupted copy has left.
    const leftover = bench.directory('south', '.ixha/copy/in/5.3/data/logt');
    mkdirSync(leftover, { recursive: true });
    writeFileSync(join(leftover, 'journal-5.log'), 'one\nTWO\n');
    execFileSync('touch', [
      '-r',
      bench.directory('north', 'logt/journal-5.log'),
      join(leftover, 'journal-5.log'),
    ]);
    expect(await failureOf(bench.send('north', 5, 4))).toBe('damaged');
    expect(complete('logt/journal-5.log')).toBe('one\n');
    expect(await failureOf(bench.send('north', 5, 5))).toBeNull();
    expect(complete('logt/journal-5.log')).toBe('one\ntwo\n');
  });

  it.each([
    'rsync --server --sender -logDtpre.iLsfxCIvu . /etc',
    'rsync --server -logtpre.iLsfxCIvu . /etc',
    'rsync --server -logtpre.iLsfxCIvu --link-dest=/etc . 5.7',
    'rsync --server -logtpre.iLsfxCIvu --backup-dir=/etc . 5.7',
    'rsync --server -logtpre.iLsfxCIvu . 5.7; id',
    'commit 5.7; id',
    'sh',
    '',
  ])('lets its key do nothing else: %s', (words) => {
    const said = spawnSync('ssh', [...sshOptions(), '127.0.0.1', ...(words === '' ? [] : [words])], {
      encoding: 'utf8',
      input: '',
    });
    expect(said.stderr).toContain('ixha-refused 38');
    expect(said.stdout).toBe('');
  });

  it('tells a receiver without room, and names that cannot be put into a list', async () => {
    bench.write('north', 'logt/journal-5.log', 'one\n');
    await bench.send('north', 5, 1);
    appendFileSync(bench.directory('north', 'odd\\name'), 'x');
    expect(await failureOf(bench.send('north', 5, 2))).toBe('odd-name');
    rmSync(bench.directory('north', 'odd\\name'));
    const small = bench.directory('south', '.ixha/copy/in');
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'small', small]).status === 0;
    if (!mounted) return;
    try {
      writeFileSync(bench.directory('north', 'logt/large'), randomBytes(4 * 1024 * 1024));
      expect(await failureOf(bench.send('north', 5, 3))).toBe('no-room-there');
    } finally {
      spawnSync('umount', [small]);
    }
    expect(complete('logt/journal-5.log')).toBe('one\n');
  });

  function sshOptions(): string[] {
    const options = [
      '-T',
      '-F',
      '/dev/null',
      '-i',
      join(bench.keys('north'), 'key'),
      '-p',
      String(bench.sshd.port),
    ];
    const more = [
      'IdentitiesOnly=yes',
      `UserKnownHostsFile=${join(bench.keys('north'), 'known_hosts')}`,
      'HostKeyAlias=ixha-peer',
      'BatchMode=yes',
    ];
    return [...options, ...more.flatMap((option) => ['-o', option])];
  }
});
