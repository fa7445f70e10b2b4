import { madeWords } from '../../../shared/site/site-configuration.ts';
import { revocationOf } from '../../../shared/site/revocation-list.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { standingOf, type SiteState } from '../../../shared/site-file/file-standing.ts';
import type { ProfileHere, SiteFileView } from '../../../shared/site-file/site-file-view.ts';
import { fingerprintOf } from './export-mark.ts';
import type { HereProfile } from './profiles-here.ts';
import type { ReadFile, ReadSiteFile } from './read-site-file.ts';

/** What a person is shown of a file before it is opened. Pure. */
export function viewOfFile(file: ReadFile, here: readonly HereProfile[]): SiteFileView {
  const state = stateOf(file);
  const told = file.kind === 'site' ? siteFileFields(file) : sealedFields(file);
  return {
    kind: file.kind,
    ...told,
    fingerprint: state?.fingerprint ?? null,
    servers: state && state.site.servers.map(({ name, address }) => `${name} (${address})`),
    clusters: state && state.site.clusters.map((cluster) => clusterWords(cluster, state.site)),
    here: here.map((one) => hereView(one, file, state)),
  };
}

/** The site that a file leads to, as far as it is open. */
export function siteIdOf(file: ReadFile): string {
  return file.kind === 'site' ? file.site.id : file.head.site;
}

/** The certificate of the authority that a file names; null: it names none, or is sealed. */
export function authorityOf(file: ReadFile): string | null {
  if (file.kind === 'site') return file.mark?.authority ?? null;
  if (file.content === null) return null;
  return file.kind === 'kit' ? file.content.authority.certificatePem : file.content.authorityPem;
}

/** Why this file is not taken over into a profile, whoever wants it; null: it may be. Pure. */
export function takingRefusal(file: ReadFile, { profile, kept }: HereProfile): string | null {
  if (file.kind !== 'site') return 'only a site file is taken over into a profile';
  const state = stateOf(file);
  if (state === null || file.configuration === null || file.exporter === null)
    return 'nobody has signed which state of the site it is';
  if (state.fingerprint !== fingerprintOf(profile.credentials.authority))
    return 'it is signed by another authority than that of the profile';
  if (revocationOf({ revoked: profile.credentials.revoked ?? [] }, file.exporter) !== undefined)
    return 'the workstation that exported it was revoked';
  const number = kept?.configuration.number ?? null;
  return number !== null && file.configuration.configuration.number < number
    ? `it is older: number ${file.configuration.configuration.number}, and here is number ${number}`
    : null;
}

function hereView(one: HereProfile, file: ReadFile, state: SiteState | null): ProfileHere {
  const { profile, kept } = one;
  const number = kept?.configuration.number ?? null;
  const fingerprint = fingerprintOf(profile.credentials.authority);
  const about = { directory: profile.directory, role: profile.me.role, number };
  if (state === null) return { ...about, standing: 'differs', canTake: false, changes: [] };
  const { standing, changes } = standingOf({ site: profile.site, number, fingerprint }, state);
  const canTake = takingRefusal(file, one) === null && (standing === 'newer' || standing === 'differs');
  return { ...about, standing, canTake, changes: changes.slice(0, 60) };
}

function stateOf(file: ReadFile): SiteState | null {
  const authority = authorityOf(file);
  const fingerprint = authority === null ? null : fingerprintOf(authority);
  if (file.kind === 'site')
    return { site: file.site, number: file.configuration?.configuration.number ?? null, fingerprint };
  return file.content && { site: file.content.site, number: null, fingerprint };
}

type ToldFields = Pick<
  SiteFileView,
  'isOpen' | 'site' | 'made' | 'by' | 'consoleVersion' | 'configuration' | 'gives'
>;

function siteFileFields({ site, mark, exporter, configuration }: ReadSiteFile): ToldFields {
  return {
    isOpen: true,
    site: { id: site.id, name: site.name },
    made: mark?.at ?? null,
    by: exporter && `${exporter.identity.role} on ${exporter.identity.name}`,
    consoleVersion: mark?.console ?? null,
    configuration: configuration && madeWords(configuration.configuration),
    gives: null,
  };
}

function sealedFields(file: Exclude<ReadFile, ReadSiteFile>): ToldFields {
  const { head } = file;
  const name = file.kind === 'kit' ? file.head.name : file.head.siteName;
  const gives =
    file.kind === 'kit'
      ? { name: null, role: 'admin' as const, ends: null }
      : { name: file.head.name, role: file.head.role, ends: file.head.ends };
  const nothing = { by: null, consoleVersion: null, configuration: null };
  const isOpen = file.content !== null;
  return { isOpen, site: { id: head.site, name }, made: head.made, gives, ...nothing };
}

function clusterWords({ id, title, members }: SiteDocument['clusters'][number], site: SiteDocument): string {
  const names = new Map(site.servers.map((server) => [server.id, server.name]));
  const on = members.map(({ server }) => names.get(server) ?? server).join(' and ');
  return `${title === id ? id : `${id} ${title}`} on ${on}`;
}
