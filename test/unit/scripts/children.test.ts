import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChildren } from '../../../scripts/lib/children.mjs';
import { fetchRuntime } from '../../../scripts/lib/electron-runtime.mjs';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ixha-scripts-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a Node program and returns its path. */
function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A process that is dead but not yet read by its parent is dead. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** The number that a program wrote into a file, once it is there. */
function numberIn(path: string): Promise<number> {
  return vi.waitFor(
    () => {
      const value = Number(existsSync(path) && readFileSync(path, 'utf8'));
      if (!value) throw new Error(`${path} is not written yet`);
      return value;
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** Starts a grandchild that would live for minutes and writes its number. */
const withGrandchild = (pidFile: string) => `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const grandchild = spawn('sleep', ['300'], { stdio: 'ignore' });
  writeFileSync(${JSON.stringify(pidFile)}, String(grandchild.pid));
`;

describe('children of a script', () => {
  it('take what they have started with them when they end', async () => {
    const pidFile = join(folder, 'pid');
    const path = program('parent.mjs', `${withGrandchild(pidFile)} grandchild.unref();`);
    const ending = await createChildren({ graceMs: 2000 }).run(process.execPath, [path]);
    expect(ending.code).toBe(0);
    const pid = await numberIn(pidFile);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000, interval: 20 });
  });

  it('are killed with their own children when they do not listen', async () => {
    const pidFile = join(folder, 'pid');
    const path = program(
      'deaf.mjs',
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${withGrandchild(pidFile)}`,
    );
    const children = createChildren({ graceMs: 300 });
    const running = children.run(process.execPath, [path]);
    const pid = await numberIn(pidFile);
    await children.stopAll();
    expect((await running).signal).toBe('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000, interval: 20 });
  });

  it('are not started any more once the script is stopping', async () => {
    const children = createChildren({ graceMs: 300 });
    await children.stopAll();
    expect(await children.run('sleep', ['300'])).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('say when a program does not exist', async () => {
    const ending = await createChildren({ graceMs: 300 }).run(join(folder, 'none'), []);
    expect(ending.error?.code).toBe('ENOENT');
  });
});

describe('Ctrl+C', () => {
  it('reaches the program once, is waited for, and leaves nothing behind', async () => {
    const pidFile = join(folder, 'pid');
    const endFile = join(folder, 'end');
    const console_ = program(
      'console.mjs',
      `import { writeFileSync as write } from 'node:fs';
       let count = 0;
       process.on('SIGINT', () => { count += 1; setTimeout(() => { write(${JSON.stringify(endFile)}, String(count)); process.exit(0); }, 200); });
       setInterval(() => {}, 1000);
       write(${JSON.stringify(pidFile)}, String(process.pid));`,
    );
    const library = join(process.cwd(), 'scripts/lib/children.mjs');
    const launcher = program(
      'launcher.mjs',
      `import { createChildren, stopOnSignals } from ${JSON.stringify(library)};
       const children = createChildren({ graceMs: 5000 });
       const letGo = stopOnSignals(children);
       await children.run(process.execPath, [${JSON.stringify(console_)}]);
       letGo();`,
    );
    const started = spawn(process.execPath, [launcher], { stdio: 'ignore' });
    const ended = new Promise((resolve) => started.once('exit', resolve));
    const pid = await numberIn(pidFile);
    started.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await numberIn(endFile)).toBe(1);
    expect(isAlive(pid)).toBe(false);
  });
});

describe('fetching the Electron runtime', () => {
  const silent = { note: () => {}, begin: () => () => {} };
  const fetchWith = (text: string, limitMs: number) => {
    mkdirSync(join(folder, 'scripts'));
    program('scripts/fetch-electron.mjs', text);
    const children = createChildren({ graceMs: 500 });
    const common = { children, progress: silent, node: process.execPath, env: process.env };
    return fetchRuntime({ ...common, projectFolder: folder, limitMs });
  };

  it('is given up when nothing arrives', async () => {
    const result = await fetchWith('setInterval(() => {}, 1000);', 300);
    expect(result).toEqual({ ok: false, reason: 'nothing arrived for 0.3 s' });
  });

  it('goes on as long as something arrives', async () => {
    vi.useFakeTimers();
    try {
      // A download that says something every 0.9 s for 9 s, on the test's own clock.
      const run: ReturnType<typeof createChildren>['run'] = async (_command, _args, options) => {
        for (let turn = 0; turn < 10; turn++) {
          await vi.advanceTimersByTimeAsync(900);
          options?.onOutput?.(Buffer.from(`received ${turn} of 9 MB\n`));
        }
        return { code: options?.abort?.aborted ? null : 0, signal: null };
      };
      const children = { ...createChildren({ graceMs: 500 }), run };
      const common = { children, progress: silent, node: process.execPath, env: process.env };
      expect(await fetchRuntime({ ...common, projectFolder: folder, limitMs: 1000 })).toEqual({ ok: true });
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells the reason of a refusal', async () => {
    const result = await fetchWith(
      `console.log('fetch failed: ECONNREFUSED'); process.exitCode = 1;`,
      10_000,
    );
    expect(result).toEqual({ ok: false, reason: 'ECONNREFUSED' });
  });
});
