import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { findBrowser } from '../find-browser.ts';
import { startBrowser } from './browser-run.ts';
import { devToolsOver, type DevTools } from './devtools-pipe.ts';

/** Where one report is printed. */
interface Desk {
  readonly program: string;
  readonly folder: string;
  /** The page as a file. */
  readonly page: string;
  readonly signal?: AbortSignal | undefined;
}

/** A browser that has not said a word after so long is not spoken to. */
const firstWordWithinMs = 10_000;

/**
 * Prints a page of ours with an installed browser that shows nothing and reaches nothing: its profile and the page lie
 * in a folder of this call alone. Called off, or when this program ends, the browser ends with it.
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
    const page = join(folder, 'report.html');
    await writeFile(page, html, { mode: 0o600 });
    const desk: Desk = { program, folder, page, signal };
    // A browser may be told by its administrator not to be spoken to: then it prints by its command line, more slowly.
    return succeed((await spokenTo(desk)) ?? (await byCommandLine(desk)));
  } catch (cause) {
    const sentence = `The report could not be printed by ${program}: ${(cause as Error).message}.`;
    return fail(productError('report.not-printed', sentence));
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** The PDF, without waiting for the browser to end by itself; null: it does not speak, or could not print so. */
async function spokenTo({ program, folder, page, signal }: Desk): Promise<Uint8Array | null> {
  const argv = [...quietBrowser(join(folder, 'spoken-to')), '--remote-debugging-pipe', 'about:blank'];
  const browser = startBrowser(program, argv, signal);
  const devTools = devToolsOver(browser.pipe);
  const silence = Promise.withResolvers<never>();
  const limit = setTimeout(() => silence.reject(new Error('it does not speak')), firstWordWithinMs);
  const gone = browser.ended.then((why) => Promise.reject(new Error(why ?? 'it ended')));
  try {
    await Promise.race([devTools.call('Browser.getVersion', {}), silence.promise, gone]);
    clearTimeout(limit);
    return await Promise.race([printPage(devTools, pathToFileURL(page).href), gone]);
  } catch {
    return null;
  } finally {
    clearTimeout(limit);
    browser.end();
    await browser.ended;
  }
}

async function printPage(devTools: DevTools, url: string): Promise<Uint8Array> {
  const blank = await devTools.call('Target.createTarget', { url: 'about:blank' });
  const { targetId } = z.object({ targetId: z.string() }).parse(blank);
  const attached = await devTools.call('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = z.object({ sessionId: z.string() }).parse(attached);
  await devTools.call('Page.enable', {}, sessionId);
  const loaded = devTools.happened('Page.loadEventFired');
  await devTools.call('Page.navigate', { url }, sessionId);
  await loaded;
  const wanted = {
    printBackground: true,
    preferCSSPageSize: true,
    generateTaggedPDF: true,
    generateDocumentOutline: true,
  };
  const printed = await devTools.call('Page.printToPDF', wanted, sessionId);
  const { data } = z.object({ data: z.string().check(z.minLength(1)) }).parse(printed);
  return Buffer.from(data, 'base64');
}

/** Throws where the browser was called off, did not end, or wrote none. */
async function byCommandLine({ program, folder, page, signal }: Desk): Promise<Uint8Array> {
  if (signal?.aborted === true) throw new Error('it was called off');
  const pdf = join(folder, 'report.pdf');
  const argv = [
    ...quietBrowser(join(folder, 'by-command-line')),
    '--no-pdf-header-footer',
    '--export-tagged-pdf',
    '--generate-pdf-document-outline',
    `--print-to-pdf=${pdf}`,
    pathToFileURL(page).href,
  ];
  const why = await startBrowser(program, argv, signal).ended;
  const printed = await readFile(pdf).catch(() => null);
  if (why === null && printed !== null && printed.length > 0) return printed;
  throw new Error(why ?? 'it wrote no PDF');
}

function quietBrowser(profile: string): string[] {
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
    `--user-data-dir=${profile}`,
    // As root Chromium refuses to run with its sandbox; it sees this one page of ours only.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
