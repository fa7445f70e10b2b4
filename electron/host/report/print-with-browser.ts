import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { findBrowser } from '../find-browser.ts';

/** A report is printed in about two seconds; a browser that takes this long will not end by itself. */
const printWithinMs = 30_000;

/**
 * Prints a page of ours with an installed browser that shows nothing and reaches nothing: its profile, the page and
 * the PDF lie in a folder of this call alone. Called off, or when this program ends, the browser ends with it.
 * Errors: report.no-browser, report.not-printed.
 */
export async function printWithBrowser(
  html: string,
  signal?: AbortSignal,
): Promise<Result<Uint8Array, ProductError>> {
  const program = findBrowser({ platform: process.platform, env: process.env, isProgram });
  if (program === undefined) {
    const sentence = 'No Chromium, Chrome or Edge was found on this workstation.';
    return fail(productError('report.no-browser', sentence));
  }
  let folder: string | null = null;
  try {
    folder = await mkdtemp(join(tmpdir(), 'ixha-print-'));
    const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    await writeFile(page, html, { mode: 0o600 });
    const why = await runBrowser(program, printArguments({ folder, page, pdf }), signal);
    const printed = await readFile(pdf).catch(() => null);
    if (why === null && printed !== null && printed.length > 0) return succeed(printed);
    return notPrinted(`${program} made no PDF: ${why ?? 'it wrote none'}.`);
  } catch (cause) {
    return notPrinted(`The report could not be printed: ${(cause as Error).message}.`);
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function printArguments(at: {
  readonly folder: string;
  readonly page: string;
  readonly pdf: string;
}): string[] {
  return [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--no-pings',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-extensions',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND',
    `--user-data-dir=${join(at.folder, 'profile')}`,
    '--no-pdf-header-footer',
    '--export-tagged-pdf',
    '--generate-pdf-document-outline',
    `--print-to-pdf=${at.pdf}`,
    // As root Chromium refuses to run with its sandbox; it sees this one page of ours only.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    pathToFileURL(at.page).href,
  ];
}

/** Runs it to its end; answers why it failed, or null. */
function runBrowser(program: string, argv: readonly string[], signal?: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve('it was called off');
    // A process group of its own: its helpers end with it.
    const browser = spawn(program, argv, { stdio: 'ignore', detached: process.platform !== 'win32' });
    const end = () => endGroup(browser.pid);
    const cut = (why: string) => {
      end();
      settle(why);
    };
    const limit = setTimeout(() => cut(`it did not end within ${printWithinMs / 1000} s`), printWithinMs);
    const callOff = () => cut('it was called off');
    const settle = (why: string | null) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', callOff);
      process.removeListener('exit', end);
      resolve(why);
    };
    process.once('exit', end);
    signal?.addEventListener('abort', callOff, { once: true });
    browser.once('error', ({ message }) => settle(message));
    browser.once('exit', (code, ended) => settle(code === 0 ? null : `it ended with ${code ?? ended}`));
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function notPrinted(sentence: string): Result<never, ProductError> {
  return fail(productError('report.not-printed', sentence));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
