import type { BrowserWindow } from 'electron';
import type { ConsoleHost } from '../host/console-host.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { raiseProblems } from '../../shared/fleet/raise-problems.ts';
import type { HostLog } from '../host/host-log.ts';
import { answerCalls } from './answer-calls.ts';
import { menuTemplate } from './console-menu.ts';
import { openConsoleWindow } from './console-window.ts';
import { desktopPort } from './desktop-port.ts';
import type { ElectronApi } from './electron-api.ts';
import { lockDownApp, lockDownSession } from './lockdown.ts';
import { declarePageScheme, servePageScheme } from './page-protocol.ts';
import { sendEvent } from './send-events.ts';

export interface ShellOptions {
  readonly preload: string;
  readonly pageRoot: string;
  readonly platform: NodeJS.Platform;
  readonly log: HostLog;
  /** Creates the host; called when the app is ready. */
  readonly createHost: () => ConsoleHost;
  /** Whether this workstation wants notes of the desktop for new problems. */
  readonly desktopNotes: () => boolean;
  /** A clock that does not jump, in milliseconds. */
  readonly nowMs: () => number;
}

export interface RunningShell {
  /** Ends the host in order, then the app. Calling it again forces the end. */
  quit(): void;
}

/** Runs the console in a desktop window. What must precede the app's readiness happens synchronously. */
export function runShell(electron: ElectronApi, options: ShellOptions): RunningShell {
  const { app } = electron;
  const { log } = options;
  let host: ConsoleHost | null = null;
  let window: BrowserWindow | null = null;
  let ending = false;

  const quit = () => {
    if (ending) {
      app.exit(130);
      return;
    }
    ending = true;
    (host?.stop() ?? Promise.resolve()).then(
      () => app.exit(0),
      (cause: unknown) => {
        log.error('the console did not end in order', cause);
        app.exit(1);
      },
    );
  };
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return { quit };
  }
  lockDownApp(app);
  declarePageScheme(electron.protocol);
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', quit);
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (!ending) quit();
  });
  const start = async () => {
    await app.whenReady();
    app.configureHostResolver({ secureDnsMode: 'off' });
    lockDownSession(electron.session.defaultSession);
    servePageScheme(electron.protocol, options.pageRoot);
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menuTemplate(options.platform)));
    const running = options.createHost();
    host = running;
    answerCalls(electron, running.dispatch);
    const port = desktopPort(electron, { isOn: options.desktopNotes, window: () => window });
    const raise = raiseProblems(port, options.nowMs);
    running.subscribe((name, event) => {
      if (name === 'snapshot') raise(event as ConsoleSnapshot);
      if (window) sendEvent(window.webContents, name, event);
    });
    window = await openConsoleWindow(electron, { preload: options.preload, packaged: app.isPackaged });
  };
  start().catch((cause: unknown) => {
    log.error('the console could not start', cause);
    quit();
  });
  return { quit };
}
