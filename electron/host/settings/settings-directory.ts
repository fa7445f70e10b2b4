import { join } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const folder = 'iguanax-ha-console';

/** Where this workstation keeps preferences, by the custom of its operating system. */
export function settingsDirectory({ platform, home, env }: Surroundings): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), folder);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', folder);
  return join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), folder);
}
