import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { patienceMs } from './console-page.ts';

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

/** A console, started as a person would from the built programs. */
export interface ConsoleRun {
  readonly address: string;
  /** Its process; those of its demo site are below it. */
  readonly pid: number;
  /** Folder with `site.json`, for `ixha --profile`; known once the demo site is open. */
  profile(): Promise<string>;
  /** From the start of the process to the printed address. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/** The page of a console in a new browser; what went wrong on it is gathered in `errors`. */
export async function openConsole(
  address: string,
): Promise<{ readonly browser: Browser; readonly page: Page; readonly errors: string[] }> {
  const browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const errors = watchPageErrors(page);
  await page.goto(address);
  // The address, with its token, opens a page that moves on by itself; whoever navigates before it has done so is
  // interrupted by it.
  await page.waitForURL(({ pathname, search }) => pathname === '/' && search === '');
  return { browser, page, errors };
}

export interface StartOptions {
  /** Words of its command line beside those that open no window; without any it shows its demo site. */
  readonly words?: readonly string[];
  /** Where it keeps what belongs to the workstation; without it a folder that goes with this run. */
  readonly configFolder?: string;
}

export async function startConsole({
  words = ['--demo'],
  configFolder,
}: StartOptions = {}): Promise<ConsoleRun> {
  const temporary = mkdtempSync(join(tmpdir(), 'ixha-e2e-'));
  const beganAt = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/host/browser-shell.cjs'), ...words, '--no-open'], {
    env: { ...process.env, TMPDIR: temporary, XDG_CONFIG_HOME: configFolder ?? join(temporary, 'config') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const find = outputSearch(child);
  const address = await find(/^Console: (\S+)$/m);
  const startedInMs = performance.now() - beganAt;
  return {
    address,
    pid: child.pid!,
    profile: () => find(/--profile (\S+)/),
    startedInMs,
    async stop() {
      await ended(child);
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** Finds text in what a program prints, as soon as it is printed; rejects when it ends or is silent for half a minute. */
function outputSearch(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  let output = '';
  const searches = new Set<() => void>();
  const look = () => searches.forEach((search) => search());
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => {
      output += part.toString('utf8');
      look();
    });
  }
  child.once('exit', look);
  return (pattern) =>
    new Promise((resolve, reject) => {
      const giveUp = () => settle(() => reject(new Error(`the console did not start:\n${output}`)));
      const timer = setTimeout(giveUp, 30_000);
      const settle = (answer: () => void) => {
        searches.delete(search);
        clearTimeout(timer);
        answer();
      };
      const search = () => {
        const found = pattern.exec(output)?.[1];
        if (found !== undefined) settle(() => resolve(found));
        else if (child.exitCode !== null) giveUp();
      };
      searches.add(search);
      search();
    });
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
