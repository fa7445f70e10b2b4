import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../../../shared/parse-json.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { siteFileOf } from '../install/profile.ts';

export interface ServerChoice {
  /** Only this server; undefined: every one that the work is for. */
  readonly server: string | undefined;
  /** Clusters whose agents are restarted although nobody could take over. */
  readonly unprotected: readonly string[];
}

/** Why the servers must be left as they are: what the site file says must be what is installed. Null: it is. */
export async function siteRefusal({
  document,
  profileDirectory,
}: Pick<InstallInputs, 'document' | 'profileDirectory'>): Promise<string | null> {
  const text = await readFile(siteFileOf(profileDirectory), 'utf8').catch(() => null);
  if (text === null) return `${profileDirectory} is not the profile folder of an installed site.`;
  return isDeepStrictEqual(parseJson(text), JSON.parse(JSON.stringify(document.site)))
    ? null
    : 'The site file differs from what is installed. Use the site as it is, then install the changes.';
}

/** Why a choice cannot be meant; null: it can. Pure. */
export function choiceRefusal(
  site: SiteDocument,
  { server, unprotected }: ServerChoice,
  servers: readonly string[],
): string | null {
  if (server !== undefined && !servers.includes(server)) {
    return `This is not for ${server}, but for ${servers.join(', ')}.`;
  }
  const unknown = unprotected.find((id) => !site.clusters.some((cluster) => cluster.id === id));
  return unknown === undefined ? null : `The site has no cluster ${unknown}.`;
}
