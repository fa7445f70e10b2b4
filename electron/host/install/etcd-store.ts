import { randomBytes } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import {
  clusterIdOf,
  EtcdLook,
  etcdLookRefusals,
  type EtcdLookOrder,
  type EtcdSecrets,
} from '../../../shared/site/etcd-look.ts';
import type { Cluster, SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming } from '../../../shared/site/site-rules.ts';
import { outputOf } from '../ssh/server-connection.ts';
import { firstEpoch, lostRecordErrors } from './seed-store.ts';
import { serverPaths } from './server-paths.ts';
import { inOrder, inParallel, type ServerWork } from './server-work.ts';
import { recorded, type RecordProgress } from './transcript.ts';

interface EtcdInputs {
  readonly site: SiteDocument;
  readonly secrets: EtcdSecrets;
  readonly works: readonly ServerWork[];
  readonly record: RecordProgress;
}

/** What one member sees of the etcd. */
export interface MemberEtcdLook {
  readonly cluster: string;
  readonly server: string;
  readonly name: string;
  readonly look: EtcdLook;
}

const lookWithinMs = 60_000;

/**
 * Tries the etcd from every member with the program itself, as its agent will. Nothing of the site is configured
 * when it is asked. All errors are returned together.
 *
 * @param judge every reason not to let this etcd keep the leases; those of an installation when absent
 */
export async function fitEtcd(
  inputs: EtcdInputs,
  judge: (looks: readonly MemberEtcdLook[]) => ProductError[] = (looks) =>
    etcdErrors(inputs.site, looks, inputs.works),
): Promise<Result<void, ProductError[]>> {
  const { works, record } = inputs;
  const members = works.filter(({ wanted }) => wanted.engines.length > 0);
  const looks: MemberEtcdLook[] = [];
  const looked = await inParallel(members, (work) =>
    recorded(record, work.wanted.server.id, 'reaches the lease store (etcd)', async () => {
      for (const { cluster } of work.wanted.engines) {
        const look = await lookFrom(inputs, work, cluster);
        if (!look.ok) return look;
        const { id: server, name } = work.wanted.server;
        looks.push({ cluster, server, name, look: look.value });
      }
      return succeed(false);
    }),
  );
  if (!looked.ok) return looked;
  const errors = judge(looks);
  return errors.length > 0 ? fail(errors) : succeed(undefined);
}

/** Every reason not to let this etcd keep the leases, by what each member saw of it. Pure. */
export function etcdErrors(
  site: SiteDocument,
  looks: readonly MemberEtcdLook[],
  works: readonly ServerWork[],
): ProductError[] {
  const unfit = unfitErrors(site, looks);
  if (unfit.length > 0) return unfit;
  return site.clusters.flatMap(({ id }) =>
    lostRecord(
      id,
      looks.filter(({ cluster }) => cluster === id),
      works,
    ),
  );
}

/**
 * Every reason not to move the leases of a site at work to this etcd: it must have no record of a cluster, or one that
 * is retired, or belongs to its members already. Pure.
 *
 * @param belongs ids of the stores that the members of a cluster belong to
 */
export function etcdMoveErrors(
  site: SiteDocument,
  looks: readonly MemberEtcdLook[],
  belongs: ReadonlyMap<string, ReadonlySet<string>>,
): ProductError[] {
  const unfit = unfitErrors(site, looks);
  if (unfit.length > 0) return unfit;
  return looks.flatMap(({ cluster, name, look: { record } }) => {
    if (record.kind !== 'present' || record.retired || belongs.get(cluster)?.has(record.storeId)) return [];
    const said = `${name} finds a record of ${cluster} in the etcd that this site does not know (store ${record.storeId}).`;
    return [
      productError('install.store-unfit', said, [], 'Choose another prefix, or remove what is below it.'),
    ];
  });
}

/** Every reason not to use this etcd for anything. */
function unfitErrors({ clusters }: SiteDocument, looks: readonly MemberEtcdLook[]): ProductError[] {
  const unfit = looks.flatMap(({ cluster, name, look }) => {
    const refusals = etcdLookRefusals(look);
    if (refusals.length === 0) return [];
    const said = `${name} cannot have the lease of ${cluster} in this etcd.`;
    return [productError('install.store-unfit', said, refusals)];
  });
  if (unfit.length > 0) return unfit;
  return clusters.flatMap(({ id }) =>
    differentEtcds(
      id,
      looks.filter(({ cluster }) => cluster === id),
    ),
  );
}

function differentEtcds(cluster: string, looks: readonly MemberEtcdLook[]): ProductError[] {
  if (new Set(looks.map(({ look }) => clusterIdOf(look))).size <= 1) return [];
  const seen = looks.map(({ name, look }) => `${name} reaches the etcd cluster ${clusterIdOf(look)}`);
  return [
    productError(
      'install.store-unfit',
      `The members of ${cluster} reach different etcds by the same endpoints.`,
      seen,
    ),
  ];
}

function lostRecord(
  cluster: string,
  looks: readonly MemberEtcdLook[],
  works: readonly ServerWork[],
): ProductError[] {
  if (looks.every(({ look }) => look.record.kind !== 'missing')) return [];
  const way =
    'a cluster that runs gets no other lease store by an installation. Of an etcd that has lost its records ask an agent: ixha replace-store. To change the kind of lease store, the etcd or the prefix: npm run site -- move-store FILE';
  return lostRecordErrors(cluster, works, way);
}

/** First records of a site that never ran, made by its preferred members. A record that is there is never touched. */
export async function seedEtcd(inputs: EtcdInputs): Promise<Result<boolean[], ProductError[]>> {
  const { site, works, record } = inputs;
  const storeId = randomBytes(8).toString('hex');
  const epoch = firstEpoch(works);
  return inOrder(site.clusters, (cluster) => {
    const work = seederOf(cluster, works);
    const title = `first record of ${cluster.id} in the lease store (etcd)`;
    return recorded(record, work.wanted.server.id, title, async () => {
      const { T } = clusterTiming(cluster);
      const look = await lookFrom(inputs, work, cluster.id, { storeId, epoch, T });
      if (!look.ok) return look;
      if (look.value.record.kind === 'present') return succeed(look.value.seeded);
      const said = `The etcd has taken no first record of ${cluster.id}.`;
      return fail(productError('install.store-unfit', said, etcdLookRefusals(look.value)));
    });
  });
}

function seederOf({ members }: Cluster, works: readonly ServerWork[]): ServerWork {
  const { server } = members.find(({ preferred }) => preferred) ?? members[0]!;
  return works.find(({ wanted }) => wanted.server.id === server)!;
}

async function lookFrom(
  { site, secrets }: EtcdInputs,
  { wanted, connection }: ServerWork,
  cluster: string,
  seed?: EtcdLookOrder['seed'],
): Promise<Result<EtcdLook, ProductError>> {
  const { leaseStore } = site;
  if (leaseStore.kind !== 'etcd') throw new Error(`${site.id} has no etcd`);
  const order: EtcdLookOrder = {
    ...{ cluster, member: wanted.server.id, store: leaseStore, secrets },
    ...(seed && { seed }),
  };
  const program = `${serverPaths.library}/${wanted.version}`;
  const what = 'looking at the etcd';
  const printed = await outputOf(connection, [`${program}/node`, `${program}/ixha.cjs`, 'look-at-etcd'], {
    // Not as root, which it need not be: sudo can be set to keep what is given to it.
    ...{ what, timeoutMs: lookWithinMs },
    stdin: JSON.stringify(order),
  });
  if (!printed.ok) return printed;
  const look = EtcdLook.safeParse(parseJson(printed.value));
  if (look.success) return succeed(look.data);
  return fail(productError('ssh.command-failed', `${connection.name}: ${what} gave no valid answer.`));
}
