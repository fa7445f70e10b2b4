import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import {
  untouchableWhy,
  unhealthyWhy,
  unprotectedWhy,
  type AskedMember,
} from '../../../shared/upgrade/member-health.ts';
import { productVersionOf } from '../../../shared/upgrade/program-version.ts';
import type { Actives } from '../../../shared/upgrade/upgrade-order.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { ensureUnit } from '../install/arming.ts';
import type { ServerWork } from '../install/server-work.ts';
import type { RecordProgress } from '../install/transcript.ts';
import { askMembers, askWitness, untilWell, type Patience, type Trouble } from './ask-site.ts';
import { lookAtVersions, restartsOf } from './server-versions.ts';
import type { UpgradeLimits } from './upgrade-limits.ts';

/** A unit that the service manager has had to start again this often does not come up. */
const givenUpRestarts = 3;

/** What every step of an upgrade needs to know. */
export interface UpgradeScene {
  readonly site: SiteDocument;
  readonly ask: AskAgent;
  readonly record: RecordProgress;
  readonly limits: UpgradeLimits;
  /** Clusters that a person lets go on without protection. */
  readonly unprotected: ReadonlySet<string>;
  readonly actives: Actives;
}

/** One unit to restart: part of a cluster, or the lease store of all. */
export interface RestartTarget {
  readonly unit: string;
  /** Null: the lease store. */
  readonly cluster: string | null;
  readonly isAgent: boolean;
}

/**
 * Waits until `cluster` could lose its Active, and the member on `server`, if it has one there, may be restarted.
 * Errors: upgrade.unprotected with what stands against it.
 */
export async function awaitProtection(
  { ask, site, unprotected }: UpgradeScene,
  cluster: string,
  server: string,
  patience: Patience,
): Promise<Result<boolean, ProductError>> {
  const why = await untilWell(async () => {
    const members = await askMembers(ask, site, cluster);
    const own = members.find((member) => member.server === server);
    const held = own ? untouchableWhy(own) : null;
    const trouble = held ?? (unprotected.has(cluster) ? null : unprotectedWhy(members));
    return trouble === null ? null : { why: trouble };
  }, patience);
  if (why === null) return succeed(false);
  const said = `${cluster} is not touched now: ${why}.`;
  return fail(productError('upgrade.unprotected', said));
}

/** Restarts one unit and proves that everything around it is as before, now with `version`. */
export async function restartAndProve(
  scene: UpgradeScene,
  work: ServerWork,
  target: RestartTarget,
  version: string,
): Promise<Result<boolean, ProductError>> {
  const before = await everyone(scene, target);
  const witness = target.cluster === null ? await askWitness(scene.ask, scene.site) : null;
  const restarted = await ensureUnit(work, target.unit, new Set([target.unit]));
  if (!restarted.ok) return restarted;
  const why = await untilWell(
    async () => {
      const ofStore = witness && (await witnessTrouble(scene, witness, version));
      const changed = { target, server: work.wanted.server.id, version };
      const trouble = ofStore ?? (await membersTrouble(scene, before, changed));
      if (trouble === null) return null;
      const restarts = await restartsOf(work.connection, target.unit);
      if (restarts < givenUpRestarts) return trouble;
      return { why: `${target.unit} ended ${restarts} times since its restart`, final: true };
    },
    isGuard(target) ? scene.limits.guard : scene.limits.health,
  );
  if (why !== null) return fail(notWell(work, target, why));
  const ran = await lookAtVersions(work.connection, [target.unit]);
  if (!ran.ok) return ran;
  const runs = ran.value.runs.get(target.unit);
  return runs === version
    ? succeed(true)
    : fail(notWell(work, target, `it runs ${runs || 'no version that is known'} and not ${version}`));
}

function isGuard({ cluster, isAgent }: RestartTarget): boolean {
  return cluster !== null && !isAgent;
}

function notWell(work: ServerWork, { unit }: RestartTarget, why: string): ProductError {
  return productError('upgrade.half-done', `${unit} on ${work.wanted.server.name} is not well: ${why}.`);
}

/** The members whose state a restart could change, as they are now. */
async function everyone({ ask, site }: UpgradeScene, { cluster }: RestartTarget): Promise<AskedMember[]> {
  const clusters = site.clusters.map(({ id }) => id).filter((id) => cluster === null || id === cluster);
  return (await Promise.all(clusters.map((id) => askMembers(ask, site, id)))).flat();
}

async function membersTrouble(
  scene: UpgradeScene,
  before: readonly AskedMember[],
  changed: { readonly target: RestartTarget; readonly server: string; readonly version: string },
): Promise<Trouble | null> {
  const { target, server, version } = changed;
  for (const now of await everyone(scene, target)) {
    const then = before.find(({ name }) => name === now.name)?.snapshot;
    if (!then) continue;
    if (now.snapshot === null) return { why: `${now.name} does not answer (${now.why ?? ''})` };
    const isChanged = target.isAgent && target.cluster !== null && now.server === server;
    const productVersion = isChanged ? productVersionOf(version)! : then.productVersion;
    const why = unhealthyWhy(then, now.snapshot, { productVersion, restarted: isChanged });
    if (why !== null) return { why: `${now.name}: ${why}` };
  }
  return null;
}

type Witness = NonNullable<Awaited<ReturnType<typeof askWitness>>>;

async function witnessTrouble(
  { ask, site }: UpgradeScene,
  before: Witness,
  version: string,
): Promise<Trouble | null> {
  const now = await askWitness(ask, site);
  if (now === null) return { why: 'the lease store does not answer' };
  if (now.startId === before.startId) return { why: 'the lease store has not started anew yet' };
  if (now.storeId !== before.storeId) return { why: 'the lease store has another id', final: true };
  if (now.productVersion !== productVersionOf(version)) {
    return { why: `the lease store runs version ${now.productVersion}` };
  }
  const [unusable] = now.unusable ?? [];
  return unusable ? { why: `the lease store cannot use its record of ${unusable.cluster}` } : null;
}
