import { join } from 'node:path';
import ElectronStore from 'electron-store';
import { productError } from '../../../shared/errors.ts';
import { keepAside } from '../../host/settings/keep-aside.ts';
import { openSettings, sessionSettings, type SettingsStore } from '../../host/settings/preferences.ts';

const fileName = 'preferences';

/** The preferences in Electron's folder for this user; a file that cannot be written is told about. */
export function openStoredSettings(directory: string, wallTime: string): SettingsStore {
  const path = join(directory, `${fileName}.json`);
  try {
    return openSettings(
      () =>
        new ElectronStore({
          cwd: directory,
          name: fileName,
          clearInvalidConfig: false,
          configFileMode: 0o600,
        }),
      path,
      (damaged) => keepAside(damaged, wallTime),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const said = `Preferences cannot be kept in ${path}. They end with this console.`;
    return sessionSettings(productError('site.damaged', said, [why]));
  }
}
