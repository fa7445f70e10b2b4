import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { assertNever, fail, succeed, type Result } from '../../../shared/result.ts';
import { processOfPidFile, signalProcess } from '../../demo/server/process-table.ts';
import { allServers, witnessServer } from './demo-design.ts';
import type { DemoFaultOrder, FaultInForce } from './demo-faults.ts';
import { witnessMember, type DemoFolders } from './demo-folders.ts';
import type { DemoRequests } from './demo-requests.ts';
import type { DemoServers } from './demo-servers.ts';

/** What faults and healing reach for. */
export interface DemoMeans {
  readonly folders: DemoFolders;
  readonly servers: DemoServers;
  readonly requests: DemoRequests;
}

/** Makes one fault happen. `command.refused` when what it names does not run now; rejects when it cannot be done. */
export async function carryOut(order: DemoFaultOrder, means: DemoMeans): Promise<Result<void, ProductError>> {
  const { folders, servers, requests } = means;
  switch (order.kind) {
    case 'kill-engine': {
      const file = folders.member(order.server, order.cluster).enginePid;
      return signal(file, 'SIGKILL', `No engine of ${order.cluster} runs on ${order.server}.`);
    }
    case 'freeze-agent': {
      const file = folders.member(order.server, order.cluster).agentPid;
      return signal(file, 'SIGSTOP', `No agent of ${order.cluster} runs on ${order.server}.`);
    }
    case 'kill-server':
      // The cable first: a machine without power tells nobody that it is going.
      for (const other of allServers.filter((server) => server !== order.server)) {
        await requests.cut(order.server, other);
      }
      await servers.powerCut(order.server);
      return succeed(undefined);
    case 'cut-link':
      await requests.cut(order.server, order.other);
      return succeed(undefined);
    case 'stop-witness':
      await servers.powerCut(witnessServer);
      return succeed(undefined);
    case 'lose-store': {
      const { state } = folders.member(witnessServer, witnessMember);
      await servers.powerCut(witnessServer);
      for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true });
      await servers.boot(witnessServer);
      return succeed(undefined);
    }
    default:
      return assertNever(order);
  }
}

/** Ends every fault: frozen agents go on, links carry again, what was killed boots. Rejects when it cannot. */
export async function healAll(inForce: readonly FaultInForce[], means: DemoMeans): Promise<void> {
  const { folders, servers, requests } = means;
  for (const { fault } of inForce.filter((entry) => entry.fault.kind === 'freeze-agent')) {
    const agent = processOfPidFile(folders.member(fault.server!, fault.cluster!).agentPid);
    if (agent) signalProcess(agent.pid, 'SIGCONT');
  }
  await requests.healLinks();
  await Promise.all(allServers.map((server) => servers.boot(server)));
}

function signal(pidFile: string, name: NodeJS.Signals, otherwise: string): Result<void, ProductError> {
  const found = processOfPidFile(pidFile);
  if (!found) return fail(productError('command.refused', otherwise));
  signalProcess(found.pid, name);
  return succeed(undefined);
}
