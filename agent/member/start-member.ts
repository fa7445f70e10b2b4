import { readFileSync } from 'node:fs';
import type { Clock } from '../../shared/clock.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { startActiveServer } from '../api/active-server.ts';
import { webSocketDial } from '../api/dial.ts';
import { openSnapshotStream } from '../api/snapshot-stream.ts';
import { nodeFiles } from '../durable/files.ts';
import { systemTimers } from '../system-timers.ts';
import { certificateTime, loadCredentials } from '../tls/credentials.ts';
import { tellExcusedOnce } from '../tls/time-fault-words.ts';
import { startMemberApi } from './member-api.ts';
import { openMemberDevices } from './member-ground.ts';
import { Member } from './member.ts';

/**
 * Starts one member's agent. Rejects when a port is taken or its files cannot be used. Until both ports are
 * open nobody can see or ask anything, but the lease is kept already.
 */
export async function startMember(config: MemberConfig, clock: Clock): Promise<{ close(): Promise<void> }> {
  const credentials = loadCredentials(config.paths.certificates);
  // Met in handshakes only, so never before the member exists.
  const onExcused = tellExcusedOnce((sentence) => member.alarm(sentence));
  const member = new Member(config, {
    clock,
    timers: systemTimers,
    files: nodeFiles,
    dial: webSocketDial(credentials, onExcused),
    devices: openMemberDevices(config, clock),
    machineId: readMachineId(),
    certificateTime: certificateTime(credentials),
    onTold: () => stream.changed(),
  });
  const { parts, loop } = member.served();
  const stream = openSnapshotStream(() => member.snapshot(), parts.journal, { minGapMs: 100, idleMs: 1_000 });
  const { address, activePort } = config.listen;
  const servers = [
    await startActiveServer({ address, port: activePort }, member.balancerAnswers()),
    await startMemberApi(parts, loop, { credentials, onExcused }, member, stream),
  ];
  return {
    close: async () => {
      await member.leave((await parts.service.serverStops?.()) ?? false);
      await Promise.all(servers.map((server) => server.close()));
      // The engine is not touched: only the deadline stops it.
      member.close();
      stream.close();
    },
  };
}

/** Null where the system has none. */
function readMachineId(): string | null {
  try {
    return /^[0-9a-f]{32}$/m.exec(readFileSync('/etc/machine-id', 'utf8'))?.[0] ?? null;
  } catch {
    return null;
  }
}
