import { homedir } from 'node:os';
import { join } from 'node:path';
import Conf from 'conf';
import { productError } from '../../../shared/errors.ts';
import { keepAside } from './keep-aside.ts';
import { openSettings, sessionSettings, type SettingsStore } from './preferences.ts';
import { settingsDirectory } from './settings-directory.ts';

const fileName = 'preferences';

/** Where the console keeps what belongs to this workstation. */
export function workstationFolder(): string {
  return settingsDirectory({ platform: process.platform, home: homedir(), env: process.env });
}

/** The preferences of this workstation. Where no file can be written they end with the process, and say so. */
export function openWorkstationSettings(cwd: string, wallTime: string): SettingsStore {
  const path = join(cwd, `${fileName}.json`);
  try {
    return openSettings(
      () => new Conf({ cwd, configName: fileName, clearInvalidConfig: false, configFileMode: 0o600 }),
      path,
      (damaged) => keepAside(damaged, wallTime),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const said = `Preferences cannot be kept in ${path}. They end with this console.`;
    return sessionSettings(productError('site.damaged', said, [why]));
  }
}
