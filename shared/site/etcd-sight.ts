import * as z from 'zod/mini';
import { EndpointLook, etcdLookRefusals, type EtcdLook } from './etcd-look.ts';

/** How long a member needs to reach an endpoint; null: it does not. */
export const EtcdWay = z.object({
  /** Name of the member's server. */
  from: z.string(),
  endpoint: z.string(),
  rttMs: z.nullable(z.number()),
});
export type EtcdWay = z.infer<typeof EtcdWay>;

/** An etcd before it keeps leases: tried by this workstation with the members' own means, and reached by the members. */
export const EtcdSight = z.object({
  endpoints: z.array(EndpointLook),
  ways: z.array(EtcdWay),
  /** What would keep it from keeping the leases; empty: nothing that can be seen before the installation. */
  refusals: z.array(z.string()),
});
export type EtcdSight = z.infer<typeof EtcdSight>;

/** Joins the looks for each cluster with the ways of the members. Pure. */
export function etcdSight(looks: readonly EtcdLook[], ways: readonly EtcdWay[]): EtcdSight {
  const [first] = looks;
  const unreached = [...new Set(ways.map(({ from }) => from))].flatMap((from) => {
    const own = ways.filter((way) => way.from === from);
    const open = own.filter(({ rttMs }) => rttMs !== null).length;
    return open * 2 > own.length
      ? []
      : [`${from} reaches ${open} of ${own.length} endpoints: that is no quorum`];
  });
  return {
    endpoints: first?.endpoints ?? [],
    ways: [...ways],
    refusals: [...new Set([...looks.flatMap(etcdLookRefusals), ...unreached])],
  };
}
