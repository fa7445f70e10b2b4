import { randomUUID } from 'node:crypto';
import { agentApiVersion, agentPaths } from '../../shared/agent-api/agent-api.ts';
import { LeaseRequest, type LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { WitnessSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import { answerLease, restoreStore, viewFor, type StoreState } from '../../shared/lease/store.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { WitnessConfig } from '../../shared/site/member-config.ts';
import type { IncomingSocket } from '../api/dial.ts';
import { startAgentServer } from '../api/agent-server.ts';
import { openSnapshotStream } from '../api/snapshot-stream.ts';
import { nodeFiles, type Files } from '../durable/files.ts';
import { loadCredentials } from '../tls/credentials.ts';
import { productVersion } from '../version.ts';
import { loadLeaseRecord, saveLeaseRecord } from './lease-records.ts';

interface Slot {
  readonly members: readonly string[];
  /** Null: no usable record, so nothing is granted. */
  state: StoreState | null;
}

/** The lease store: keeps one durable lease per cluster and answers over long-lived WebSockets. */
export async function startWitness(config: WitnessConfig, clock: Clock): Promise<{ close(): Promise<void> }> {
  const witness = new Witness(config, clock, nodeFiles);
  const stream = openSnapshotStream(() => witness.snapshot(), null, { minGapMs: 100, idleMs: 1000 });
  const server = await startAgentServer(loadCredentials(config.paths.certificates), config.listen, {
    get: {
      [agentPaths.status]: () => ({ status: 200, json: witness.snapshot() }),
      [agentPaths.metrics]: () => ({ status: 200, text: witnessMetrics(witness.snapshot()) }),
    },
    post: {},
    sockets: {
      [agentPaths.lease]: (socket, identity) => witness.serve(socket, identity, () => stream.changed()),
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

/** The witness itself, without its server. */
export class Witness {
  private readonly config: WitnessConfig;
  private readonly clock: Clock;
  private readonly files: Files;
  private readonly slots: Map<string, Slot>;
  private readonly startId = randomUUID();
  private readonly startedMs: number;
  private revision = 0;

  constructor(config: WitnessConfig, clock: Clock, files: Files) {
    this.config = config;
    this.clock = clock;
    this.files = files;
    this.startedMs = clock.bootMs();
    this.slots = loadSlots(config, this.startedMs, files);
  }

  snapshot(): WitnessSnapshot {
    const nowMs = this.clock.bootMs();
    return {
      kind: 'witness',
      apiVersion: agentApiVersion,
      productVersion,
      siteId: this.config.siteId,
      server: this.config.server,
      revision: this.revision,
      startId: this.startId,
      wallTime: this.clock.wallTime(),
      storeId: [...this.slots.values()].find((slot) => slot.state)?.state?.record.storeId ?? '',
      startedMs: nowMs - this.startedMs,
      leases: leasesOf(this.slots, nowMs),
    };
  }

  serve(socket: IncomingSocket, identity: Identity, onChange: () => void): void {
    if (identity.kind !== 'member') return socket.close();
    socket.on('message', (data) => {
      const answer = this.answer(identity, data, onChange);
      if (answer !== null) socket.send(JSON.stringify(answer));
    });
  }

  private answer(
    identity: Identity & { kind: 'member' },
    data: Buffer,
    onChange: () => void,
  ): LeaseAnswer | null {
    const request = parseRequest(data);
    if (request === null) return null;
    const slot = this.slots.get(request.cluster);
    if (
      slot === undefined ||
      identity.cluster !== request.cluster ||
      !slot.members.includes(identity.server)
    ) {
      return { id: request.id, result: 'refused', why: 'unknown-cluster', view: null };
    }
    if (slot.state === null) return { id: request.id, result: 'refused', why: 'not-durable', view: null };
    const turn = answerLease(slot.state, identity.server, request, this.clock.bootMs());
    if (turn.durable && !this.written(slot, turn.state)) {
      return { id: request.id, result: 'refused', why: 'not-durable', view: null };
    }
    slot.state = turn.state;
    if (turn.answer.result !== 'read') this.revision += 1;
    if (turn.durable) onChange();
    return { id: request.id, ...turn.answer };
  }

  /** After a failed write it is not known what is on disk: nothing more is granted until a start has read it. */
  private written(slot: Slot, next: StoreState): boolean {
    try {
      saveLeaseRecord(this.config.paths.state, next.record, this.files);
      return true;
    } catch (error) {
      console.error(`The lease record of ${next.record.cluster} could not be written: ${String(error)}`);
      slot.state = null;
      return false;
    }
  }
}

function loadSlots(config: WitnessConfig, nowMs: number, files: Files): Map<string, Slot> {
  return new Map(
    config.clusters.map(({ id, T, members }): [string, Slot] => {
      const state = loadState(config.paths.state, id, T, nowMs, files);
      if (!state.ok) console.error(`The lease record of ${id} cannot be used: ${state.error}`);
      return [id, { members, state: state.ok ? state.value : null }];
    }),
  );
}

/** A configured T that grew is on disk before anything is granted under it: a later start must still wait for it. */
function loadState(
  folder: string,
  cluster: string,
  T: number,
  nowMs: number,
  files: Files,
): Result<StoreState, string> {
  const found = loadLeaseRecord(folder, cluster, files);
  if (!found.ok) return found;
  const state = restoreStore(found.value, T, nowMs);
  if (state.record.T === found.value.T) return succeed(state);
  try {
    saveLeaseRecord(folder, state.record, files);
    return succeed(state);
  } catch (error) {
    return fail(`its longer T = ${T} s cannot be written down: ${String(error)}`);
  }
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
