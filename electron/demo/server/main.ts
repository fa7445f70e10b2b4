import { configFromCommandLine } from './config-file.ts';
import { listenForControl } from './control-socket.ts';
import { killDescendants } from './process-table.ts';
import { ServerConfig } from './server-config.ts';
import { Unit } from './unit.ts';

/**
 * Stand-in for one server's service manager. It is started as its own process group, so that killing
 * the group is a power cut, and it lives only as long as its standard input is held open by whoever
 * started it: a supervisor that dies in any way takes every process of the server with it.
 */
const engineGraceMs = 5_000;
const otherGraceMs = 2_000;

async function main(): Promise<void> {
  const config = configFromCommandLine(ServerConfig, process.argv);
  let stopping = false;
  const units = config.units.map((unit) => new Unit(unit, () => stopping));
  process.stdin.on('end', powerOff).on('close', powerOff).on('error', powerOff).resume();
  const shutDown = () => {
    if (stopping) return;
    stopping = true;
    void orderlyShutdown(units);
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
  await listenForControl(config.socket, units);
  for (const unit of config.units.filter((candidate) => candidate.restart.always)) {
    void units.find((candidate) => candidate.id === unit.id)?.start();
  }
}

function powerOff(): void {
  killDescendants(process.pid);
  process.exit(1);
}

/** The engine stops first, then the agents, so that they can still prove and release; then the rest. */
async function orderlyShutdown(units: readonly Unit[]): Promise<void> {
  await Promise.all(units.filter((unit) => unit.gated).map((unit) => unit.stop(engineGraceMs)));
  const agentsFirst = [
    units.filter((unit) => !unit.gated && unit.id.startsWith('agent-')),
    units.filter((unit) => !unit.gated && !unit.id.startsWith('agent-')),
  ];
  for (const group of agentsFirst) await Promise.all(group.map((unit) => unit.stop(otherGraceMs)));
  killDescendants(process.pid);
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
