import type { ConsoleHandlers } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { ownPath } from './own-path.ts';
import type { SettingsStore } from './settings/preferences.ts';

/** What belongs to this workstation rather than to the site that it shows. */
export interface WorkstationParts {
  readonly settings: SettingsStore;
  readonly shell: 'electron' | 'browser';
  /** Where the profiles of this workstation's sites are kept. */
  readonly sitesFolder: string;
  /** Shows the site of a profile folder instead of the present one. */
  showSite(directory: string): Promise<Result<void, ProductError>>;
  wallTime(): string;
}

type WorkstationCall = 'getPreferences' | 'setDesktopNotes' | 'setWelcomed' | 'openSite' | 'setTheme';

/** Handlers for preferences, and for the sites that this workstation may show. */
export function workstationHandlers(
  parts: WorkstationParts,
  done: (result: Promise<Result<void, ProductError>>) => Promise<Record<string, never>>,
): Pick<ConsoleHandlers, WorkstationCall> {
  return {
    getPreferences: () => {
      const { theme, welcomed, desktopNotes } = parts.settings.read();
      return Promise.resolve({ theme, welcomed, desktopNotes, shell: parts.shell });
    },
    setWelcomed: () => {
      parts.settings.write({ ...parts.settings.read(), welcomed: true });
      return Promise.resolve({});
    },
    openSite: async ({ directory }) => done(parts.showSite(ownPath(directory))),
    setDesktopNotes: ({ on }) => {
      parts.settings.write({ ...parts.settings.read(), desktopNotes: on });
      return Promise.resolve({});
    },
    setTheme: ({ theme }) => {
      parts.settings.write({ ...parts.settings.read(), theme });
      return Promise.resolve({});
    },
  };
}
