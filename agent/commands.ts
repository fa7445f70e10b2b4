import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseJson } from '../shared/parse-json.ts';
import { EngineLookOrder } from '../shared/engine/engine-look.ts';
import { EtcdLookOrder } from '../shared/site/etcd-look.ts';
import { WitnessConfig } from '../shared/site/member-config.ts';
import { wordedPrograms } from '../shared/support/allowed-text.ts';
import { openBootClock } from './boot-clock.ts';
import { runCli } from './cli/run-cli.ts';
import { lookAtEngine } from './engines/engine-look.ts';
import { enroll } from './enroll.ts';
import { lookAtEtcd } from './lease-stores/etcd-look.ts';
import { openEtcdHttp } from './lease-stores/etcd-post.ts';
import { readConfig, runProgram, UsageError } from './program.ts';
import { bundleVerb } from './support/bundle-verb.ts';
import { collectLogs, logOrderOf } from './support/collect-logs.ts';
import { collectSupport } from './support/collect-support.ts';
import { systemMeans } from './support/support-scene.ts';
import { systemTimers } from './system-timers.ts';
import { seedLeaseRecords } from './witness/lease-records.ts';

/** Programs that are started by installers and consoles; everything else is for people. */
const programs: Record<string, (args: readonly string[]) => Promise<number>> = {
  seed: (args) => Promise.resolve(seed(args)),
  'look-at-etcd': () => lookAtEtcdHere(),
  'look-at-engine': () => lookAtEngineHere(),
  enroll: (args) => Promise.resolve(enrollHere(args)),
  bundle: (args) => bundleVerb(args, { means: systemMeans, programText: ownText() }),
  'collect-support': () => collectSupportHere(),
  'collect-logs': (args) => collectLogsHere(args),
};

/** Services and commands as a text: the words of their sentences may stand in a support bundle. */
function ownText(): string {
  const asked = process.argv[1] ?? '';
  const programs = new Set([asked, ...wordedPrograms.map((name) => join(dirname(asked), name))]);
  return [...programs]
    .filter(existsSync)
    .map((program) => readFileSync(program, 'utf8'))
    .join('\n');
}

/** For the console, which shows the logs of servers. */
async function collectLogsHere(args: readonly string[]): Promise<number> {
  const order = logOrderOf(args);
  if (order === null) return 2;
  await tellWhole(await collectLogs(systemMeans, ownText(), order));
  return 0;
}

/** For the console, which makes one bundle of many servers. */
async function collectSupportHere(): Promise<number> {
  await tellWhole(await collectSupport(systemMeans, ownText()));
  return 0;
}

/** One line of JSON, waited for until it has left this process: it may be larger than a pipe takes at once. */
function tellWhole(told: object): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(told)}\n`, () => resolve());
  });
}

function seed(args: readonly string[]): number {
  const config = readConfig(args, WitnessConfig);
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, epoch: { type: 'string' } },
  });
  const epoch = Number(values.epoch ?? '0');
  if (!Number.isSafeInteger(epoch) || epoch < 0) throw new UsageError('--epoch must be a whole number');
  console.log(JSON.stringify(seedLeaseRecords(config.paths.state, config.clusters, epoch)));
  return 0;
}

/** Its order has secrets and comes on standard input. */
async function lookAtEtcdHere(): Promise<number> {
  const order = EtcdLookOrder.safeParse(parseJson(readFileSync(0, 'utf8')));
  if (!order.success) throw new UsageError('look-at-etcd reads its order from standard input');
  const { authorityPem: ca, certificatePem: cert, keyPem: key } = order.data.secrets;
  const look = await lookAtEtcd(order.data, {
    open: (endpoints) => openEtcdHttp(endpoints, { ca, cert, key }),
    timers: systemTimers,
    clock: openBootClock(),
  });
  console.log(JSON.stringify(look));
  return 0;
}

/** Its order has a password and comes on standard input. */
async function lookAtEngineHere(): Promise<number> {
  const order = EngineLookOrder.safeParse(parseJson(readFileSync(0, 'utf8')));
  if (!order.success) throw new UsageError('look-at-engine reads its order from standard input');
  await tellWhole(await lookAtEngine(order.data));
  return 0;
}

function enrollHere(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { directory: { type: 'string' }, nonce: { type: 'string' } },
    strict: true,
  });
  if (values.directory === undefined || !/^([0-9a-f]{2}){16,64}$/.test(values.nonce ?? '')) {
    throw new UsageError('usage: ixha enroll --directory DIR --nonce HEX (at least 16 bytes)');
  }
  console.log(JSON.stringify(enroll(values.directory, values.nonce ?? '')));
  return 0;
}

const [verb = 'help', ...args] = process.argv.slice(2);
const program = Object.hasOwn(programs, verb) ? programs[verb] : undefined;
runProgram(() => (program === undefined ? runCli(verb, args) : program(args)));
