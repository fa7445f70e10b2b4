// Child processes of a script, each in a process group of its own, so that nothing outlives the script: stopping
// one reaches what it has started, and a Ctrl+C is passed on once instead of hitting every process at once.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { groupLives, signalGroup } from './process-group.mjs';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const windows = process.platform === 'win32';

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null, error?: NodeJS.ErrnoException }} Ending
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, onOutput?: (chunk: Buffer) => void,
 *   stdin?: 'ignore' | 'inherit', input?: NodeJS.ReadableStream, abort?: AbortSignal, low?: boolean }} RunOptions
 *   with `onOutput` both streams are read, without it the child writes to our terminal; `input` is passed on to
 *   the child's standard input while it runs; `abort` stops this child; `low`: what others leave of the processors
 */

/**
 * @param {{ graceMs: number }} options how long a stopped group gets before it is killed
 */
export function createChildren({ graceMs }) {
  /** @type {Set<import('node:child_process').ChildProcess>} */
  const alive = new Set();
  let stopping = false;

  /**
   * Runs a program to its end.
   * @param {string} command
   * @param {string[]} args
   * @param {RunOptions} [options]
   * @returns {Promise<Ending>}
   */
  async function run(command, args, options = {}) {
    if (stopping) return { code: null, signal: 'SIGTERM' };
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [
        options.input ? 'pipe' : (options.stdin ?? 'ignore'),
        options.onOutput ? 'pipe' : 'inherit',
        options.onOutput ? 'pipe' : 'inherit',
      ],
      detached: !windows,
      windowsHide: true,
    });
    alive.add(child);
    if (options.low) lower(child);
    const letGoOfInput = passOn(options.input, child);
    if (options.onOutput) {
      child.stdout?.on('data', options.onOutput);
      child.stderr?.on('data', options.onOutput);
    }
    const stopThis = () => void endGroup(child, 'SIGTERM', graceMs);
    options.abort?.addEventListener('abort', stopThis);
    const ending = await endOf(child);
    letGoOfInput();
    options.abort?.removeEventListener('abort', stopThis);
    await endGroup(child, 'SIGTERM', graceMs);
    alive.delete(child);
    return ending;
  }

  /** Stops everything that still runs; resolves when it is gone. */
  async function stopAll(signal = 'SIGTERM') {
    stopping = true;
    await Promise.all([...alive].map((child) => endGroup(child, signal, graceMs)));
  }

  const killNow = () => alive.forEach((child) => signalGroup(child, 'SIGKILL'));
  return { run, stopAll, killNow, isStopping: () => stopping };
}

/**
 * Passes the first stop signal on and waits; the second one kills. Returns a way to let go of the signals.
 * @param {ReturnType<typeof createChildren>} children
 * @param {(signal: string) => void} [onStop]
 */
export function stopOnSignals(children, onStop = () => {}) {
  const listeners = stopSignals.map((signal) => {
    const listener = () => {
      if (children.isStopping()) return children.killNow();
      onStop(signal);
      return children.stopAll(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((letGo) => letGo());
}

/** Passes a stream on to the child; the returned function ends that, so that the stream holds nobody up. */
function passOn(input, child) {
  if (!input || !child.stdin) return () => {};
  // A child that has ended does not read any more; that it ended is noticed by itself.
  child.stdin.on('error', () => {});
  input.pipe(child.stdin);
  return () => {
    input.unpipe(child.stdin);
    input.pause();
  };
}

/**
 * What it starts inherits this. A child that has ended already needs none. Where Linux shares processors among sessions,
 * and each child leads one, it is the session that has to stand back.
 * @param {import('node:child_process').ChildProcess} child
 */
function lower({ pid }) {
  try {
    if (pid === undefined) return;
    setPriority(pid, constants.priority.PRIORITY_LOW);
    if (existsSync(`/proc/${pid}/autogroup`))
      writeFileSync(`/proc/${pid}/autogroup`, String(constants.priority.PRIORITY_LOW));
  } catch {
    // It has ended, or the system does not let us: then it runs like all others.
  }
}

/** @returns {Promise<Ending>} */
function endOf(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
    // A grandchild that keeps our pipe open must not keep us waiting once the child itself is gone.
    child.once('exit', (code, signal) => setTimeout(() => resolve({ code, signal }), 500));
  });
}

/** Ends a child with all that it has started. */
async function endGroup(child, signal, graceMs) {
  if (!groupLives(child)) return;
  signalGroup(child, signal);
  const killAt = performance.now() + graceMs;
  while (groupLives(child) && performance.now() < killAt) await pause(50);
  if (groupLives(child)) signalGroup(child, 'SIGKILL');
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
