import { randomUUID } from 'node:crypto';
import { agentApiLimits, agentApiVersion, agentPaths } from '../../shared/agent-api/agent-api.ts';
import { LeaseRequest, type LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { WitnessSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import { answerLease, viewFor, type StoreState } from '../../shared/lease/store.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { WitnessConfig } from '../../shared/site/member-config.ts';
import type { IncomingSocket } from '../api/dial.ts';
import { startAgentServer, type AgentRoutes } from '../api/agent-server.ts';
import { takeOffer } from '../api/revocation-route.ts';
import { openSnapshotStream } from '../api/snapshot-stream.ts';
import { nodeFiles, type Files } from '../durable/files.ts';
import { loadCredentials } from '../tls/credentials.ts';
import { certificateTold, type CertificateTold, type TlsSide } from '../tls/tls-side.ts';
import { durableRevocations } from '../tls/revocation-files.ts';
import { Revocations } from '../tls/revocations.ts';
import { tellExcusedOnce } from '../tls/time-fault-words.ts';
import { productVersion } from '../version.ts';
import { LeaseSlot } from './lease-slot.ts';

/** The lease store: keeps one durable lease per cluster and answers over long-lived WebSockets. */
export async function startWitness(config: WitnessConfig, clock: Clock): Promise<{ close(): Promise<void> }> {
  const credentials = loadCredentials(config.paths.certificates);
  const side: TlsSide = {
    credentials,
    revocations: new Revocations(credentials, durableRevocations(config.paths.state, nodeFiles), note),
    onExcused: tellExcusedOnce(note),
  };
  const witness = new Witness(config, clock, nodeFiles, certificateTold(side));
  const stream = openSnapshotStream(() => witness.snapshot(), null, { minGapMs: 100, idleMs: 1000 });
  const serveLease = (socket: IncomingSocket, identity: Identity) =>
    witness.serve(socket, identity, () => stream.changed());
  const leasePaths: readonly string[] = [agentPaths.lease, agentPaths.leaseThroughPeer];
  const routes: AgentRoutes = {
    get: {
      [agentPaths.status]: () => ({ status: 200, json: witness.snapshot() }),
      [agentPaths.metrics]: () => ({ status: 200, text: witnessMetrics(witness.snapshot()) }),
    },
    post: { [agentPaths.revocations]: (call) => takeOffer(side.revocations, call) },
    sockets: {
      [agentPaths.lease]: serveLease,
      [agentPaths.leaseThroughPeer]: serveLease,
      [agentPaths.stream]: (socket) => stream.add(socket, null),
    },
    oneEach: leasePaths,
    allows: (identity, path) =>
      path === agentPaths.revocations ||
      (leasePaths.includes(path) ? identity.kind === 'member' : identity.kind !== 'member'),
  };
  side.revocations.onNewer(() => stream.changed());
  // Every member of every cluster must find room on both ways, also while its older connections have not ended yet.
  const members = config.clusters.reduce((sum, cluster) => sum + cluster.members.length, 0);
  const server = await startAgentServer(side, config.listen, routes, {
    connections: agentApiLimits.connections + 4 * members,
  });
  return {
    close: async () => {
      stream.close();
      await server.close();
    },
  };
}

/** A store has no journal of its own: its service manager keeps what it says. */
const note = (sentence: string) => console.error(sentence);

/** The witness itself, without its server. */
export class Witness {
  private readonly config: WitnessConfig;
  private readonly clock: Clock;
  private readonly slots: ReadonlyMap<string, LeaseSlot>;
  private readonly certificate: (() => CertificateTold) | undefined;
  private readonly startId = randomUUID();
  private readonly startedMs: number;
  private revision = 0;

  constructor(config: WitnessConfig, clock: Clock, files: Files, certificate?: () => CertificateTold) {
    this.config = config;
    this.certificate = certificate;
    this.clock = clock;
    this.startedMs = clock.bootMs();
    const folder = config.paths.state;
    this.slots = new Map(
      config.clusters.map(({ id, ...cluster }) => [
        id,
        new LeaseSlot({ cluster: id, ...cluster, folder, files, note }, this.startedMs),
      ]),
    );
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
      storeId: [...this.slots.values()].find((slot) => slot.present())?.present()?.record.storeId ?? '',
      startedMs: nowMs - this.startedMs,
      leases: leasesOf(this.slots, nowMs),
      unusable: unusableOf(this.slots),
      ...this.certificate?.(),
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
      !slot.options.members.includes(identity.server)
    ) {
      return { id: request.id, result: 'refused', why: 'unknown-cluster', view: null };
    }
    const nowMs = this.clock.bootMs();
    const mended = slot.retry(nowMs);
    if (request.op === 'seed') return this.seed(slot, identity, request, onChange);
    const state = slot.present();
    if (state === null) return withoutRecord(slot, request.id);
    const turn = answerLease(state, identity.server, request, nowMs);
    const kept = slot.replace(turn.state, turn.durable ? 'durable' : 'volatile', nowMs);
    if (turn.answer.result !== 'read') this.revision += 1;
    if (turn.durable || mended) onChange();
    if (!kept) return withoutRecord(slot, request.id);
    return { id: request.id, ...turn.answer };
  }

  private seed(
    slot: LeaseSlot,
    { server }: Identity & { kind: 'member' },
    { id, storeId, epoch, policy }: Extract<LeaseRequest, { op: 'seed' }>,
    onChange: () => void,
  ): LeaseAnswer {
    const nowMs = this.clock.bootMs();
    if (storeId === null) return { id, result: 'refused', why: 'store-id', view: null };
    const seeded = slot.seed({ storeId, epoch, policy }, nowMs);
    this.revision += 1;
    onChange();
    if (seeded.ok) return { id, result: 'seeded', view: viewFor(seeded.value, server, nowMs) };
    const present = slot.present();
    if (present === null) return withoutRecord(slot, id);
    return { id, result: 'refused', why: seeded.error, view: viewFor(present, server, nowMs) };
  }
}

function withoutRecord(slot: LeaseSlot, id: number): LeaseAnswer {
  const unseeded = slot.unseeded() ? { unseeded: true } : {};
  return { id, result: 'refused', why: 'not-durable', view: null, ...unseeded };
}

function leasesOf(slots: ReadonlyMap<string, LeaseSlot>, nowMs: number): WitnessSnapshot['leases'] {
  return [...slots].flatMap(([cluster, slot]) => {
    const state = slot.present();
    if (state === null || state.record.retired !== undefined) return [];
    const { epoch, holder, reservedFor, freeInMs } = viewFor(state, '', nowMs);
    const renewedMs = state.renewedAtMs === null ? null : nowMs - state.renewedAtMs;
    return [{ cluster, epoch, holder, reservedFor, freeInMs, renewedMs }];
  });
}

function unusableOf(slots: ReadonlyMap<string, LeaseSlot>): { cluster: string; why: string }[] {
  return [...slots].flatMap(([cluster, slot]) => {
    const why = slot.trouble() ?? retiredWhy(slot.present());
    return why === null ? [] : [{ cluster, why }];
  });
}

function retiredWhy(state: StoreState | null): string | null {
  const retired = state?.record.retired;
  return retired === undefined ? null : `it is retired: ${retired.successor} takes its place`;
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
  const unusable = (snapshot.unusable ?? []).map(
    ({ cluster }) => `ixha_lease_record_unusable{cluster="${cluster}"} 1`,
  );
  return `${[...lines, ...unusable].join('\n')}\n`;
}
