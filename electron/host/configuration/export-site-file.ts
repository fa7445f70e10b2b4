import { documentChanges } from '../../../shared/site/document-changes.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { accessRefusals } from '../install/server-access.ts';
import { siteDescription } from '../install/install-file.ts';
import { exportMark, fingerprintOf } from '../site-file/export-mark.ts';
import { keptConfiguration } from './kept-configuration.ts';

/** Stands where a site file names the file with the password of the engines' API: no profile folder knows it. */
export const enginePasswordPlace = 'ENGINE-PASSWORD-FILE';

export interface ExportedSiteFile {
  /** The site, the ways to its servers with their pinned host keys, who exported it, and no secret. */
  readonly text: string;
  /** What has to be said in it before the command line can use it, as sentences. */
  readonly lacks: string[];
  /** SHA-256 of the authority's certificate, to be compared by whoever opens the file. */
  readonly fingerprint: string;
}

/** When a file is written, and by which version of the console. */
export interface ExportMoment {
  readonly at: string;
  readonly console: string;
}

/** The site of a profile folder, for the command line and for other workstations, signed by this one. */
export async function exportSiteFile(
  { directory, site, access, credentials }: Omit<ConsoleProfile, 'me'>,
  moment: ExportMoment,
): Promise<ExportedSiteFile> {
  const described = siteDescription(site, access);
  const kept = await keptConfiguration(directory, site.id, credentials.authority);
  const isKept = kept !== null && documentChanges(kept.configuration.site, site).length === 0;
  const { authority, certificate, key } = credentials;
  const mark = { ...moment, authority, certificate, configuration: isKept ? kept.text : null };
  const file = {
    ...described,
    engineApi: { passwordFile: enginePasswordPlace },
    exported: exportMark({ ...described }, mark, key),
  };
  const unknown = site.servers.filter(({ id }) => access.access[id] === undefined);
  return {
    fingerprint: fingerprintOf(authority),
    text: `${JSON.stringify(file, null, 2)}\n`,
    lacks: [
      `Name the file with the password of the engines’ API in place of ${enginePasswordPlace}.`,
      ...unknown.map(({ id }) => `Say under access how ${id} is reached: this workstation does not know it.`),
      ...accessRefusals(access).map((one) => `Say how to sign in: ${one.replace('access: ', '')}.`),
    ],
  };
}
