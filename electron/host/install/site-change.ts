import { changeRefusals, siteChanges } from '../../../shared/site/site-changes.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { untouchableWhy } from '../../../shared/upgrade/member-health.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { readSiteOf } from '../profile/read-profile.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askMembers } from '../upgrade/ask-site.ts';
import { connectFormer, formerServers } from './former-servers.ts';
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
import type { ServerWork } from './server-work.ts';
import type { RecordProgress } from './transcript.ts';

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
  const before = await formerServers(inputs, installed, words.gone);
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
