import { EventEmitter } from 'node:events';
import type { ElectronApi } from '../../../electron/shell/electron-api.ts';

type Anything = (...values: never[]) => unknown;

/** What the shell asked of Electron, in order, and the handlers it left. */
export interface FakeElectron {
  readonly api: ElectronApi;
  readonly asked: string[];
  readonly handlers: Record<string, Anything>;
  readonly app: EventEmitter;
  readonly windowOptions: unknown[];
  /** Notes of the desktop that were shown. */
  readonly notes: EventEmitter[];
  ready(): void;
}

/** Electron without Electron: notes every request, runs nothing. */
export function fakeElectron(
  options: { readonly firstInstance: boolean } = { firstInstance: true },
): FakeElectron {
  const asked: string[] = [];
  const handlers: Record<string, Anything> = {};
  const windowOptions: unknown[] = [];
  const notes: EventEmitter[] = [];
  const whenReady = Promise.withResolvers<void>();
  const note =
    (name: string) =>
    (...values: unknown[]) => {
      asked.push([name, ...values.filter((value) => typeof value === 'string')].join(' '));
      for (const value of values) if (typeof value === 'function') handlers[name] = value as Anything;
    };
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    enableSandbox: note('enableSandbox'),
    commandLine: { appendSwitch: note('switch') },
    configureHostResolver: (config: { secureDnsMode: string }) => asked.push(`dns ${config.secureDnsMode}`),
    requestSingleInstanceLock: () => options.firstInstance,
    whenReady: () => whenReady.promise,
    exit: (code: number) => asked.push(`exit ${code}`),
  });
  class Window extends EventEmitter {
    readonly webContents = { isDestroyed: () => false, getURL: () => 'app://console/', send: note('send') };
    constructor(given: unknown) {
      super();
      asked.push('window');
      windowOptions.push(given);
    }
    loadURL(address: string) {
      asked.push(`load ${address}`);
      return Promise.resolve();
    }
    show = note('show');
    isMinimized = () => false;
    focus = note('focus');
  }
  class Note extends EventEmitter {
    static readonly isSupported = () => true;
    readonly title: string;
    constructor({ title }: { readonly title: string }) {
      super();
      this.title = title;
    }
    show() {
      asked.push(`note ${this.title}`);
      notes.push(this);
    }
  }
  const api = {
    app,
    BrowserWindow: Window,
    Notification: Note,
    ipcMain: { handle: note('handle'), removeAllListeners: note('removeAllListeners') },
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: note('menu') },
    protocol: { registerSchemesAsPrivileged: note('schemes'), handle: note('protocol') },
    session: {
      defaultSession: {
        setPermissionRequestHandler: note('permissionRequest'),
        setPermissionCheckHandler: note('permissionCheck'),
        setDevicePermissionHandler: note('devicePermission'),
        setSpellCheckerEnabled: (on: boolean) => asked.push(`spelling ${on}`),
        on: (event: string, handler: Anything) => {
          handlers[`session ${event}`] = handler;
        },
        webRequest: { onBeforeRequest: note('beforeRequest') },
      },
    },
  } as unknown as ElectronApi;
  return { api, asked, handlers, app, windowOptions, notes, ready: () => whenReady.resolve() };
}
