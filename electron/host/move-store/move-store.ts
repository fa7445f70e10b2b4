import { isDeepStrictEqual } from 'node:util';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { storePlace } from '../../../shared/site/member-config.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming, witnessServerOf } from '../../../shared/site/site-rules.ts';
import { clockDriftBound } from '../../../shared/lease/timing.ts';
import { unprotectedWhy } from '../../../shared/upgrade/member-health.ts';
import { onConfiguredServers, type PlaceConfiguration } from '../install/configured-work.ts';
import { serversInUse, waysOf, type SiteDescription } from '../install/install-file.ts';
import { otherVersionAtWork } from '../install/install-site.ts';
import { installRefusals, prepareServers, type Prepared } from '../install/prepare-site.ts';
import { consoleCredentials, saveSite } from '../install/profile.ts';
import { inOrder, inParallel } from '../install/server-work.ts';
import { recorded, transcriptIn, type RecordProgress } from '../install/transcript.ts';
import { oneActive } from '../install/verify.ts';
import { wantedMemberStore } from '../install/wanted-files.ts';
import { readProfile } from '../profile/read-profile.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askMembers, untilWell } from '../upgrade/ask-site.ts';
import { noUpgradeCutOff } from '../upgrade/cut-off-upgrade.ts';
import { moveCluster, type MovedCluster, type MoveScene } from './move-cluster.ts';
import { isBegun, isMoved, storeWorks, type WantedPlaces } from './member-standing.ts';
import { fitStore } from './fit-store.ts';
import type { MoveInputs, SiteBefore } from './move-inputs.ts';
import { moveLimits, type MoveLimits } from './move-limits.ts';
import { openMove, readMove, writeMove } from './move-record.ts';
import { moveRefusals, storeName } from './move-refusals.ts';
import { prepareStore } from './prepare-store.ts';
import { removeStore } from './remove-store.ts';

/**
 * Moves the lease store of a site at work to the one that the site file names, whatever the kinds of both. Everything
 * is looked at before anything is changed, and the record in the profile folder says what is under way: run again it
 * goes on, and with the site file of before it goes back.
 */
export async function moveStore(
  inputs: MoveInputs,
  limits: MoveLimits = moveLimits,
): Promise<Result<string[], ProductError[]>> {
  return withBefore(inputs, async (before, record) => {
    const opened: ServerConnection[] = [];
    try {
      const found = await lookAround(inputs, before, { record, opened, limits });
      if (!found.ok) return found;
      const { works, keys } = found.value.prepared;
      const configured = { what: 'a move of the lease store', works, authority: keys.authority, record };
      return await onConfiguredServers(inputs, configured, async (place) => {
        const begun = await begin(inputs, before);
        return begun.ok ? carryOut(inputs, before, found.value, place) : begun;
      });
    } finally {
      for (const connection of opened) connection.close();
    }
  });
}

/** What a move would change, server by server, and what it means for every cluster. Changes nothing. */
export async function planMove(
  inputs: MoveInputs,
  limits: MoveLimits = moveLimits,
): Promise<Result<string[], ProductError[]>> {
  return withBefore(inputs, async (before, record) => {
    const opened: ServerConnection[] = [];
    try {
      const found = await lookAround(inputs, before, { record, opened, limits });
      return found.ok ? succeed(planLines(before.site, inputs.document.site)) : found;
    } finally {
      for (const connection of opened) connection.close();
    }
  });
}

/** The plan in words. Pure. */
export function planLines(from: SiteDocument, to: SiteDocument): string[] {
  const installs =
    to.leaseStore.kind === 'witness' ? [`${to.leaseStore.server}: the witness is installed`] : [];
  const removes =
    from.leaseStore.kind === 'witness'
      ? [`${from.leaseStore.server}: the witness is removed at the end`]
      : [];
  const clusters = to.clusters.flatMap((cluster) => {
    const { T } = clusterTiming(cluster);
    const waits = (T + clockDriftBound(T)).toFixed(1);
    return [
      ...cluster.members.map(
        ({ server }) => `${server}: the agent of ${cluster.id} gets another configuration and is restarted`,
      ),
      `${cluster.id}: its Active serves on. Nobody can take over by itself from the retirement of ${storeName(from)} until ${waits} s after the first record in ${storeName(to)}`,
    ];
  });
  return [
    `The lease store moves from ${storeName(from)} to ${storeName(to)}:`,
    ...installs,
    ...clusters,
    ...removes,
  ];
}

async function withBefore(
  inputs: MoveInputs,
  work: (before: SiteBefore, record: RecordProgress) => Promise<Result<string[], ProductError[]>>,
): Promise<Result<string[], ProductError[]>> {
  const before = await siteBefore(inputs);
  if (!before.ok) return fail([before.error]);
  const refusals = moveRefusals(before.value.site, inputs.document.site);
  if (refusals.length > 0)
    return fail(refusals.map((refusal) => productError('move.refused', `${refusal}.`)));
  return work(before.value, transcriptIn(inputs.profileDirectory, inputs.onProgress));
}

/** What is left: the profile's site, or where a move was interrupted the other end of that one. */
async function siteBefore(inputs: MoveInputs): Promise<Result<SiteBefore, ProductError>> {
  const { profileDirectory, document } = inputs;
  const open = await openMove(profileDirectory);
  if (open !== null) {
    const isEnd = ({ site }: { site: SiteDocument }) => same(site, document.site);
    if (isEnd(open.to)) return succeed(open.from);
    if (isEnd(open.from)) return succeed(open.to);
    const said = `A move from ${storeName(open.from.site)} to ${storeName(open.to.site)} is under way.`;
    const next = 'Go on with the site file of that move, or back with the one before it.';
    return fail(productError('move.refused', said, [], next));
  }
  const profile = await readProfile(profileDirectory, inputs.wallTime());
  if (!profile.ok) return profile;
  return succeed({ site: profile.value.site, ways: profile.value.access });
}

function same(one: SiteDocument, other: SiteDocument): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

interface Found {
  readonly prepared: Prepared;
  readonly scene: MoveScene;
}

interface Look {
  readonly record: RecordProgress;
  readonly opened: ServerConnection[];
  readonly limits: MoveLimits;
}

/** Every reason not to move, before anything is changed. */
async function lookAround(
  inputs: MoveInputs,
  before: SiteBefore,
  { record, opened, limits }: Look,
): Promise<Result<Found, ProductError[]>> {
  const { site } = inputs.document;
  const servers = serversInUse(site).filter((id) => id === witnessServerOf(site) || isMember(site, id));
  const prepared = await prepareServers(inputs, record, opened, servers, installRefusals);
  if (!prepared.ok) return prepared;
  const others = prepared.value.works.flatMap(otherVersionAtWork);
  if (others.length > 0) return fail(others);
  const cutOff = await inParallel(prepared.value.works, noUpgradeCutOff);
  if (!cutOff.ok) return cutOff;
  const ask = inputs.createAsk(consoleCredentials(prepared.value.keys));
  const scene: MoveScene = {
    from: before.site,
    to: site,
    ...{ ask, record, limits, keys: prepared.value.keys },
    works: prepared.value.works.filter(({ wanted }) => wanted.isMember),
    places: wantedPlaces(site),
  };
  const fit = await inParallel(site.clusters, ({ id }) =>
    recorded(record, 'site', `${id} may be moved`, () => mayMove(scene, id)),
  );
  if (!fit.ok) return fit;
  const able = await fitStore(inputs, scene, prepared.value);
  return able.ok ? succeed({ prepared: prepared.value, scene }) : able;
}

function isMember(site: SiteDocument, server: string): boolean {
  return site.clusters.some(({ members }) => members.some((member) => member.server === server));
}

function wantedPlaces(site: SiteDocument): ReadonlyMap<string, WantedPlaces> {
  return new Map(
    site.clusters.map(({ id, members }) => [
      id,
      new Map(members.map(({ server }) => [server, storePlace(wantedMemberStore(site, id, server))])),
    ]),
  );
}

/** A cluster that could lose its Active now, or one that is on its way already. */
async function mayMove(scene: MoveScene, id: string): Promise<Result<boolean, ProductError>> {
  const why = await untilWell(async () => {
    const members = await askMembers(scene.ask, scene.to, id);
    const old = members.find(({ snapshot }) => snapshot !== null && snapshot.store.place === undefined);
    if (old) return { why: `${old.name} has an agent of an earlier release`, final: true };
    if (isMoved(members, scene.places.get(id)!)) return null;
    const isOnItsWay =
      members.every(({ snapshot }) => snapshot !== null) &&
      (!storeWorks(members) || isBegun(members, scene.places.get(id)!));
    const lack = isOnItsWay ? null : unprotectedWhy(members);
    return lack === null ? null : { why: lack };
  }, scene.limits.first);
  return why === null
    ? succeed(false)
    : fail(productError('move.refused', `${id} is not moved now: ${why}.`));
}

async function begin(
  { profileDirectory, document, wallTime }: MoveInputs,
  before: SiteBefore,
): Promise<Result<void, ProductError[]>> {
  const to = { site: document.site, ways: waysOf(document) };
  await writeMove(profileDirectory, {
    schema: 1,
    from: before,
    to,
    begunAt: wallTime(),
    endedAt: null,
    lines: [],
  });
  return succeed(undefined);
}

async function carryOut(
  inputs: MoveInputs,
  before: SiteBefore,
  { prepared, scene }: Found,
  place: PlaceConfiguration,
): Promise<Result<string[], ProductError[]>> {
  const { document, profileDirectory, wallTime } = inputs;
  const { record, ask } = scene;
  const stands = await prepareStore(scene, prepared);
  if (!stands.ok) return stands;
  // A new witness has no folder of ours before.
  const numbered = await place();
  if (!numbered.ok) return numbered;
  const moved = await inOrder(document.site.clusters, (cluster) => moveCluster(scene, cluster));
  if (!moved.ok) return moved;
  const proven = await inParallel(document.site.clusters, ({ id }) =>
    recorded(record, 'site', `${id} has exactly one Active`, () => oneActive(ask, document.site, id)),
  );
  if (!proven.ok) return proven;
  const kept = await recorded(record, 'site', 'site in the profile folder', async () =>
    succeed(await saveSite(profileDirectory, document)),
  );
  if (!kept.ok) return fail([kept.error]);
  const removed = await removeStore(inputs, before, scene);
  const lines = [...moved.value.map((one) => movedLine(one, document)), ...removed];
  const open = await readMove(profileDirectory);
  if (open !== null) await writeMove(profileDirectory, { ...open, endedAt: wallTime(), lines });
  return succeed(lines);
}

function movedLine({ cluster, changed, unprotectedMs }: MovedCluster, { site }: SiteDescription): string {
  return changed
    ? `${cluster}: moved to ${storeName(site)}; nobody could have taken over by itself for ${(unprotectedMs / 1000).toFixed(1)} s`
    : `${cluster}: its leases are kept by ${storeName(site)} already`;
}
