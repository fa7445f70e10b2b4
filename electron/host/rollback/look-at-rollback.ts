import { haproxyMark } from '../../../shared/balancer/haproxy-config.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { signedConfiguration } from '../configuration/kept-configuration.ts';
import { connectInstalled } from '../install/connect-installed.ts';
import { connectFormer, formerServers } from '../install/former-servers.ts';
import { serversInUse } from '../install/install-file.ts';
import { leavingParts, type LeavingParts } from '../install/leaving-parts.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { consoleCredentials, loadOrCreateKeys } from '../install/profile.ts';
import { everythingOn } from '../install/removal-parts.ts';
import { serverPaths } from '../install/server-paths.ts';
import { lookAt, type ServerWork } from '../install/server-work.ts';
import { installedSite } from '../install/site-change.ts';
import type { RecordProgress } from '../install/transcript.ts';
import { wantedServer } from '../install/wanted-server.ts';
import { lookAtVersions, type Switch } from '../upgrade/server-versions.ts';
import { isKeptSecret, readBefore, type BeforeRecord } from './before-record.ts';

/** Another server of the site, or why nothing is known of it. */
export interface OtherServer {
  readonly id: string;
  readonly work: ServerWork | null;
}

interface RollbackSight {
  /** The server itself, and what of the product is taken off it. */
  readonly work: ServerWork;
  readonly parts: LeavingParts;
  readonly others: readonly OtherServer[];
  /** The site as it was installed completely last from this workstation; null: never. */
  readonly installed: SiteDocument | null;
  /** An upgrade of this server that was begun and neither proven nor taken back. */
  readonly unproven: Switch | null;
  readonly ask: AskAgent;
}

/** Everything that a roll back of one server goes by. */
export type Rollback =
  /** Nothing of the product was there before. */
  | (RollbackSight & { readonly kind: 'first'; readonly before: BeforeRecord | null })
  | (RollbackSight & {
      readonly kind: 'again';
      readonly before: BeforeRecord;
      /** The site as this server was configured for. */
      readonly then: SiteDocument;
    });

/**
 * Looks at one server, at what is kept there of before, and at all others. Changes nothing. Errors: request.invalid (the
 * site has no such server), rollback.nothing-kept, install.foreign, site.damaged, ssh.*.
 */
export async function lookAtRollback(
  inputs: InstallInputs,
  server: string,
  scene: { readonly record: RecordProgress; readonly opened: ReturnType<typeof openedOf> },
): Promise<Result<Rollback, ProductError[]>> {
  const { document, profileDirectory } = inputs;
  const { site } = document;
  const used = serversInUse(site);
  if (!used.includes(server)) {
    const next = `Choose one of ${used.join(', ')}.`;
    return fail([productError('request.invalid', `${site.name} uses no server ${server}.`, [], next)]);
  }
  const installed = await installedSite(profileDirectory);
  if (!installed.ok) return fail([installed.error]);
  const keys = await loadOrCreateKeys(profileDirectory, site.id);
  if (!keys.ok) return fail([keys.error]);
  const connected = await connectInstalled(inputs, scene.record, scene.opened, [server]);
  if (!connected.ok) return connected;
  const work = connected.value[0]!;
  const read = await readBefore(work.connection, placedPaths(work));
  if (!read.ok) return fail([read.error]);
  const before = read.value;
  const versions = await lookAtVersions(work.connection, []);
  if (!versions.ok) return fail([versions.error]);
  const ask = inputs.createAsk(consoleCredentials(keys.value));
  const sight = { installed: installed.value, unproven: versions.value.unproven, ask };
  if (before === null ? isBalancerAlone(work) : before.kind === 'first') {
    const parts = everythingOn(work, site);
    const others = await everyOther(inputs, { then: site, installed: installed.value }, server, scene);
    if (!others.ok) return others;
    return succeed({ kind: 'first', before, work, parts, others: others.value, ...sight });
  }
  const signed =
    before && signedConfiguration(before.configuration, site.id, keys.value.authority.certificatePem);
  const then = signed?.configuration.site;
  if (before === null || before.version === null || !then?.servers.some(({ id }) => id === server)) {
    return fail([nothingKept(work, before)]);
  }
  const wanted = wantedServer({ ...pathsOnly(inputs), site: then }, server);
  const facts = await lookAt(work.connection, wanted);
  if (!facts.ok) return fail([facts.error]);
  const own = { ...work, wanted, facts: facts.value };
  const parts = stayingNow(leavingParts(own, then, true), site);
  const others = await everyOther(inputs, { then, installed: installed.value }, server, scene);
  if (!others.ok) return others;
  return succeed({ kind: 'again', before, then, work: own, parts, others: others.value, ...sight });
}

/** A cluster that came since goes on elsewhere, although the document of before does not know it. */
function stayingNow(parts: LeavingParts, { clusters }: SiteDocument): LeavingParts {
  const stays = (cluster: string) => clusters.some(({ id }) => id === cluster);
  const engines = parts.engines.map((engine) => ({
    ...engine,
    clusterStays: engine.clusterStays || stays(engine.cluster),
  }));
  return { ...parts, engines };
}

/** Connections that a look has opened, to be closed by whoever has asked for it. */
export function openedOf(): ServerWork['connection'][] {
  return [];
}

/** HAProxy keeps by itself what it had before. */
function isBalancerAlone({ wanted, facts }: ServerWork): boolean {
  return wanted.units.length === 0 && facts.haproxy.firstLine === haproxyMark;
}

function nothingKept({ wanted: { server } }: ServerWork, before: BeforeRecord | null): ProductError {
  const said =
    before === null
      ? `${server.name} keeps nothing of how it was before: nothing was installed there, or by a version that did not keep it, or it was put back already.`
      : `What ${server.name} keeps of before is not whole: it has no site configuration of this site's authority.`;
  return productError('rollback.nothing-kept', said);
}

/** Files outside of the programs' folders, as this version places them; a balancer's file is its own matter. */
function placedPaths({ wanted }: ServerWork): string[] {
  return wanted.files
    .map(({ path }) => path)
    .filter((path) => !path.startsWith(`${serverPaths.library}/`) && path !== serverPaths.haproxy)
    .filter((path) => !isKeptSecret(path));
}

function pathsOnly({ bundle }: InstallInputs) {
  return { bundle, authorityPem: '', enginePassword: '' };
}

/**
 * Every other server that the site of then, of now or as it was installed uses, or an unfinished installation has touched;
 * one that is silent is told as such. Errors: those of reading the ways in the profile folder.
 */
async function everyOther(
  inputs: InstallInputs,
  { then, installed }: { readonly then: SiteDocument; readonly installed: SiteDocument | null },
  server: string,
  { record, opened }: Parameters<typeof lookAtRollback>[2],
): Promise<Result<OtherServer[], ProductError[]>> {
  const { document } = inputs;
  const by = (site: SiteDocument): InstallInputs => ({ ...inputs, document: { ...document, site } });
  const sites = [document.site, then];
  // What both use is compared with how it was.
  const used = new Map(sites.flatMap((site) => serversInUse(site).map((id) => [id, site] as const)));
  used.delete(server);
  const touched = await formerServers(by(then), installed, [server, ...used.keys()]);
  if (!touched.ok) return touched;
  const named = [...used].map(async ([id, site]): Promise<OtherServer> => {
    const works = await connectInstalled(by(site), record, opened, [id]);
    return { id, work: works.ok ? works.value[0]! : null };
  });
  const former = touched.value.servers.map(async (one): Promise<OtherServer> => {
    const works = await connectFormer(by(then), { record, opened }, { ...touched.value, servers: [one] });
    return { id: one.id, work: works.ok ? works.value[0]! : null };
  });
  return succeed(await Promise.all([...named, ...former]));
}
