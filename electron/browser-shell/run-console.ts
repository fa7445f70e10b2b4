import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatProductError, type ProductError } from '../../shared/errors.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { createConsoleHost, type ConsoleHost } from '../host/console-host.ts';
import { printWithBrowser } from '../host/report/print-with-browser.ts';
import type { SiteSource } from '../host/site-source.ts';
import type { HostLog } from '../host/host-log.ts';
import type { HostTime } from '../host/host-time.ts';
import type { SettingsStore } from '../host/settings/preferences.ts';
import type { SetupMeans } from '../host/setup/setup-means.ts';
import { siteLines, consoleLine, onceLine, windowLines } from './announce.ts';
import { openAppWindow, type AppWindow } from './app-window.ts';
import { openingPath, startConsoleServer } from './console-server.ts';
import type { Flags } from './flags.ts';
import { createIdleWatch, idleLimitMs } from './idle-watch.ts';
import { servePage } from './page-connection.ts';
import { pageFirst } from './page-first.ts';
import { ownHost, sessionCookieName } from './request-guard.ts';
import { createSessions } from './sessions.ts';

export interface RunOptions {
  readonly flags: Flags;
  readonly source: SiteSource;
  readonly settings: SettingsStore;
  readonly setup: SetupMeans;
  readonly version: string;
  /** Folder with the built page. */
  readonly pageRoot: string;
  readonly time: HostTime;
  readonly log: HostLog;
  /** Writes one line for the person who started the console. */
  readonly print: (line: string) => void;
  /** That person can press Enter where the lines are read, and `printAddress` is called then. */
  readonly canEnter: boolean;
}

export interface RunningConsole {
  /** Prints an address with a new one-time token; those printed before stay good until they are used. */
  printAddress(): void;
  /** Resolves with the sentence why, when the console wants to end by itself. */
  readonly wantsToEnd: Promise<string>;
  /** Ends everything in order: window, pages, links, demo. */
  stop(): Promise<void>;
  /** What can be ended without waiting. */
  stopNow(): void;
}

/** How long a demo waits for the first page: a browser that is started has to start itself. */
const pageWithinMs = { opened: 3_000, notOpened: 500 } as const;

const browserParts = { shell: 'browser', chance: Math.random, printPdf: printWithBrowser } as const;

/** Serves the page at once, then opens the site and, where wanted, a window. Fails with `port.taken`. */
export async function runConsole(options: RunOptions): Promise<Result<RunningConsole, ProductError>> {
  const { flags, time, print } = options;
  const ending = Promise.withResolvers<string>();
  const sessions = createSessions();
  let host: ConsoleHost | null = null;
  let pageSeen = false;
  let stopping = false;
  const idle = flags.idleExit
    ? createIdleWatch(time, idleLimitMs, () => ending.resolve('No page was connected for 30 minutes.'))
    : null;
  const first = pageFirst(options.source, time, pageWithinMs[flags.open ? 'opened' : 'notOpened']);
  const server = await startConsoleServer({
    port: flags.port,
    pageRoot: options.pageRoot,
    sessions,
    onPage: (socket) => {
      pageSeen = true;
      first.pageOpened();
      idle?.pageOpened();
      socket.on('close', () => idle?.pageClosed());
      if (host) servePage(socket, host);
    },
  });
  if (!server.ok) {
    idle?.stop();
    return server;
  }
  // Only now: a console whose port is taken must not have started a demo site.
  const parts = { ...options, ...browserParts, source: first.source };
  const running = createConsoleHost(parts);
  host = running;
  const { port } = server.value;
  const origin = `http://${ownHost(port)}`;
  const printAddress = () => {
    print(consoleLine(`${origin}/?token=${sessions.issueToken()}`));
    print(onceLine(options.canEnter));
  };
  printAddress();
  tellMissingPage(options);
  const cookie = () => ({ name: sessionCookieName(port), value: sessions.open(), url: `${origin}/` });
  const onClosed = () => {
    // A browser that could not show anything must not end the console that it was started for.
    if (pageSeen) ending.resolve('The window was closed.');
    else if (!stopping) print('The window did not open. Open the address above in a browser.');
  };
  const window = flags.open
    ? openWindow({ address: origin + openingPath, cookie: cookie() }, print, onClosed)
    : null;
  void tellSite(running, options, () => stopping);
  return succeed({
    printAddress,
    wantsToEnd: ending.promise,
    stop: async () => {
      stopping = true;
      idle?.stop();
      first.giveUp();
      await Promise.all([window?.close(), server.value.stop(), running.stop()]);
    },
    stopNow: () => window?.closeNow(),
  });
}

async function tellSite(
  host: ConsoleHost,
  { log, print }: RunOptions,
  isStopping: () => boolean,
): Promise<void> {
  const opened = await host.opened;
  if (isStopping()) return;
  if (!opened.ok) log.error(formatProductError(opened.error));
  else siteLines({ ...opened.value, demo: opened.value.demo !== null }).forEach(print);
}

function tellMissingPage({ pageRoot, log }: RunOptions): void {
  if (existsSync(join(pageRoot, 'index.html'))) return;
  log.error(`The page is not built: ${pageRoot} has no index.html. Run: npm run build`);
}

function openWindow(
  options: Parameters<typeof openAppWindow>[0],
  print: (line: string) => void,
  onClosed: () => void,
): AppWindow | null {
  const opened = openAppWindow(options);
  windowLines(opened).forEach(print);
  if (opened.kind === 'none') return null;
  void opened.window.closed.then(onClosed);
  return opened.window;
}
