import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';

/** What a workstation remembers between starts. Never a secret: the file is plain text. */
export const Preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** Profile folder of the site that was set up or shown last; null: there is none yet. */
  lastSite: z.nullable(z.string()),
  /** The ways to begin were seen and put away. */
  welcomed: z.boolean(),
  /** New problems of severity high are raised on the desktop. */
  desktopNotes: z.boolean(),
});
export type Preferences = z.infer<typeof Preferences>;

export const defaultPreferences: Preferences = {
  theme: 'system',
  lastSite: null,
  welcomed: false,
  desktopNotes: true,
};

/** Where preferences are kept; each shell brings its own. */
export interface SettingsStore {
  read(): Preferences;
  write(preferences: Preferences): void;
  /** Something to tell about the file, such as that it was damaged and put aside; null: all well. */
  readonly trouble: ProductError | null;
}

/** A key-value file as `conf` and `electron-store` offer it. Opening or reading a damaged one throws. */
export interface SettingsFile {
  readonly path: string;
  store: Record<string, unknown>;
}

/** How to put a damaged file out of the way without losing it. */
export type KeepAside = (path: string) => string;

/**
 * Opens the preferences. A damaged file is kept under another name and told about; a file with values
 * that are not understood falls back to defaults for those values only.
 */
export function openSettings(
  openFile: () => SettingsFile,
  path: string,
  keepAside: KeepAside,
): SettingsStore {
  const { file, trouble } = openOrReplace(openFile, path, keepAside);
  return {
    trouble,
    read: () => {
      const parsed = z.safeParse(Preferences, { ...defaultPreferences, ...file.store });
      return parsed.success ? parsed.data : defaultPreferences;
    },
    write: (preferences) => {
      file.store = { ...file.store, ...preferences };
    },
  };
}

function openOrReplace(
  openFile: () => SettingsFile,
  path: string,
  keepAside: KeepAside,
): { file: SettingsFile; trouble: ProductError | null } {
  try {
    const file = openFile();
    void file.store;
    return { file, trouble: null };
  } catch (cause) {
    const kept = keepAside(path);
    const why = cause instanceof Error ? cause.message : String(cause);
    const said = `The console's settings file was damaged. It is kept as ${kept}, and the defaults are used.`;
    return { file: openFile(), trouble: productError('site.damaged', said, [why]) };
  }
}

/** Preferences that end with the process, for when nothing can be written. */
export function sessionSettings(trouble: ProductError | null = null): SettingsStore {
  let preferences = defaultPreferences;
  return {
    trouble,
    read: () => preferences,
    write: (next) => {
      preferences = next;
    },
  };
}
