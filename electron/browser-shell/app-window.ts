import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { findBrowser, hasDisplay } from '../host/find-browser.ts';
import { cookieMessage, windowArguments, type WindowCookie } from './window-arguments.ts';

export interface AppWindow {
  /** Resolves when the window was closed, by a person or by `close`. */
  readonly closed: Promise<void>;
  /** Closes the window and every process of its browser. */
  close(): Promise<void>;
  /** The same without waiting, for a forced end. */
  closeNow(): void;
}

export type OpenedWindow =
  | {
      readonly kind: 'opened';
      readonly window: AppWindow;
      readonly program: string;
      readonly sandboxed: boolean;
    }
  | { readonly kind: 'none'; readonly why: string };

const closeWithinMs = 3000;

/**
 * Opens a page of the console as a window of an installed browser. Its session goes to the browser
 * through a pipe that only this process holds: in the command line or the environment other users of
 * this machine could read it. The browser ends when the pipe does, so a killed console leaves none.
 */
export function openAppWindow(options: {
  readonly address: string;
  readonly cookie: WindowCookie;
}): OpenedWindow {
  const surroundings = { platform: process.platform, env: process.env, isProgram };
  if (!hasDisplay(surroundings)) return { kind: 'none', why: 'There is no display on this machine.' };
  const program = findBrowser(surroundings);
  if (program === undefined) return { kind: 'none', why: 'No Chromium, Chrome or Edge was found.' };
  const directory = mkdtempSync(join(tmpdir(), 'ixha-window-'));
  const asRoot = process.getuid?.() === 0;
  const browser = spawn(
    program,
    windowArguments({ address: options.address, userDataDirectory: directory, asRoot }),
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      // A process group of its own: closing the window ends all of its helpers, and only them.
      detached: process.platform !== 'win32',
    },
  );
  handCookie(browser, options.cookie);
  return { kind: 'opened', window: windowOf(browser, directory), program, sandboxed: !asRoot };
}

/** Descriptors 3 (to the browser) and 4 (from it) are fixed by its debugging pipe. */
function handCookie(browser: ChildProcess, cookie: WindowCookie): void {
  const [, , , commands, answers] = browser.stdio;
  const quiet = () => undefined;
  // A browser that does not start breaks the pipe; that it ended is noticed by itself.
  commands?.on('error', quiet);
  answers?.on('error', quiet);
  answers?.on('data', quiet);
  (commands as Writable | null)?.write(cookieMessage(cookie));
}

function windowOf(browser: ChildProcess, directory: string): AppWindow {
  const closed = new Promise<void>((resolve) => {
    browser.once('error', () => resolve());
    browser.once('exit', () => resolve());
  }).then(() => {
    signal(browser, 'SIGKILL');
    removeDirectory(directory);
  });
  return {
    closed,
    close: async () => {
      signal(browser, 'SIGTERM');
      const force = setTimeout(() => signal(browser, 'SIGKILL'), closeWithinMs);
      await closed;
      clearTimeout(force);
    },
    closeNow: () => {
      signal(browser, 'SIGKILL');
      removeDirectory(directory);
    },
  };
}

function signal(browser: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (browser.pid === undefined) return;
  try {
    if (process.platform === 'win32') browser.kill(name);
    else process.kill(-browser.pid, name);
  } catch {
    // The group has ended already.
  }
}

function removeDirectory(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // Left to the system's clean-up of temporary files: a browser profile with an ended session.
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
