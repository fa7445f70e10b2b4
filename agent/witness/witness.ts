import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { agentApiVersion, agentPaths } from '../../shared/agent-api/agent-api.ts';
import { LeaseRequest, type LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { WitnessSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import { answerLease, restoreStore, viewFor, type StoreState } from '../../shared/lease/store.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { WitnessConfig } from '../../shared/site/member-config.ts';
import { startAgentServer } from '../api/agent-server.ts';
import { openSnapshotStream } from '../api/snapshot-stream.ts';
import { loadCredentials } from '../tls/credentials.ts';
import { productVersion } from '../version.ts';
import { loadLeaseRecord, saveLeaseRecord } from './lease-records.ts';

interface Slot {
  readonly members: readonly string[];
  state: StoreState | null;
  /** Why this cluster has no usable record. */
  why: string;
}

/** The lease store: keeps one durable lease per cluster and answers over long-lived WebSockets. */
export async function startWitness(config: WitnessConfig, clock: Clock): Promise<{ close(): Promise<void> }> {
  const credentials = loadCredentials(config.paths.certificates);
  const slots = loadSlots(config, clock.bootMs());
  const startedMs = clock.bootMs();
  const startId = randomUUID();
  let revision = 0;

  const snapshot = (): WitnessSnapshot => ({
    kind: 'witness',
    apiVersion: agentApiVersion,
    productVersion,
    siteId: config.siteId,
    server: config.server,
    revision,
    startId,
    wallTime: clock.wallTime(),
    storeId: [...slots.values()].find((slot) => slot.state)?.state?.record.storeId ?? '',
    startedMs: clock.bootMs() - startedMs,
    leases: leasesOf(slots, clock.bootMs()),
  });
  const stream = openSnapshotStream(snapshot, null, { minGapMs: 100, idleMs: 1000 });

  function serve(socket: WebSocket, identity: Identity): void {
    if (identity.kind !== 'member') return socket.close();
    socket.on('message', (data) => {
      const answer = handle(identity, data as Buffer);
      if (answer !== null) socket.send(JSON.stringify(answer));
    });
  }

  function handle(identity: Identity & { kind: 'member' }, data: Buffer): LeaseAnswer | null {
    const request = parseRequest(data);
    if (request === null) return null;
    const slot = slots.get(request.cluster);
    if (
      slot === undefined ||
      identity.cluster !== request.cluster ||
      !slot.members.includes(identity.server)
    ) {
      return { id: request.id, result: 'refused', why: 'unknown-cluster', view: null };
    }
    if (slot.state === null) return { id: request.id, result: 'refused', why: 'not-durable', view: null };
    const turn = answerLease(slot.state, identity.server, request, clock.bootMs());
    if (turn.durable) {
      try {
        saveLeaseRecord(config.paths.state, turn.state.record);
      } catch (error) {
        // What is on disk now is not known: nothing more is granted until a start has read it again.
        slot.why = `the record could not be written: ${String(error)}`;
        slot.state = null;
        return { id: request.id, result: 'refused', why: 'not-durable', view: null };
      }
    }
    slot.state = turn.state;
    if (turn.answer.result !== 'read') {
      revision += 1;
      if (turn.durable) stream.changed();
    }
    return { id: request.id, ...turn.answer };
  }

  const server = await startAgentServer(credentials, config.listen, {
    get: {
      [agentPaths.status]: () => ({ status: 200, json: snapshot() }),
      [agentPaths.metrics]: () => ({ status: 200, text: witnessMetrics(snapshot()) }),
    },
    post: {},
    sockets: {
      [agentPaths.lease]: (socket, identity) => serve(socket, identity),
      [agentPaths.stream]: (socket) => stream.add(socket, null),
    },
    allows: (identity, path) =>
      path === agentPaths.lease ? identity.kind === 'member' : identity.kind !== 'member',
  });
  return {
    close: async () => {
      stream.close();
      await server.close();
    },
  };
}

function loadSlots(config: WitnessConfig, nowMs: number): Map<string, Slot> {
  return new Map(
    config.clusters.map(({ id, T, members }): [string, Slot] => {
      const record = loadLeaseRecord(config.paths.state, id);
      const state = record.ok ? restoreStore(record.value, T, nowMs) : null;
      return [id, { members, state, why: record.ok ? '' : record.error }];
    }),
  );
}

function leasesOf(slots: ReadonlyMap<string, Slot>, nowMs: number): WitnessSnapshot['leases'] {
  return [...slots].flatMap(([cluster, { state }]) => {
    if (state === null) return [];
    const { epoch, holder, reservedFor, freeInMs } = viewFor(state, '', nowMs);
    const renewedMs = state.renewedAtMs === null ? null : nowMs - state.renewedAtMs;
    return [{ cluster, epoch, holder, reservedFor, freeInMs, renewedMs }];
  });
}

function parseRequest(data: Buffer): LeaseRequest | null {
  try {
    const parsed = LeaseRequest.safeParse(JSON.parse(data.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function witnessMetrics(snapshot: WitnessSnapshot): string {
  const lines = snapshot.leases.flatMap((lease) => [
    `ixha_lease_epoch{cluster="${lease.cluster}"} ${lease.epoch}`,
    `ixha_lease_free_in_seconds{cluster="${lease.cluster}"} ${lease.freeInMs / 1000}`,
  ]);
  return `${lines.join('\n')}\n`;
}
