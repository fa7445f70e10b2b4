import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { startActiveServer } from '../api/active-server.ts';
import { webSocketDial } from '../api/dial.ts';
import { exchangeRevocations, type Neighbour } from '../api/revocation-exchange.ts';
import { openSnapshotStream } from '../api/snapshot-stream.ts';
import { nodeFiles } from '../durable/files.ts';
import { Acknowledgements } from '../notifications/acknowledgements.ts';
import { Notifier, type NotifierPorts } from '../notifications/notifier.ts';
import { deliverBy, deliveryProgram, type Deliver } from '../notifications/run-delivery.ts';
import { systemTimers } from '../system-timers.ts';
import { loadCredentials } from '../tls/credentials.ts';
import { certificateTold, type TlsSide } from '../tls/tls-side.ts';
import { durableRevocations } from '../tls/revocation-files.ts';
import { Revocations } from '../tls/revocations.ts';
import { tellExcusedOnce } from '../tls/time-fault-words.ts';
import { startMemberApi } from './member-api.ts';
import { openMemberDevices } from './member-ground.ts';
import { Member } from './member.ts';

/**
 * Starts one member's agent. Rejects when a port is taken or its files cannot be used. Until both ports are
 * open nobody can see or ask anything, but the lease is kept already.
 */
export async function startMember(
  config: MemberConfig,
  clock: Clock,
  deliver: Deliver = deliverBy(deliveryProgram()),
): Promise<{ close(): Promise<void> }> {
  const credentials = loadCredentials(config.paths.certificates);
  const early: string[] = [];
  let alarm = (sentence: string): unknown => early.push(sentence);
  const side: TlsSide = {
    credentials,
    revocations: new Revocations(credentials, durableRevocations(config.paths.state, nodeFiles), (sentence) =>
      alarm(sentence),
    ),
    onExcused: tellExcusedOnce((sentence) => alarm(sentence)),
  };
  const member: Member = new Member(config, {
    clock,
    timers: systemTimers,
    files: nodeFiles,
    dial: webSocketDial(side),
    devices: openMemberDevices(config, clock),
    machineId: readMachineId(),
    certificate: certificateTold(side),
    onTold: () => stream.changed(),
    notifications: () => ({
      ...(notifier === null ? {} : { notifications: notifier.told() }),
      acknowledged: acknowledgements.told(),
    }),
  });
  alarm = (sentence) => member.alarm(sentence);
  for (const sentence of early) alarm(sentence);
  const { parts, loop } = member.served();
  const acknowledgements = openAcknowledgements(config, clock, member);
  const notifier = openNotifier(config, member, { clock, deliver, acknowledgements });
  const stream = openSnapshotStream(() => member.snapshot(), parts.journal, { minGapMs: 100, idleMs: 1_000 });
  const { address, activePort } = config.listen;
  const servers = [
    await startActiveServer({ address, port: activePort }, member.balancerAnswers()),
    await startMemberApi(parts, loop, side, member, stream, { notifier, acknowledgements }),
  ];
  const endExchange = exchangeRevocations(side, neighboursOf(config), systemTimers, alarm);
  side.revocations.onNewer(() => stream.changed());
  return {
    close: async () => {
      endExchange();
      notifier?.close();
      acknowledgements.close();
      await member.leave((await parts.service.serverStops?.()) ?? false);
      await Promise.all(servers.map((server) => server.close()));
      // The engine is not touched: only the deadline stops it.
      member.close();
      stream.close();
    },
  };
}

/** What people have said that they know of, which is kept also where nobody is told anything. */
function openAcknowledgements(config: MemberConfig, clock: Clock, member: Member): Acknowledgements {
  return new Acknowledgements({
    path: join(config.paths.state, 'acknowledgements.json'),
    files: nodeFiles,
    clock,
    timers: systemTimers,
    journal: member.served().parts.journal,
    snapshot: () => member.snapshot(),
  });
}

/** Null: nobody is to be told anything, which then costs nothing. */
function openNotifier(
  config: MemberConfig,
  member: Member,
  ports: Pick<NotifierPorts, 'clock' | 'deliver' | 'acknowledgements'>,
): Notifier | null {
  const { notifications: policy } = config;
  if (policy === undefined || policy.targets.length === 0) return null;
  const { journal, memory } = member.served().parts;
  const { epoch } = memory.current();
  const snapshot = () => member.snapshot();
  return new Notifier({
    ...ports,
    config,
    policy,
    timers: systemTimers,
    files: nodeFiles,
    journal,
    snapshot,
    epoch,
  });
}

/** Whom it compares revocation lists with: its peer, and a witness, which knows the members of every cluster. */
function neighboursOf({ siteId: site, cluster, peer, store }: MemberConfig): Neighbour[] {
  const { server, address, port } = peer;
  const other: Neighbour = { expected: { kind: 'member', site, cluster, server }, address, port };
  if ('kind' in store) return [other];
  const witness: Identity = { kind: 'witness', site, server: store.server };
  return [other, { expected: witness, address: store.address, port: store.port }];
}

/** Null where the system has none. */
function readMachineId(): string | null {
  try {
    return /^[0-9a-f]{32}$/m.exec(readFileSync('/etc/machine-id', 'utf8'))?.[0] ?? null;
  } catch {
    return null;
  }
}
