import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser, hasDisplay } from './find-browser.ts';
import { windowArguments, windowOpeningPage } from './window-arguments.ts';

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

/** Opens `address` (with its one-time token) as a window of an installed browser. */
export function openAppWindow(address: string): OpenedWindow {
  const surroundings = { platform: process.platform, env: process.env, isProgram };
  if (!hasDisplay(surroundings)) return { kind: 'none', why: 'There is no display on this machine.' };
  const program = findBrowser(surroundings);
  if (program === undefined) return { kind: 'none', why: 'No Chromium, Chrome or Edge was found.' };
  const directory = mkdtempSync(join(tmpdir(), 'ixha-window-'));
  const opening = join(directory, 'open.html');
  writeFileSync(opening, windowOpeningPage(address), { mode: 0o600 });
  const asRoot = process.getuid?.() === 0;
  const browser = spawn(
    program,
    windowArguments({
      address: pathToFileURL(opening).href,
      userDataDirectory: join(directory, 'profile'),
      asRoot,
    }),
    // A process group of its own: closing the window ends all of its helpers, and only them.
    { stdio: 'ignore', detached: process.platform !== 'win32' },
  );
  return { kind: 'opened', window: windowOf(browser, directory), program, sandboxed: !asRoot };
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
    // Left to the system's clean-up of temporary files; it holds a used token at most.
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
