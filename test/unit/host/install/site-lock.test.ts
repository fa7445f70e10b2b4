import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processName } from '../../../../electron/host/install/process-name.ts';
import { aloneOnServers } from '../../../../electron/host/install/site-lock.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';

/** Goal: two works on one site never go on at once. Method: the lock's own scripts, run here, on files of a folder. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string) => join(folder, `${name}.lock`);

/** A server whose lock lies in the folder. */
function server(name: string): ServerConnection {
  const run: ServerConnection['run'] = ([program, ...rest]) =>
    new Promise((resolve) => {
      const argv = rest.map((word) => word.replace('/run/ixha-installation.lock', fileOf(name)));
      execFile(program!, argv, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : Number(error.code ?? 1);
        resolve(succeed({ exitCode, stdout, stderr } as never));
      });
    });
  return { name, run } as unknown as ServerConnection;
}

const done = () => Promise.resolve(succeed('done'));
const both = () => [server('south'), server('north')];
const code = (result: Awaited<ReturnType<typeof aloneOnServers>>) =>
  result.ok ? 'ok' : result.error[0]!.code;

describe('the lock of a site', () => {
  it('lets one work go on, and the next one after it', async () => {
    expect(await aloneOnServers(both(), 'an upgrade', undefined, done)).toEqual(succeed('done'));
    expect(await aloneOnServers(both(), 'a repair', undefined, done)).toEqual(succeed('done'));
  });

  it('refuses a second one meanwhile, names the first, and leaves nothing behind of the second', async () => {
    await aloneOnServers(both(), 'an upgrade', undefined, async () => {
      const second = await aloneOnServers(both(), 'a repair', undefined, done);
      expect(!second.ok && second.error[0]!.message).toMatch(
        /^north is being worked on by .+ on .+: an upgrade, since/,
      );
      return succeed(undefined);
    });
    expect(code(await aloneOnServers(both(), 'a repair', undefined, done))).toBe('ok');
  });

  it('is given back when the work fails by an exception', async () => {
    await expect(
      aloneOnServers(both(), 'an upgrade', undefined, () => Promise.reject(new Error('broken'))),
    ).rejects.toThrow('broken');
    expect(code(await aloneOnServers(both(), 'a repair', undefined, done))).toBe('ok');
  });

  it('of a work whose process ran here and has ended is taken over at once', async () => {
    const worker = spawn('sleep', ['600']);
    try {
      const note = { id: 'abc', by: 'ana on desk', since: '2026-11-29T08:00:00Z', what: 'an upgrade' };
      writeFileSync(fileOf('north'), JSON.stringify({ ...note, process: processName(worker.pid) }));
      expect(code(await aloneOnServers(both(), 'a repair', undefined, done))).toBe('site.locked');
      const ended = once(worker, 'exit');
      worker.kill('SIGKILL');
      await ended;
      expect(code(await aloneOnServers(both(), 'a repair', undefined, done))).toBe('ok');
    } finally {
      worker.kill('SIGKILL');
    }
  });

  it('that could not be given back is taken over by the next work of the same process', async () => {
    const lost = both().map((one): ServerConnection => {
      const run: ServerConnection['run'] = (argv, options) =>
        argv.includes('ixha-lock-end') && one.name === 'north'
          ? Promise.reject(new Error('the connection is lost'))
          : one.run(argv, options);
      return { ...one, run };
    });
    expect(await aloneOnServers(lost, 'an upgrade', undefined, done)).toEqual(succeed('done'));
    expect(readFileSync(fileOf('north'), 'utf8')).toContain('an upgrade');
    expect(existsSync(fileOf('south'))).toBe(false);
    expect(code(await aloneOnServers(both(), 'a repair', undefined, done))).toBe('ok');
    expect(existsSync(fileOf('north'))).toBe(false);
  });

  it('that somebody has broken meanwhile ends the work, and stays with whoever has it now', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const closed: string[] = [];
    let stop: () => void = () => undefined;
    const watched = both().map((one) => ({
      ...one,
      run: (argv: readonly string[]) =>
        closed.includes(one.name) ? Promise.reject(new Error('it is closed')) : one.run(argv),
      close: () => {
        closed.push(one.name);
        stop();
      },
    }));
    const broken = await aloneOnServers(watched, 'an upgrade', undefined, async () => {
      const ended = new Promise<void>((resolve) => (stop = resolve));
      vi.advanceTimersByTime(20_000);
      writeFileSync(fileOf('south'), JSON.stringify({ id: 'abc', by: 'ana on desk' }));
      vi.advanceTimersByTime(20_000);
      await ended;
      return fail([productError('server.unreachable', 'the connection was closed')]);
    });
    vi.useRealTimers();
    expect(!broken.ok && broken.error.map(({ code: one }) => one)).toEqual([
      'site.lock-lost',
      'server.unreachable',
    ]);
    expect(closed).toEqual(['south', 'north']);
    expect(readFileSync(fileOf('south'), 'utf8')).toContain('ana on desk');
    expect(existsSync(fileOf('north'))).toBe(false);
  });

  it('of a process of another machine is not taken over', async () => {
    const process = '00000000-0000-4000-8000-000000000000 pid:[4026531836] 999999 1';
    const note = { id: 'abc', by: 'ana on desk', since: '2026-11-29T08:00:00Z', what: 'an upgrade' };
    writeFileSync(fileOf('north'), JSON.stringify({ ...note, process }));
    expect(code(await aloneOnServers(both(), 'a repair', undefined, done))).toBe('site.locked');
  });

  it('of a work that was interrupted is told as such, and broken by its own id only', async () => {
    const refused = await aloneOnServers(both(), 'an upgrade', undefined, async () => {
      const longAgo = new Date(Date.now() - 10 * 60_000);
      utimesSync(fileOf('north'), longAgo, longAgo);
      const second = await aloneOnServers(both(), 'a repair', undefined, done);
      expect(code(await aloneOnServers(both(), 'a repair', 'abcdefabcdef', done))).toBe('site.locked');
      const id = /--break-lock ([0-9a-f]+)/.exec(second.ok ? '' : second.error[0]!.next)?.[1];
      const third = await aloneOnServers(both(), 'a repair', id, done);
      expect(code(third)).toBe('ok');
      return second;
    });
    expect(!refused.ok && refused.error[0]!.message).toContain('Nothing was heard of that work for 10 min.');
  });
});
