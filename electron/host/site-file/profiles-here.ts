import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { keptConfiguration, type SignedConfiguration } from '../configuration/kept-configuration.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { readProfile } from '../profile/read-profile.ts';

/** More would not be told apart on a screen. */
const mostFolders = 200;

/** A profile of this workstation with what it has last installed or taken over. */
export interface HereProfile {
  readonly profile: ConsoleProfile;
  readonly kept: SignedConfiguration | null;
}

/** The profiles of one site on this workstation: those of its own folder, and those named. What cannot be read is none. */
export async function profilesOf(
  siteId: string,
  sitesFolder: string,
  named: readonly string[],
  wallTime: string,
): Promise<HereProfile[]> {
  const own = await readdir(sitesFolder, { withFileTypes: true }).catch(() => []);
  const folders = own.filter((entry) => entry.isDirectory()).map(({ name }) => join(sitesFolder, name));
  const all = [...new Set([...named, ...folders.slice(0, mostFolders)].map((one) => resolve(one)))];
  const found = await Promise.all(all.map((directory) => profileIn(directory, siteId, wallTime)));
  return found.filter((one) => one !== null);
}

/** The profile in a folder; null: it is none of this site, or cannot be read. */
export async function profileIn(
  directory: string,
  siteId: string,
  wallTime: string,
): Promise<HereProfile | null> {
  const read = await readProfile(directory, wallTime);
  if (!read.ok || read.value.site.id !== siteId) return null;
  const kept = await keptConfiguration(directory, siteId, read.value.credentials.authority);
  return { profile: read.value, kept };
}
