import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { pageAddress } from './page-address.ts';

/** Every switch that matters is written out, also where it equals Electron's default. */
export function windowOptions(options: {
  readonly preload: string;
  readonly packaged: boolean;
}): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 640,
    show: false,
    title: 'IguanaX HA Console',
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !options.packaged,
    },
  };
}

/** Opens the console's window; it is shown when there is something to see. */
export async function openConsoleWindow(
  electron: Pick<ElectronApi, 'BrowserWindow'>,
  options: Parameters<typeof windowOptions>[0],
): Promise<BrowserWindow> {
  const window = new electron.BrowserWindow(windowOptions(options));
  window.once('ready-to-show', () => window.show());
  await window.loadURL(pageAddress);
  return window;
}
