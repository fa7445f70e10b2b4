// Stands in for Electron's module in the built main program, run by plain Node with `--require`.
// Says what it was asked for as JSON lines; runs no window.
const Module = require('node:module');
const { EventEmitter } = require('node:events');

const say = (...what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const note =
  (name) =>
  (...values) =>
    say(name, ...values.filter((value) => typeof value !== 'function'));
const handlers = new Map();
const folder = process.env.STAND_IN_FOLDER;

class BrowserWindow extends EventEmitter {
  constructor(options) {
    super();
    say('window', options.webPreferences);
    this.webContents = {
      isDestroyed: () => false,
      getURL: () => 'app://console/',
      send: (channel, event) => say('send', channel, event.trouble?.code ?? null),
    };
  }
  async loadURL(address) {
    say('load', address);
    const frame = { url: 'app://console/', parent: null };
    const call = (name, senderFrame) => handlers.get(`console:call:${name}`)({ senderFrame }, {});
    say('own', await call('getPreferences', frame));
    say('foreign', await call('getPreferences', { ...frame, url: 'https://console/' }));
  }
  show() {}
  focus() {}
}

const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  enableSandbox: note('enableSandbox'),
  commandLine: { appendSwitch: note('switch') },
  configureHostResolver: note('resolver'),
  requestSingleInstanceLock: () => true,
  whenReady: () => Promise.resolve(),
  getPath: () => folder,
  getVersion: () => '0.0.0',
  exit: (code) => {
    say('exit', code);
    process.exit(code);
  },
});
const session = {
  setPermissionRequestHandler: note('permissionRequest'),
  setPermissionCheckHandler: note('permissionCheck'),
  setDevicePermissionHandler: note('devicePermission'),
  setSpellCheckerEnabled: note('spelling'),
  on: note('session'),
  webRequest: { onBeforeRequest: note('beforeRequest') },
};
const electron = {
  app,
  BrowserWindow,
  ipcMain: Object.assign(new EventEmitter(), {
    handle: (channel, handler) => handlers.set(channel, handler),
  }),
  Menu: { buildFromTemplate: (template) => template, setApplicationMenu: note('menu') },
  protocol: { registerSchemesAsPrivileged: note('schemes'), handle: note('protocol') },
  session: { defaultSession: session },
  shell: {},
};

const load = Module._load;
Module._load = (name, ...rest) => (name === 'electron' ? electron : load(name, ...rest));
