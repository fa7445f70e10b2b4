import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { EtcdLookOrder, EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import { etcdSight, type EtcdSight } from '../../../shared/site/etcd-sight.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import type { LookAtEtcd } from './look-from-here.ts';
import { waysToEtcd } from './ways-to-etcd.ts';

export interface EtcdCheckInputs {
  readonly store: EtcdLookOrder['store'];
  readonly secrets: EtcdSecrets;
  readonly clusters: readonly string[];
  readonly look: LookAtEtcd;
  /** Connects to every member; one that cannot be reached has no ways. */
  readonly members: readonly (() => Promise<Result<ServerConnection, ProductError>>)[];
}

/** How the look of a workstation is named among those of the members. */
const asMember = 'setup';

/**
 * Tries an etcd before anything of a site depends on it: sign-in, version, quorum, rights below the prefix and a
 * confirmed round trip from here, and the ways from the members. It writes one small key for each cluster, as members do
 * with every look. Errors: of the try itself.
 */
export async function checkEtcd(inputs: EtcdCheckInputs): Promise<Result<EtcdSight, ProductError[]>> {
  const { store, secrets, clusters, look } = inputs;
  const [looks, ways] = await Promise.all([
    Promise.all(clusters.map((cluster) => look({ cluster, member: asMember, store, secrets }))),
    Promise.all(inputs.members.map((connect) => waysFrom(connect, store))),
  ]);
  const errors = looks.flatMap((one) => (one.ok ? [] : [one.error]));
  if (errors.length > 0) return fail(errors.slice(0, 1));
  return succeed(
    etcdSight(
      looks.flatMap((one) => (one.ok ? [one.value] : [])),
      ways.flat(),
    ),
  );
}

async function waysFrom(
  connect: EtcdCheckInputs['members'][number],
  { endpoints }: EtcdCheckInputs['store'],
) {
  const connected = await connect();
  if (!connected.ok) return [];
  try {
    return await waysToEtcd(connected.value, endpoints);
  } finally {
    connected.value.close();
  }
}
