import * as z from 'zod/mini';
import { endpointText, quorumOf } from './etcd-rules.ts';
import { EntityId, etcdAccess, type EtcdEndpoint } from './site-document.ts';

/** What is needed to sign in to an etcd. Its values are secrets: they travel on standard input only. */
export const EtcdSecrets = z.strictObject({
  authorityPem: z.string(),
  certificatePem: z.string(),
  keyPem: z.string(),
  /** Absent: etcd has no users. */
  password: z.optional(z.string()),
});
export type EtcdSecrets = z.infer<typeof EtcdSecrets>;

/** What `ixha look-at-etcd` reads: a member's way to its etcd, before anything of it is configured there. */
export const EtcdLookOrder = z.strictObject({
  cluster: EntityId,
  member: EntityId,
  store: z.strictObject(etcdAccess),
  secrets: EtcdSecrets,
  /** Make the first record where there is none. */
  seed: z.optional(
    z.strictObject({ storeId: z.string(), epoch: z.int().check(z.minimum(0)), T: z.number() }),
  ),
});
export type EtcdLookOrder = z.infer<typeof EtcdLookOrder>;

/** What one endpoint said. `why`: it does not take reads and writes, as a sentence's end. */
export const EndpointLook = z.object({
  endpoint: z.string(),
  version: z.nullable(z.string()),
  clusterId: z.nullable(z.string()),
  why: z.nullable(z.string()),
  /** One write and read that a quorum has confirmed; absent: not measured. */
  roundTripMs: z.optional(z.number()),
});
export type EndpointLook = z.infer<typeof EndpointLook>;

/** What `ixha look-at-etcd` prints. */
export const EtcdLook = z.object({
  endpoints: z.array(EndpointLook),
  record: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('present'),
      storeId: z.string(),
      epoch: z.int(),
      /** Another store has taken its place; absent: it works. */
      retired: z.optional(z.boolean()),
    }),
    z.object({ kind: z.literal('missing') }),
    /** Something stands there that is not used; or nobody could be asked. */
    z.object({ kind: z.literal('unusable'), why: z.string() }),
  ]),
  seeded: z.boolean(),
});
export type EtcdLook = z.infer<typeof EtcdLook>;

const oldestMinor = 4;

/** Every reason why this etcd cannot keep the leases of a cluster, as one member sees it; empty when it can. Pure. */
export function etcdLookRefusals({ endpoints, record }: EtcdLook): string[] {
  const good = endpoints.filter(({ why }) => why === null);
  const needed = quorumOf(endpoints.length);
  const silent = endpoints.flatMap(({ endpoint, why }) => (why === null ? [] : [`${endpoint}: ${why}`]));
  const ids = [...new Set(good.flatMap(({ clusterId }) => clusterId ?? []))];
  return [
    ...(good.length < needed
      ? [`${good.length} of ${endpoints.length} etcd endpoints answer, ${needed} are needed`, ...silent]
      : []),
    ...good
      .filter(({ version }) => !isNewEnough(version))
      .map(
        ({ endpoint, version }) =>
          `${endpoint} runs etcd ${version ?? 'of an unknown version'}; 3.4 or newer is needed`,
      ),
    ...(ids.length > 1
      ? [`the endpoints are of ${ids.length} different etcd clusters (cluster ids ${ids.join(', ')})`]
      : []),
    ...(record.kind === 'unusable' && good.length >= needed ? [`its record: ${record.why}`] : []),
  ];
}

/** The etcd cluster that a look has reached; undefined: none, or several. */
export function clusterIdOf({ endpoints }: EtcdLook): string | undefined {
  const ids = new Set(endpoints.flatMap(({ clusterId }) => clusterId ?? []));
  return ids.size === 1 ? [...ids][0] : undefined;
}

/** How sentences name an endpoint. */
export function endpointName(endpoint: EtcdEndpoint): string {
  return `etcd ${endpointText(endpoint)}`;
}

function isNewEnough(version: string | null): boolean {
  const [major, minor] = (version ?? '').split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return false;
  return major > 3 || (major === 3 && minor >= oldestMinor);
}
