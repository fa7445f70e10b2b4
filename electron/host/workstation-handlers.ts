import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsoleHandlers } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { CallFailure } from './ipc/call-failure.ts';
import { ownPath } from './own-path.ts';
import { restoreProfile } from './recovery/kit-of-profile.ts';
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

type WorkstationCall = 'getPreferences' | 'setWelcomed' | 'openSite' | 'joinSite' | 'setTheme';

/** Handlers for preferences, and for the sites that this workstation may show. */
export function workstationHandlers(
  parts: WorkstationParts,
  done: (result: Promise<Result<void, ProductError>>) => Promise<Record<string, never>>,
): Pick<ConsoleHandlers, WorkstationCall> {
  return {
    getPreferences: () => {
      const { theme, welcomed } = parts.settings.read();
      return Promise.resolve({ theme, welcomed, shell: parts.shell });
    },
    setWelcomed: () => {
      parts.settings.write({ ...parts.settings.read(), welcomed: true });
      return Promise.resolve({});
    },
    openSite: async ({ directory }) => done(parts.showSite(ownPath(directory))),
    joinSite: async ({ kit, passphrase }) => {
      const directory = await freshProfile(parts.sitesFolder, parts.wallTime());
      const restored = await restoreProfile(ownPath(kit), directory, passphrase);
      if (!restored.ok) throw new CallFailure(restored.error);
      return done(parts.showSite(directory));
    },
    setTheme: ({ theme }) => {
      parts.settings.write({ ...parts.settings.read(), theme });
      return Promise.resolve({});
    },
  };
}

/** A folder that no other profile has. */
async function freshProfile(sitesFolder: string, wallTime: string): Promise<string> {
  await mkdir(sitesFolder, { recursive: true, mode: 0o700 });
  return join(sitesFolder, `joined-${wallTime.replaceAll(/\D/g, '')}`);
}
