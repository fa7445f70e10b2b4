/**
 * Electron's module as a value that is handed down from `main.ts`, never imported below it: that keeps
 * every other file of the shell testable without a runtime, and each powerful part in one file.
 */
export type ElectronApi = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'ipcMain' | 'Menu' | 'Notification' | 'protocol' | 'session'
>;
