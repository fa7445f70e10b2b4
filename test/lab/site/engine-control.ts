import type { FaultName, FaultValue } from '../../../electron/demo/engine/faults.ts';
import { run } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { cableName, type HostName, type LabLayout } from '../hosts/layout.ts';
import type { LabCluster } from './lab-site.ts';

/** What the running engine tells of itself, beside the API of a real one. */
export interface EngineState {
  readonly pid: number;
  readonly generation: number;
  readonly lateWrites: number;
  readonly faults: Readonly<Record<string, unknown>>;
}

/** Switches a fault of the stand-in engine on, or off with null. */
export async function switchEngineFault(
  lab: LabLayout,
  cluster: LabCluster,
  host: HostName,
  fault: FaultName,
  value: FaultValue | null,
): Promise<void> {
  const answer = await ask(lab, cluster, host, '/standin/fault', { fault, value });
  if (!answer.includes('"success":true'))
    throw new Error(`fault ${fault} on ${host}: ${answer || 'no answer'}`);
}

/** Undefined when no engine answers there. */
export async function engineState(
  lab: LabLayout,
  cluster: LabCluster,
  host: HostName,
): Promise<EngineState | undefined> {
  const answer = await ask(lab, cluster, host, '/standin/state');
  return answer === '' ? undefined : (JSON.parse(answer) as EngineState);
}

export async function clearEngineFaults(lab: LabLayout, cluster: LabCluster, host: HostName): Promise<void> {
  if (unitProcesses(lab, host, cluster.unit).length === 0) return;
  const names = Object.keys((await engineState(lab, cluster, host))?.faults ?? {});
  for (const name of names) await switchEngineFault(lab, cluster, host, name as FaultName, null);
}

/** The API listens on the host's loopback only: the question is asked from inside its network. */
async function ask(
  lab: LabLayout,
  cluster: LabCluster,
  host: HostName,
  path: string,
  body?: object,
): Promise<string> {
  const script = `
    const [url, body] = process.argv.slice(1);
    const how = body ? { method: 'POST', body, headers: { 'content-type': 'application/json' } } : {};
    fetch(url, { ...how, signal: AbortSignal.timeout(3000) })
      .then((answer) => answer.text())
      .then((text) => process.stdout.write(text), () => undefined);`;
  const url = `http://127.0.0.1:${cluster.apiPort}${path}`;
  const words = [process.execPath, '-e', script, url, ...(body ? [JSON.stringify(body)] : [])];
  return (await run('ip', ['netns', 'exec', cableName(lab, host), ...words])).stdout;
}
