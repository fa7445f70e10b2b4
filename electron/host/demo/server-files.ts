import { join } from 'node:path';
import type { ServerConfig, UnitConfig } from '../../demo/server/server-config.ts';
import type { TimingPolicy } from '../../../shared/lease/timing.ts';
import { clusterDesigns, witnessServer, type MemberServer } from './demo-design.ts';
import type { DemoFolders, ServerFolders } from './demo-folders.ts';
import type { DemoRuntime } from './demo-programs.ts';

/** Agents and guards come back like this; an engine never does by itself. */
const always = { always: true, delayMs: 100 };
const never = { always: false, delayMs: 0 };
/** As the guards' unit asks of a real service manager. */
const guardNice = -15;

/** Units of one member server: per cluster two guards, an agent, and an engine behind the gate. */
export function memberServerConfig(
  server: MemberServer,
  timing: TimingPolicy,
  folders: DemoFolders,
  runtime: DemoRuntime,
): ServerConfig {
  const here = folders.server(server);
  const killTimeMs = String(Math.round(timing.D * 1000));
  const script = (name: string) => join(runtime.scriptsDirectory, name);
  const units = clusterDesigns.flatMap(({ id }): UnitConfig[] => {
    const member = folders.member(server, id);
    const guard = (number: string): UnitConfig => ({
      id: `guard-${number}-${id}`,
      command: ['/bin/bash', script('guard.sh'), member.run, number, killTimeMs, 'pidfile', member.enginePid],
      restart: always,
      nice: guardNice,
      log: join(here.log, `guard-${number}-${id}.log`),
    });
    return [
      guard('1'),
      guard('2'),
      {
        id: `agent-${id}`,
        command: [runtime.nodePath, runtime.programs.agent, 'member', '--config', member.agentConfig],
        restart: always,
        pidFile: member.agentPid,
        log: join(here.log, `agent-${id}.log`),
      },
      {
        id: `engine-${id}`,
        command: [runtime.nodePath, runtime.programs.engine, '--config', member.engineConfig],
        restart: never,
        gate: { command: ['/bin/bash', script('gate.sh'), member.run, killTimeMs] },
        pidFile: member.enginePid,
        log: join(here.log, `engine-${id}.log`),
      },
    ];
  });
  return { server, socket: here.socket, units };
}

/** Configuration files of the programs that run outside of the member servers. */
export interface OutsideConfigs {
  readonly witness: string;
  readonly network: string;
  readonly balancer: string;
  readonly traffic: string;
}

/** The third server: nothing but the lease store. */
export function witnessServerConfig(
  folders: DemoFolders,
  runtime: DemoRuntime,
  configs: OutsideConfigs,
): ServerConfig {
  const here = folders.server(witnessServer);
  const command = [runtime.nodePath, runtime.programs.agent, 'witness', '--config', configs.witness];
  return { server: witnessServer, socket: here.socket, units: [program('witness', command, here)] };
}

/** What is around the servers: the network between them, the balancer, and those who send and receive. */
export function outsideConfig(
  folders: DemoFolders,
  runtime: DemoRuntime,
  configs: OutsideConfigs,
): ServerConfig {
  const here = folders.outside;
  const { nodePath, programs } = runtime;
  return {
    server: 'outside',
    socket: here.socket,
    units: (['network', 'balancer', 'traffic'] as const).map((name) =>
      program(name, [nodePath, programs[name], '--config', configs[name]], here),
    ),
  };
}

function program(id: string, command: string[], here: ServerFolders): UnitConfig {
  return { id, command, restart: always, log: join(here.log, `${id}.log`) };
}
