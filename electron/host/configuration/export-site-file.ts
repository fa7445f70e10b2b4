import type { ConsoleProfile } from '../profile/console-profile.ts';
import { accessRefusals } from '../install/server-access.ts';
import { siteDescription } from '../install/install-file.ts';

/** Stands where a site file names the file with the password of the engines' API: no profile folder knows it. */
export const enginePasswordPlace = 'ENGINE-PASSWORD-FILE';

export interface ExportedSiteFile {
  /** The site, the ways to its servers with their pinned host keys, and no secret. */
  readonly text: string;
  /** What has to be said in it before the command line can use it, as sentences. */
  readonly lacks: string[];
}

/** The site of a profile folder as the command line reads it. Pure. */
export function exportSiteFile({ site, access }: Pick<ConsoleProfile, 'site' | 'access'>): ExportedSiteFile {
  const file = { ...siteDescription(site, access), engineApi: { passwordFile: enginePasswordPlace } };
  const unknown = site.servers.filter(({ id }) => access.access[id] === undefined);
  return {
    text: `${JSON.stringify(file, null, 2)}\n`,
    lacks: [
      `Name the file with the password of the engines’ API in place of ${enginePasswordPlace}.`,
      ...unknown.map(({ id }) => `Say under access how ${id} is reached: this workstation does not know it.`),
      ...accessRefusals(access).map((one) => `Say how to sign in: ${one.replace('access: ', '')}.`),
    ],
  };
}
