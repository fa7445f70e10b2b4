import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../hosts/command.ts';
import { address, type LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { frontend, labClusters, type LabCluster } from '../site/lab-site.ts';

/** Port of the traffic program's own interface, on the lab's own outer address. */
const controlPort = 8090;

/** Sums over a cluster since the traffic began, except the gaps, which `resetGaps` forgets. */
export interface TrafficCounters {
  readonly cluster: string;
  readonly acknowledged: number;
  readonly pending: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  /** Duplicates that a lost acknowledgement explains. */
  readonly resentDuplicates: number;
  /** The first of the others, as `STREAM SEQUENCE`. */
  readonly unexplained: readonly string[];
  readonly longestGapMs: number;
  readonly answeredBy: string | null;
}

interface StreamReading {
  readonly stream: string;
  readonly cluster: string;
  readonly kind: 'judge' | 'meter';
  readonly currentGapMs: number;
  readonly answered?: { readonly by: string; readonly at: number };
}

/** Senders and receivers on the outer machine: the judge like the vendor's, the meter impatient. */
export class Traffic {
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.#url = url;
  }

  static async start(lab: LabLayout, streams: readonly object[] = senders(lab)): Promise<Traffic> {
    const program = join(projectFolder(), 'dist/demo/traffic.cjs');
    if (!existsSync(program)) throw new Error(`${program} is missing; run: npm run build`);
    const config = join(lab.run, 'traffic.json');
    writeFileSync(config, JSON.stringify(trafficConfig(lab, streams), null, 2));
    const log = openSync(join(lab.run, 'traffic.log'), 'a');
    const child = spawn(process.execPath, [program, '--config', config, '--exit-with-parent'], {
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    const traffic = new Traffic(child, `http://${address(lab, 'outer')}:${controlPort}`);
    const ready = async () => {
      if (child.exitCode !== null) throw new Error(`the traffic program ended, see ${lab.run}/traffic.log`);
      return traffic.counters().then(
        () => true,
        () => false,
      );
    };
    await until('the traffic program', ready, { deadlineMs: 10_000 });
    return traffic;
  }

  async counters(): Promise<TrafficCounters[]> {
    return ((await this.#ask('GET', '/counters')) as { clusters: TrafficCounters[] }).clusters;
  }

  async streams(): Promise<{ readonly foreign: number; readonly streams: readonly StreamReading[] }> {
    return (await this.#ask('GET', '/streams')) as { foreign: number; streams: StreamReading[] };
  }

  /** Both senders of the cluster got an answer from that server, within the last second and after an instant. */
  async flows(cluster: LabCluster, server: string, sinceBootMs: number): Promise<boolean> {
    const own = (await this.streams()).streams.filter((stream) => stream.cluster === cluster.id);
    const answeredNow = ({ currentGapMs, answered }: StreamReading) =>
      currentGapMs < 1_000 && answered?.by === server && answered.at >= sinceBootMs;
    return own.length > 0 && own.every(answeredNow);
  }

  async resetGaps(): Promise<void> {
    await this.#ask('POST', '/reset');
  }

  /** Senders that wait to connect again do so now: for moves that the lab itself makes between two scenarios. */
  async hurry(): Promise<void> {
    await this.#ask('POST', '/hurry');
  }

  /** Ends the senders, so that what is on its way can arrive; the receivers stay. */
  async stopSending(): Promise<void> {
    for (const { stream } of (await this.streams()).streams) await this.#ask('POST', '/stop', { stream });
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await until('the traffic program gone', () => this.#process.exitCode !== null, { deadlineMs: 5_000 });
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      signal: AbortSignal.timeout(20_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** Every acknowledgement of the cluster's impatient sender. */
export function meterLog(lab: LabLayout, cluster: LabCluster): string {
  const file = senderLog(lab, 'meter', cluster);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** How many messages of the cluster a server acknowledged from an instant on, to either sender. */
export function acknowledgedBy(lab: LabLayout, cluster: LabCluster, server: string, fromMs: number): number {
  return (['judge', 'meter'] as const)
    .map((kind) => senderLog(lab, kind, cluster))
    .flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []))
    .filter((line) => line.includes(`"by":"${server}"`))
    .filter((line) => Number(/"at":([\d.]+)/.exec(line)?.[1] ?? 0) >= fromMs).length;
}

function senderLog(lab: LabLayout, kind: 'judge' | 'meter', cluster: LabCluster): string {
  return join(lab.run, `${kind}-${cluster.id}.jsonl`);
}

/** Every message that came out of the cluster's engines, with its connection and where that came from. */
export function arrivalLog(lab: LabLayout, cluster: LabCluster): string {
  return join(lab.run, `arrivals-${cluster.id}.jsonl`);
}

/** Receiver behind a cluster's engines. */
export function receiverOf(cluster: LabCluster): string {
  return `behind-${cluster.id}`;
}

function senders(lab: LabLayout): object[] {
  return labClusters.flatMap((cluster) =>
    (['judge', 'meter'] as const).map((kind) => ({
      id: `${kind}-${cluster.id}`,
      cluster: cluster.id,
      kind,
      ...frontend(lab, cluster),
      perSecond: kind === 'judge' ? 5 : 20,
      receiver: receiverOf(cluster),
      log: senderLog(lab, kind, cluster),
    })),
  );
}

function trafficConfig(lab: LabLayout, streams: readonly object[]) {
  return {
    control: { address: address(lab, 'outer'), port: controlPort },
    streams,
    receivers: labClusters.map((cluster) => ({
      id: receiverOf(cluster),
      cluster: cluster.id,
      address: address(lab, 'outer'),
      port: cluster.receiverPort,
      log: arrivalLog(lab, cluster),
    })),
  };
}
