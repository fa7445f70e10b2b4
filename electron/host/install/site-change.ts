import { changeRefusals, siteChanges } from '../../../shared/site/site-changes.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { untouchableWhy } from '../../../shared/upgrade/member-health.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { readAccessOf, readSiteOf } from '../profile/read-profile.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askMembers } from '../upgrade/ask-site.ts';
import { serversInUse } from './install-file.ts';
import {
  isAnythingLeaving,
  leavingParts,
  noLeavingWords,
  runningLeaving,
  type LeavingParts,
  type LeavingWords,
} from './leaving-parts.ts';
import type { InstallInputs } from './prepare-site.ts';
import { connectAll, type ServerWork } from './server-work.ts';
import type { RecordProgress } from './transcript.ts';
import { readTouched, type TouchedServers } from './touched-servers.ts';
import { wantedServer } from './wanted-server.ts';

/** How the site that was installed last becomes the wanted one, as far as something leaves. */
export interface SiteChange {
  /** Of every server on which something has no place any more. */
  readonly leaving: readonly LeavingParts[];
  /** For people; empty for a site that is new. */
  readonly lines: readonly string[];
}

/** The site as it was last installed from this profile; null: never. Errors: site.damaged, site.unsafe. */
export async function installedSite(
  profileDirectory: string,
): Promise<Result<SiteDocument | null, ProductError>> {
  const read = await readSiteOf(profileDirectory);
  if (read.ok) return read;
  if (read.error.code === 'site.missing') return succeed(null);
  const next = `Restore it from a recovery kit. Without it nobody knows which servers have left the site.`;
  return fail({ ...read.error, next });
}

/** Why the wanted site cannot be reached from the installed one in a single installation. Errors: site.unsafe. */
export function changeRefusal(installed: SiteDocument | null, wanted: SiteDocument): ProductError[] {
  const refusals = installed === null ? [] : changeRefusals(installed, wanted);
  if (refusals.length === 0) return [];
  return [productError('site.unsafe', 'The site cannot be changed like this at once.', refusals)];
}

/**
 * Looks at what has to leave, also on servers that the site no longer has, and whether it may. Changes nothing.
 * Errors: install.leaving (an Active would leave, or the member that stays cannot go on alone), ssh.* and server.* for a
 * server that has left and cannot be looked at.
 */
export async function lookAtChange(
  inputs: InstallInputs,
  scene: {
    readonly installed: SiteDocument | null;
    readonly works: readonly ServerWork[];
    readonly ask: AskAgent;
    readonly record: RecordProgress;
    readonly opened: ServerConnection[];
  },
): Promise<Result<SiteChange, ProductError[]>> {
  const { installed, works } = scene;
  const { site } = inputs.document;
  const words = inputs.leaving ?? noLeavingWords;
  const before = await formerServers(inputs, installed, words);
  if (!before.ok) return before;
  const former = await connectFormer(inputs, scene, before.value);
  if (!former.ok) return former;
  const ours = [
    ...(installed === null ? [] : serversInUse(installed)),
    ...before.value.servers.map(({ id }) => id),
  ];
  const leaving = [...works, ...former.value]
    .filter(({ facts }) => facts.site === undefined || facts.site === site.id)
    .map((work) => leavingParts(work, site, ours.includes(work.wanted.server.id)))
    .filter(isAnythingLeaving);
  const refusals = [
    ...leaving.flatMap((parts) => activeRefusals(parts, words)),
    ...(await stayingRefusals(scene, site, leaving, words)),
  ];
  if (refusals.length > 0) return fail(refusals);
  return succeed({ leaving, lines: installed === null ? [] : siteChanges(installed, site) });
}

/** Servers that the installed site used, or an installation began to change, and that the wanted one does not use. */
async function formerServers(
  { document: { site }, profileDirectory }: InstallInputs,
  installed: SiteDocument | null,
  { gone }: LeavingWords,
): Promise<Result<TouchedServers, ProductError[]>> {
  const touched = await readTouched(profileDirectory);
  const kept = await readAccessOf(profileDirectory);
  if (!kept.ok) return fail([kept.error]);
  const used = installed === null ? [] : serversInUse(installed);
  const known = [...(installed?.servers.filter(({ id }) => used.includes(id)) ?? []), ...touched.servers];
  const without = [...serversInUse(site), ...gone];
  const former = new Map(
    known.filter(({ id }) => !without.includes(id)).map((server) => [server.id, server]),
  );
  const { access, jumpHosts } = kept.value;
  return succeed({
    servers: [...former.values()].map((server) => site.servers.find(({ id }) => id === server.id) ?? server),
    ways: {
      ...kept.value,
      access: { ...touched.ways.access, ...access },
      jumpHosts: { ...touched.ways.jumpHosts, ...jumpHosts },
    },
  });
}

async function connectFormer(
  inputs: InstallInputs,
  { record, opened }: Pick<Parameters<typeof lookAtChange>[1], 'record' | 'opened'>,
  { servers, ways }: TouchedServers,
): Promise<Result<ServerWork[], ProductError[]>> {
  if (servers.length === 0) return succeed([]);
  const { document, bundle, connect } = inputs;
  const { site } = document;
  const widened = { ...site, servers: [...new Set([...site.servers, ...servers])] };
  const wantedInputs = { site: widened, bundle, authorityPem: '', enginePassword: '' };
  const target = (server: Server) => {
    if (document.access[server.id] !== undefined) return inputs.target(server);
    if (ways.access[server.id] !== undefined && inputs.targetBy !== undefined) {
      return inputs.targetBy(server, ways);
    }
    const said = `How ${server.name} is reached is not known any more.`;
    const next = `Keep ${server.name} among the servers of the site, without a cluster, until it is cleaned up.`;
    return Promise.resolve(fail(productError('ssh.authentication', said, [], next)));
  };
  const found = await Promise.all(
    servers.map(async (server) => {
      const wanted = [wantedServer(wantedInputs, server.id)];
      const works = await connectAll({ wanted, connect, target, record, opened });
      return works.ok ? works : fail(works.error.map((error) => withWayOut(error, server)));
    }),
  );
  const errors = found.flatMap((one) => (one.ok ? [] : one.error));
  return errors.length > 0 ? fail(errors) : succeed(found.flatMap((one) => (one.ok ? one.value : [])));
}

/** A server that has left is not waited for, when a person states that it is lost. */
function withWayOut(error: ProductError, { id, name }: Server): ProductError {
  if (!['server.unreachable', 'server.timeout'].includes(error.code)) return error;
  const said = `${name} (short name ${id}) has left the site and cannot be reached.`;
  const next = `Start it, so that it can be cleaned up. If it is lost for good, state so (--gone ${id}): it must then stay off, or be installed anew.`;
  return productError('install.leaver-silent', said, [error.message, ...(error.details ?? [])], next);
}

/** A running engine is not let go of silently, and never while its cluster goes on elsewhere. */
function activeRefusals(parts: LeavingParts, { engines: word }: LeavingWords): ProductError[] {
  const { name } = parts.work.wanted.server;
  return runningLeaving(parts).flatMap(({ unit, cluster, clusterStays, engine }) => {
    const said = `${unit} of ${cluster || 'an unknown cluster'} runs on ${name} (${engine.activeState || 'not known'}) and would leave.`;
    if (clusterStays) {
      const next = `Move ${cluster} to its other member first (a planned switchover), then install again.`;
      return [productError('install.leaving', said, [], next)];
    }
    if (word !== undefined) return [];
    return [productError('install.engines-undecided', said)];
  });
}

/** A cluster that goes on loses a member only while one that stays holds its lease from the store. */
async function stayingRefusals(
  { ask, installed, works }: Parameters<typeof lookAtChange>[1],
  site: SiteDocument,
  leaving: readonly LeavingParts[],
  { gone }: LeavingWords,
): Promise<ProductError[]> {
  const lost = new Map<string, string[]>();
  const note = (cluster: string, server: string) => lost.set(cluster, [...(lost.get(cluster) ?? []), server]);
  for (const { work, members, changedEngines } of leaving) {
    for (const cluster of [...members, ...changedEngines]) note(cluster, work.wanted.server.id);
  }
  for (const { id, members } of installed?.clusters ?? []) {
    for (const { server } of members) if (gone.includes(server)) note(id, server);
  }
  // Of a cluster that has never run there is nobody to disturb, such as after a first installation that failed.
  const hasRun = (id: string) =>
    [...works, ...leaving.map(({ work }) => work)].some(({ facts }) =>
      facts.found.members.some((member) => member.cluster === id && member.hasRun),
    );
  const concerned = site.clusters.filter(({ id }) => lost.has(id) && hasRun(id));
  const found = await Promise.all(
    concerned.map(async ({ id }) => {
      const asked = await askMembers(ask, installed ?? site, id);
      const staying = asked.filter(({ server }) => !lost.get(id)!.includes(server));
      const active = staying.find(({ snapshot }) => snapshot?.role.observed === 'active');
      const silent = staying.find(({ snapshot }) => snapshot === null);
      const why = active
        ? untouchableWhy(active)
        : silent
          ? `${silent.name} does not answer (${silent.why ?? 'not known why'})`
          : 'no member that stays is Active';
      return why === null ? [] : [{ id, why }];
    }),
  );
  return found.flat().map(({ id, why }) => {
    const said = `${id} cannot lose a member now: ${why}.`;
    const next = `Bring ${id} to its member that stays, with the lease store in reach, then install again.`;
    return productError('install.leaving', said, [], next);
  });
}
