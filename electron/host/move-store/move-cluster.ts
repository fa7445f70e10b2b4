import {
  reinstateStoreVerb,
  replaceStoreVerb,
  retireStoreVerb,
} from '../../../shared/agent-api/agent-api.ts';
import { clockDriftBound } from '../../../shared/lease/timing.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Cluster, SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming } from '../../../shared/site/site-rules.ts';
import { unprotectedWhy, type AskedMember } from '../../../shared/upgrade/member-health.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { SiteKeys } from '../install/profile.ts';
import type { ServerWork } from '../install/server-work.ts';
import { recorded, type RecordProgress } from '../install/transcript.ts';
import { askMembers, untilWell, type Patience } from '../upgrade/ask-site.ts';
import { askForChange, type StoreChange } from './ask-for-change.ts';
import {
  activeOf,
  isMoved,
  isPastRetirement,
  promiseLack,
  restartLack,
  type WantedPlaces,
} from './member-standing.ts';
import type { MoveLimits } from './move-limits.ts';
import { storeName } from './move-refusals.ts';
import { giveConfiguration } from './give-configuration.ts';

/** What every step of a move needs to know. */
export interface MoveScene {
  readonly from: SiteDocument;
  readonly to: SiteDocument;
  readonly ask: AskAgent;
  readonly record: RecordProgress;
  readonly limits: MoveLimits;
  readonly keys: SiteKeys;
  /** Members' servers, as they shall be after the move. */
  readonly works: readonly ServerWork[];
  /** Where members shall look for their store, by cluster. */
  readonly places: ReadonlyMap<string, WantedPlaces>;
}

export interface MovedCluster {
  readonly cluster: string;
  readonly changed: boolean;
  /** For how long nobody could have taken over by itself. */
  readonly unprotectedMs: number;
}

/**
 * Moves one cluster to the next store, which has no record of it yet. The store of now is retired, so that the Active
 * lives on its peer's promise; each member is given the new configuration, the Passive first; both belong to the new
 * store, which begins above every epoch; and the Active takes a lease there. Run again it goes on where it stopped.
 */
export async function moveCluster(
  scene: MoveScene,
  cluster: Cluster,
): Promise<Result<MovedCluster, ProductError>> {
  const { id } = cluster;
  const members = () => askMembers(scene.ask, scene.to, id);
  const heard = await allHeard(members, scene.limits.first);
  if (!heard.ok) return fail(refused(id, heard.error));
  const before = heard.value;
  if (isMoved(before, scene.places.get(id)!))
    return succeed({ cluster: id, changed: false, unprotectedMs: 0 });
  const retired = await step(scene, `${id}: the lease store of now is retired`, () =>
    retire(scene, cluster, members),
  );
  if (!retired.ok) return retired;
  const begunMs = performance.now();
  const led = await lead(scene, id, members);
  if (!led.ok) return led;
  const joined = await step(scene, `${id}: both members belong to ${storeName(scene.to)}`, () =>
    belong(scene, id, members),
  );
  if (!joined.ok) return joined;
  const protectedAgain = await step(scene, `${id}: a lease is held there, and failover is possible`, () =>
    holds(scene, id, members),
  );
  if (!protectedAgain.ok) return protectedAgain;
  return succeed({ cluster: id, changed: true, unprotectedMs: performance.now() - begunMs });
}

/** What both members say, once both answer: on a busy server one answer is late now and then. */
async function allHeard(
  members: () => Promise<AskedMember[]>,
  patience: Patience,
): Promise<Result<AskedMember[], string>> {
  let seen: AskedMember[] = [];
  const why = await untilWell(async () => {
    seen = await members();
    const silent = seen.find(({ snapshot }) => snapshot === null);
    return silent ? { why: `${silent.name} does not answer (${silent.why ?? 'not known why'})` } : null;
  }, patience);
  return why === null ? succeed(seen) : fail(why);
}

type Members = () => Promise<AskedMember[]>;

function step(scene: MoveScene, title: string, work: () => Promise<Result<boolean, ProductError>>) {
  return recorded(scene.record, 'site', title, work);
}

function refused(cluster: string, why: string): ProductError {
  return productError('move.refused', `${cluster} is not moved now: ${why}.`);
}

function interrupted(cluster: string, why: string): ProductError {
  return productError('move.interrupted', `The move of ${cluster} has stopped: ${why}.`);
}

async function waitFor(
  lack: () => Promise<string | null>,
  patience: Patience,
  error: (why: string) => ProductError,
): Promise<Result<boolean, ProductError>> {
  const why = await untilWell(async () => {
    const trouble = await lack();
    return trouble === null ? null : { why: trouble };
  }, patience);
  return why === null ? succeed(true) : fail(error(why));
}

/** Only of a cluster that could lose its Active. One whose store is retired already, or lost, is past that. */
async function retire(
  scene: MoveScene,
  cluster: Cluster,
  members: Members,
): Promise<Result<boolean, ProductError>> {
  const { id } = cluster;
  const heard = await allHeard(members, scene.limits.first);
  if (!heard.ok) return fail(refused(id, heard.error));
  if (isPastRetirement(heard.value, scene.places.get(id)!)) return succeed(false);
  const fit = await waitFor(
    async () => unprotectedWhy(await members()),
    scene.limits.first,
    (why) => refused(id, why),
  );
  if (!fit.ok) return fit;
  const active = activeOf(await members());
  if (active === undefined) return fail(refused(id, 'it has no Active'));
  const asked = await change(scene, active, retireStoreVerb, id);
  if (!asked.ok && asked.error.code !== 'server.timeout') return asked;
  // Whether it was heard shows in what the members do; without the promise the engine is stopped before the lease ends.
  const lives = await waitFor(
    async () => promiseLack(await members()),
    { withinMs: promiseWithinMs(cluster), steadyMs: 0, betweenMs: 100 },
    (why) => refused(id, `${why}, so that the lease store of now is used on`),
  );
  if (lives.ok) return lives;
  const back = await change(scene, active, reinstateStoreVerb, id);
  if (back.ok) return lives;
  const why = `${lives.error.message} That the lease store of now is used on was not confirmed: ${back.error.message} The Active stops its engine by itself if its lease ends meanwhile.`;
  return fail(productError('move.interrupted', why));
}

/** As long as the store can be used again before the Active's own stop begins. */
function promiseWithinMs(cluster: Cluster): number {
  const { T, K, O } = clusterTiming(cluster);
  return Math.max(500, (T - K - clockDriftBound(T) - O) * 1000);
}

/** Has one member after the other look to the next store, the Passive first: the Active lives on its promise. */
async function lead(scene: MoveScene, id: string, members: Members): Promise<Result<boolean, ProductError>> {
  const heard = await allHeard(members, scene.limits.restart);
  if (!heard.ok) return fail(interrupted(id, heard.error));
  const active = activeOf(heard.value);
  const order = heard.value.toSorted(
    (one, other) => Number(one.server === active?.server) - Number(other.server === active?.server),
  );
  for (const { server, name } of order) {
    const place = scene.places.get(id)!.get(server);
    const now = await allHeard(members, scene.limits.restart);
    if (!now.ok) return fail(interrupted(id, now.error));
    const before = now.value.find((member) => member.server === server)!.snapshot!;
    if (before.store.place === place) continue;
    const work = scene.works.find(({ wanted }) => wanted.server.id === server)!;
    const led = await recorded(
      scene.record,
      server,
      `agent of ${id} looks to ${storeName(scene.to)}`,
      async () => {
        const given = await giveConfiguration(work, id, scene.keys);
        if (!given.ok) return given;
        const again = async () =>
          (await members()).find((member) => member.server === server)?.snapshot ?? null;
        return waitFor(
          async () => restartLack(before, await again(), place),
          scene.limits.restart,
          (why) => interrupted(id, `${name}: ${why}`),
        );
      },
    );
    if (!led.ok) return led;
  }
  return succeed(true);
}

/** A store that was retired and is come back to is used again; any other gets its first record. */
async function belong(
  scene: MoveScene,
  id: string,
  members: Members,
): Promise<Result<boolean, ProductError>> {
  const places = scene.places.get(id)!;
  return waitFor(
    async () => {
      const seen = await members();
      if (isMoved(seen, places)) return null;
      const asked = activeOf(seen) ?? seen[0]!;
      const isSilent = asked.snapshot?.replacement?.standing === 'silent';
      const done = await change(scene, asked, isSilent ? reinstateStoreVerb : replaceStoreVerb, id);
      return done.ok
        ? 'the store has been asked for, and does not answer both members yet'
        : done.error.message;
    },
    scene.limits.belong,
    (why) => interrupted(id, why),
  );
}

function holds(scene: MoveScene, id: string, members: Members): Promise<Result<boolean, ProductError>> {
  const places = scene.places.get(id)!;
  return waitFor(
    async () => {
      const seen = await members();
      if (!isMoved(seen, places)) return 'the members do not belong to the same store that works';
      const active = activeOf(seen);
      if (active?.snapshot?.peerMode?.mode === 'peer') return `${active.name} lives on a promise still`;
      return unprotectedWhy(seen);
    },
    scene.limits.lease,
    (why) => interrupted(id, why),
  );
}

function change(
  { ask, to }: MoveScene,
  member: AskedMember,
  verb: StoreChange['verb'],
  cluster: string,
): Promise<Result<boolean, ProductError>> {
  const successor = storeName(to);
  const told = verb === retireStoreVerb ? { successor } : {};
  return askForChange(ask, to, member, {
    verb,
    cluster,
    reason: `the lease store moves to ${successor}`,
    ...told,
  });
}
