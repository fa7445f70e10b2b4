import type { BrowserWindow } from 'electron';
import type { DesktopPort } from '../../shared/fleet/raise-problems.ts';
import type { ElectronApi } from './electron-api.ts';

/** Notes of the desktop by Electron; a click on one brings the window to the front. */
export function desktopPort(
  { Notification }: Pick<ElectronApi, 'Notification'>,
  { isOn, window }: { readonly isOn: () => boolean; readonly window: () => BrowserWindow | null },
): DesktopPort {
  return {
    isOn: () => isOn() && Notification.isSupported(),
    show: ({ title, body }) => {
      const note = new Notification({ title, body });
      note.on('click', () => {
        const shown = window();
        if (shown?.isMinimized()) shown.restore();
        shown?.focus();
      });
      note.show();
    },
  };
}
