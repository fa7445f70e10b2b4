import { randomBytes } from 'node:crypto';
import { seedRecord } from '../../shared/lease/store.ts';
import type { Clock, Timers } from '../../shared/clock.ts';
import {
  endpointName,
  type EndpointLook,
  type EtcdLook,
  type EtcdLookOrder,
} from '../../shared/site/etcd-look.ts';
import type { EtcdEndpoint } from '../../shared/site/site-document.ts';
import { EtcdCell, type Found } from './etcd-cell.ts';
import { EtcdClient, EtcdTrouble } from './etcd-client.ts';
import { parseVersion } from './etcd-messages.ts';
import type { EtcdHttp } from './etcd-post.ts';

interface EtcdLookPorts {
  readonly open: (endpoints: readonly EtcdEndpoint[]) => EtcdHttp;
  readonly timers: Timers;
  readonly clock: Clock;
}

/** Time for one endpoint, its log-in included. */
const limitMs = 10_000;

interface Reached {
  readonly cell: EtcdCell;
  readonly found: Found;
}

/**
 * Tries every endpoint of an etcd by itself with what a member will do later, and makes the first record of the
 * cluster where that is asked for and nothing stands in its place. A record that is there is never touched.
 */
export async function lookAtEtcd(order: EtcdLookOrder, ports: EtcdLookPorts): Promise<EtcdLook> {
  const looks = await Promise.all(order.store.endpoints.map((endpoint) => lookAtOne(order, endpoint, ports)));
  const endpoints = looks.map(({ look }) => look);
  const reached = looks.flatMap(({ reached }) => reached ?? []);
  try {
    const [first] = reached;
    if (first === undefined)
      return { endpoints, record: { kind: 'unusable', why: 'nobody answers' }, seeded: false };
    const record = recordOf(first);
    const { seed } = order;
    if (record.kind !== 'missing' || seed === undefined) return { endpoints, record, seeded: false };
    const { storeId, T, epoch } = seed;
    const found = await first.cell.make(first.found, seedRecord(storeId, order.cluster, T, epoch));
    const made = recordOf({ cell: first.cell, found });
    return { endpoints, record: made, seeded: made.kind === 'present' && made.storeId === storeId };
  } catch (error) {
    if (!(error instanceof EtcdTrouble)) throw error;
    return { endpoints, record: { kind: 'unusable', why: error.message }, seeded: false };
  } finally {
    for (const { end } of looks) end();
  }
}

async function lookAtOne(
  { cluster, member, store, secrets }: EtcdLookOrder,
  endpoint: EtcdEndpoint,
  { open, timers, clock }: EtcdLookPorts,
): Promise<{ readonly look: EndpointLook; readonly reached: Reached | null; readonly end: () => void }> {
  const name = endpointName(endpoint);
  const http = open([endpoint]);
  const { user, prefix } = store;
  const client = new EtcdClient({
    post: http.post,
    timers,
    endpoints: [name],
    user: user === undefined ? null : { name: user, password: secrets.password ?? '' },
    nextAfterMs: limitMs,
    limitMs,
  });
  const nonce = randomBytes(6).toString('hex');
  const cell = new EtcdCell({ client, clock, prefix, cluster, member, nonce });
  const end = () => {
    client.close();
    http.close();
  };
  try {
    await cell.look();
    const version = await versionOf(http.get, timers);
    // Once more, over the connection that is there and signed in now: this is what a renewal takes.
    const beganMs = performance.now();
    const again = await cell.look();
    const roundTripMs = performance.now() - beganMs;
    return {
      look: { endpoint: name, version, clusterId: cell.etcdCluster(), why: null, roundTripMs },
      reached: { cell, found: again },
      end,
    };
  } catch (error) {
    if (!(error instanceof EtcdTrouble)) throw error;
    const why = error.message.replaceAll(`${name}: `, '');
    return { look: { endpoint: name, version: null, clusterId: null, why }, reached: null, end };
  }
}

function recordOf({ cell, found }: Reached): EtcdLook['record'] {
  if (found.kind === 'seen') {
    const { storeId, epoch, retired } = found.seen.record;
    return { kind: 'present', storeId, epoch, ...(retired === undefined ? {} : { retired: true }) };
  }
  return found.revision === 0
    ? { kind: 'missing' }
    : { kind: 'unusable', why: cell.unusable() ?? 'it cannot be read' };
}

async function versionOf(get: EtcdHttp['get'], timers: Timers): Promise<string | null> {
  const limit = new AbortController();
  const endLimit = timers.after(limitMs, () => limit.abort());
  try {
    const { status, text } = await get(0, '/version', limit.signal);
    return status === 200 ? parseVersion(text) : null;
  } catch {
    return null;
  } finally {
    endLimit();
  }
}
