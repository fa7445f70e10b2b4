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

/** Prints a page of ours in a window that nobody sees: no script, no preload, and a session of its own in memory. */
export async function printPage(
  electron: Pick<ElectronApi, 'BrowserWindow'>,
  file: string,
): Promise<Uint8Array> {
  const window = new electron.BrowserWindow({
    show: false,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      webSecurity: true,
      devTools: false,
      partition: 'print',
    },
  });
  try {
    await window.loadFile(file);
    return await window.webContents.printToPDF({
      preferCSSPageSize: true,
      printBackground: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
  } finally {
    window.destroy();
  }
}
