import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createBench, freePort, until, type Bench } from './demo-harness.ts';

/** One cluster on loopback: engines on one working directory, a relay in front, a receiver behind. */
export interface EngineBench {
  readonly bench: Bench;
  readonly working: string;
  /** Where senders go; `relay.target` is the engine they reach. */
  readonly relay: Relay;
  /** Between engine and receiver, so that the receiver can be away while the senders are not. */
  readonly behind: Relay;
  /** Moves the storage to a new generation, as an agent does before it starts an engine. */
  generation(epoch: number): void;
  engine(server: string, over?: object): Promise<RunningEngine>;
  traffic(over?: object): Promise<RunningTraffic>;
  clean(): void;
}

export interface RunningEngine {
  readonly process: ChildProcess & { readonly pid: number };
  readonly apiPort: number;
  readonly llpPort: number;
  readonly configPath: string;
  readonly recordPath: string;
  /** Resolves when `/health` answers. */
  ready(): Promise<void>;
  fault(fault: string, value: unknown): Promise<void>;
  state(): Promise<EngineState>;
  /** Exit code, or the signal that ended it. */
  ended(): Promise<number | string>;
}

export interface EngineState {
  readonly generation: number;
  readonly wrote: number;
  readonly lateWrites: number;
  readonly faults: object;
  readonly components: readonly {
    readonly name: string;
    readonly light: string;
    readonly queueCount: number;
    readonly received: number;
    readonly errorCount: number;
  }[];
}

export interface ClusterVerdict {
  readonly sent: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly pending: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
  readonly resentDuplicates: number;
  readonly unexplainedDuplicates: number;
  readonly clean: boolean;
  readonly longestGapMs: number;
  readonly answeredBy: string | null;
}

export interface RunningTraffic {
  readonly process: ChildProcess;
  verdict(): Promise<ClusterVerdict>;
  /** Waits until this many more messages were acknowledged. */
  more(messages: number): Promise<void>;
  /** Stops the senders, waits until the queues are empty and gives the final verdict. */
  settle(): Promise<ClusterVerdict>;
}

/** Nobody listens here. */
export const closedPort = 1;
const engineProgram = 'electron/demo/engine/main.ts';
const trafficProgram = 'electron/demo/traffic/main.ts';

export async function createEngineBench(): Promise<EngineBench> {
  const bench = createBench();
  const working = bench.path('working');
  mkdirSync(working);
  bench.write('password', 'secret\n');
  const relay = await openRelay();
  const behind = await openRelay();
  behind.target = await freePort();
  const receiverTarget = behind.target;
  return {
    bench,
    working,
    relay,
    behind,
    generation(epoch) {
      mkdirSync(join(working, '.ixha'), { recursive: true });
      writeFileSync(join(working, '.ixha/generation'), `${epoch} someone\n`);
    },
    async engine(server, over = {}) {
      const [apiPort, llpPort] = [await freePort(), await freePort()];
      const config = {
        ...engineConfig(bench, { server, apiPort, llpPort, receiverPort: behind.port, working }),
        ...over,
      };
      return runningEngine(bench, config);
    },
    async traffic(over = {}) {
      const control = await freePort();
      const streams = [
        { id: 'judge-WK1', kind: 'judge', perSecond: 40, ackTimeoutMs: 2000, reconnectMs: 50 },
        { id: 'meter-WK1', kind: 'meter', perSecond: 40 },
      ].map((stream) => ({ ...stream, ...at(relay.port), cluster: 'WK1', receiver: 'rx', ...over }));
      const receivers = [{ id: 'rx', cluster: 'WK1', ...at(receiverTarget) }];
      const process = bench.program(trafficProgram, {
        control: at(control),
        streams,
        receivers,
        settleMs: 1000,
      });
      return runningTraffic(process, control);
    },
    clean() {
      relay.close();
      behind.close();
      bench.clean();
    },
  };
}

interface EnginePlace {
  readonly server: string;
  readonly apiPort: number;
  readonly llpPort: number;
  readonly receiverPort: number;
  readonly working: string;
}

export function engineConfig(bench: Bench, place: EnginePlace) {
  return {
    name: 'WK1',
    server: place.server,
    apiPort: place.apiPort,
    apiUser: 'ha',
    apiPasswordFile: bench.path('password'),
    workingDirectory: place.working,
    listeners: [
      {
        name: 'ADT',
        ...at(place.llpPort),
        destination: at(place.receiverPort),
        ackTimeoutMs: 2000,
        retryMs: 50,
      },
    ],
    pollers: [{ name: 'timer', kind: 'timer', everyMs: 100 }],
    autostart: ['ADT'],
    startMs: 20,
    stopMs: 20,
    record: bench.path(`record-${place.server}.jsonl`),
  };
}

type Config = ReturnType<typeof engineConfig>;

/** Starts an engine on this configuration and waits for its API. */
async function runningEngine(bench: Bench, config: Config): Promise<RunningEngine> {
  const configPath = bench.path(`${config.server}-${config.apiPort}.json`);
  writeFileSync(configPath, JSON.stringify(config));
  const engine = restarted(bench, configPath);
  await engine.ready();
  return engine;
}

/** One more process on the configuration of an earlier engine. */
export function restarted(bench: Bench, configPath: string): RunningEngine {
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as Config;
  const process = bench.run(join(import.meta.dirname, '../../node_modules/.bin/node'), [
    join(import.meta.dirname, '../..', engineProgram),
    '--config',
    configPath,
  ]);
  const url = `http://127.0.0.1:${config.apiPort}`;
  return {
    process,
    apiPort: config.apiPort,
    llpPort: config.listeners[0]?.port ?? 0,
    configPath,
    recordPath: config.record,
    async ready() {
      await until(`engine ${config.server} answers`, async () => {
        const answer = await ask(`${url}/health`);
        if (process.exitCode !== null) throw new Error(`the engine ended with ${process.exitCode}`);
        return answer?.includes('"up"');
      });
    },
    async fault(fault, value) {
      const answer = await fetch(`${url}/standin/fault`, {
        method: 'POST',
        body: JSON.stringify({ fault, value }),
      });
      const body = (await answer.json()) as { success?: boolean; error?: string };
      if (body.success !== true) throw new Error(body.error ?? 'no answer');
    },
    state: async () => (await (await fetch(`${url}/standin/state`)).json()) as EngineState,
    ended: () => until('the engine ends', () => process.exitCode ?? process.signalCode ?? undefined),
  };
}

async function runningTraffic(process: ChildProcess, control: number): Promise<RunningTraffic> {
  const url = `http://127.0.0.1:${control}`;
  const verdict = async () => {
    const body = (await (await fetch(`${url}/verdict`)).json()) as { clusters: ClusterVerdict[] };
    if (!body.clusters[0]) throw new Error('no cluster');
    return body.clusters[0];
  };
  await until('traffic answers', () => ask(`${url}/counters`));
  return {
    process,
    verdict,
    async more(messages) {
      const before = (await verdict()).acknowledged;
      await until(
        `${messages} more acknowledged`,
        async () => (await verdict()).acknowledged >= before + messages,
      );
    },
    async settle() {
      for (const stream of ['judge-WK1', 'meter-WK1']) {
        await fetch(`${url}/stop`, { method: 'POST', body: JSON.stringify({ stream }) });
      }
      await until('nothing is pending', async () => (await verdict()).pending === 0, 15_000);
      return verdict();
    },
  };
}

export interface Relay {
  readonly port: number;
  target: number;
  /** Ends every connection; new ones are let through. */
  cut(): void;
  close(): void;
}

/** A door that leads to one engine at a time; what was connected before keeps its way. */
async function openRelay(): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const engine = connect(relay.target, '127.0.0.1');
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => (sockets.delete(one), other.destroy()));
      one.pipe(other);
    }
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const relay: Relay = {
    port,
    target: closedPort,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      server.close();
      relay.cut();
    },
  };
  return relay;
}

/** Body of a GET; undefined while nobody answers. */
export async function ask(url: string): Promise<string | undefined> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(1000) })).text();
  } catch {
    return undefined;
  }
}

export function at(port: number): { address: string; port: number } {
  return { address: '127.0.0.1', port };
}
