import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf } from '../ssh/server-connection.ts';
import { serverPaths, witnessConfigPath, witnessUser } from './server-paths.ts';
import type { ServerWork } from './server-work.ts';

/**
 * Why the witness must not be given first records: a cluster that already ran has lost its store, and a new
 * one could grant an epoch that was used before. Pure; empty means seeding is safe or done.
 */
export function seedingErrors(clusters: readonly string[], works: readonly ServerWork[]): ProductError[] {
  const store = works.find((work) => work.wanted.isWitness);
  const way =
    'a lost lease store is not replaced by an installation: start it with its empty disk and ask an agent for it: ixha replace-store';
  return clusters.flatMap((cluster) =>
    store?.facts.leases.has(cluster) ? [] : lostRecordErrors(cluster, works, way),
  );
}

/**
 * What a lease store without a record of `cluster` means: nothing for one that never ran. Pure.
 * @param way what to do instead of an installation
 */
export function lostRecordErrors(cluster: string, works: readonly ServerWork[], way: string): ProductError[] {
  const remembered = works.flatMap(({ facts, wanted }) => {
    const memory = facts.memories.get(cluster);
    return memory ? [`${wanted.server.name} remembers epoch ${memory.epoch}`] : [];
  });
  if (remembered.length === 0) return [];
  const said = `The lease store has no record of ${cluster}, but the cluster has already run.`;
  return [productError('site.unsafe', said, [...remembered, way])];
}

const Seeded = z.array(z.object({ cluster: z.string(), seeded: z.boolean() }));

/**
 * The epoch a new lease store begins with: the highest that any shared directory was written under. A
 * site that was removed and installed again goes on from there, so that no epoch is used twice. Pure.
 */
export function firstEpoch(works: readonly ServerWork[]): number {
  return Math.max(
    0,
    ...works.flatMap(({ facts }) => [...facts.shares.values()].map((share) => share.generation)),
  );
}

/** Gives the lease store its first records, as the user it runs as. Present records are never touched. */
export async function seedStore(work: ServerWork, epoch: number): Promise<Result<boolean, ProductError>> {
  const seed = [serverPaths.command, 'seed', '--config', witnessConfigPath, '--epoch', String(epoch)];
  const what = 'making the first records of the lease store';
  const argv = ['runuser', '-u', witnessUser, '--', ...seed];
  const printed = await outputOf(work.connection, argv, { what, privileged: true });
  if (!printed.ok) return printed;
  try {
    const seeded = z.parse(Seeded, JSON.parse(printed.value));
    return succeed(seeded.some((cluster) => cluster.seeded));
  } catch {
    return fail(productError('ssh.command-failed', `${work.connection.name}: ${what} gave no valid answer.`));
  }
}
