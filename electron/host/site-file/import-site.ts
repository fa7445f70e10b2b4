import { copyFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ImportRequest } from '../../../shared/site-file/site-file-view.ts';
import { keepConfiguration } from '../configuration/kept-configuration.ts';
import { saveSite, siteFileOf } from '../install/profile.ts';
import type { SiteAccess } from '../install/server-access.ts';
import { siteDescription } from '../install/install-file.ts';
import { joinText } from '../workstations/join-site.ts';
import { fingerprintOf, foreign } from './export-mark.ts';
import { authorityOf, siteIdOf, takingRefusal } from './look-into-file.ts';
import { profileIn, profilesOf, type HereProfile } from './profiles-here.ts';
import { readChosenFile, type ReadSiteFile } from './read-site-file.ts';

/** Where an import may find and make profiles. */
export interface ImportPlace {
  readonly sitesFolder: string;
  /** Profile folders elsewhere that this workstation knows. */
  readonly named: readonly string[];
  readonly wallTime: string;
  /** A folder that does not exist yet, for a new profile. */
  readonly fresh: () => Promise<string>;
}

/**
 * Makes a profile of a kit or an invitation, of a site file with one of them, or takes a site file over into a profile that
 * is here. Answers the folder of the profile. Nothing is changed unless all of it can be. Errors: those of
 * `readChosenFile` and `joinText`, import.refused, import.foreign.
 */
export async function importSite(
  { file, key, into }: ImportRequest,
  place: ImportPlace,
): Promise<Result<string, ProductError>> {
  const read = await readChosenFile(file, place.wallTime);
  if (!read.ok) return read;
  if (read.value.kind === 'site') {
    if (into !== null) return takeInto(read.value, into, place);
    if (key === null) return refused(keyless(read.value));
    return joinWith(read.value, key, place);
  }
  if (into !== null) return refused('A recovery kit or an invitation makes a profile of its own.');
  return joinFresh(file, place);
}

async function takeInto(
  file: ReadSiteFile,
  into: string,
  { sitesFolder, named, wallTime }: ImportPlace,
): Promise<Result<string, ProductError>> {
  const here = await profilesOf(siteIdOf(file), sitesFolder, named, wallTime);
  const found = here.find(({ profile }) => profile.directory === resolve(into));
  if (found === undefined) return refused(`${into} is no profile of the site ${file.site.name} any more.`);
  const refusal = takingRefusal(file, found);
  if (refusal !== null) return refused(`The file is not taken over: ${refusal}.`);
  await take(file, found);
  return succeed(found.profile.directory);
}

/** The profile comes from kit or invitation; the file, where it is newer, tells it the site as it is by now. */
async function joinWith(
  file: ReadSiteFile,
  key: ImportRequest['file'],
  place: ImportPlace,
): Promise<Result<string, ProductError>> {
  const opened = await readChosenFile(key, place.wallTime);
  if (!opened.ok) return opened;
  if (opened.value.kind === 'site') return refused('A second site file is no certificate.');
  const { site } = file;
  if (opened.value.head.site !== site.id)
    return foreign(`the certificate is for the site ${opened.value.head.site}, the file is of ${site.id}`);
  const issuer = authorityOf(opened.value);
  if (file.mark !== null && issuer !== null && fingerprintOf(issuer) !== fingerprintOf(file.mark.authority))
    return foreign('it is signed by another authority than the one that this certificate is of');
  const directory = await place.fresh();
  const joined = await joinText(key.text, directory, key.passphrase, place.wallTime);
  if (!joined.ok) return joined;
  const found = await profileIn(directory, site.id, place.wallTime);
  // Where nobody has signed which state of the site the file is, the document of kit or invitation stays.
  if (found !== null && takingRefusal(file, found) === null) await take(file, found);
  return succeed(directory);
}

async function joinFresh(
  { text, passphrase }: ImportRequest['file'],
  { fresh, wallTime }: ImportPlace,
): Promise<Result<string, ProductError>> {
  const directory = await fresh();
  const joined = await joinText(text, directory, passphrase, wallTime);
  return joined.ok ? succeed(directory) : joined;
}

/** The site document of before stays beside the new one. */
async function take({ site, ways, exporter, configuration }: ReadSiteFile, { profile }: HereProfile) {
  const { directory, access } = profile;
  const number = configuration!.configuration.number;
  await copyFile(siteFileOf(directory), `${siteFileOf(directory)}.before-${number}`);
  // Only who works on servers may say how they are reached.
  const known = exporter!.identity.role === 'admin' ? withNewWays(access, ways) : access;
  await saveSite(directory, siteDescription(site, known));
  await keepConfiguration(directory, configuration!);
}

/** What this workstation knows stays, above all pinned keys; servers that it does not know yet are added. Pure. */
export function withNewWays(here: SiteAccess, file: SiteAccess): SiteAccess {
  const revoked = [...new Set([...(here.revokedHostKeys ?? []), ...(file.revokedHostKeys ?? [])])];
  const jumps = { ...file.jumpHosts, ...here.jumpHosts };
  return {
    access: { ...file.access, ...here.access },
    ...(Object.keys(jumps).length > 0 && { jumpHosts: jumps }),
    ...(revoked.length > 0 && { revokedHostKeys: revoked }),
    ...((here.etcd ?? file.etcd) && { etcd: here.etcd ?? file.etcd }),
  };
}

function keyless({ site }: ReadSiteFile): string {
  return `A site file holds no certificate, and this workstation has none of ${site.name}: no agent would answer it.`;
}

function refused(said: string): Result<never, ProductError> {
  return fail(productError('import.refused', said));
}
