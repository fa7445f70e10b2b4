import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';

const root = join(import.meta.dirname, '../..');
/** Debian's Chromium; background networking off, since tests speak to loopback only. */
const chromiumPath = process.env['IXHA_CHROMIUM'] ?? '/usr/bin/chromium';
const chromiumFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A console with its demo site, started as a person would from the built programs. */
export interface ConsoleRun {
  readonly address: string;
  /** Folder with `site.json`, for `ixha --profile`. */
  readonly profile: string;
  /** From the start of the process to the printed address. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

export async function startConsole(): Promise<ConsoleRun> {
  const temporary = mkdtempSync(join(tmpdir(), 'ixha-e2e-'));
  const beganAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/host/browser-shell.cjs'), '--demo', '--no-open'], {
    env: { ...process.env, TMPDIR: temporary, XDG_CONFIG_HOME: join(temporary, 'config') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString('utf8')));
  child.stderr.on('data', (part: Buffer) => (output += part.toString('utf8')));
  const find = async (pattern: RegExp) => {
    const until = performance.now() + 30_000;
    for (;;) {
      const found = pattern.exec(output)?.[1];
      if (found !== undefined) return found;
      if (performance.now() > until || child.exitCode !== null)
        throw new Error(`the console did not start:\n${output}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const address = await find(/^Console: (\S+)$/m);
  const startedInMs = performance.now() - beganAt;
  const profile = await find(/--profile (\S+)/);
  return {
    address,
    profile,
    startedInMs,
    async stop() {
      await ended(child);
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

export function launchChromium(): Promise<Browser> {
  // Chromium refuses its own sandbox as root; only the loopback page is opened here.
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: chromiumPath, chromiumSandbox: !asRoot, args: chromiumFlags });
}

/** Errors that the page should never have: exceptions and console errors. */
export function watchPageErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}
