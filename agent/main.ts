import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { formatProductError, productError } from '../shared/errors.ts';
import { parseJson } from '../shared/parse-json.ts';
import { EtcdLookOrder } from '../shared/site/etcd-look.ts';
import { MemberConfig, WitnessConfig } from '../shared/site/member-config.ts';
import { openBootClock } from './boot-clock.ts';
import { runCli } from './cli/run-cli.ts';
import { enroll } from './enroll.ts';
import { lookAtEtcd } from './lease-stores/etcd-look.ts';
import { openEtcdHttp } from './lease-stores/etcd-post.ts';
import { bundleVerb } from './support/bundle-verb.ts';
import { collectLogs, logOrderOf } from './support/collect-logs.ts';
import { collectSupport } from './support/collect-support.ts';
import { systemMeans } from './support/support-scene.ts';
import { startMember } from './member/start-member.ts';
import { timingRefusal } from './timing-refusal.ts';
import { systemTimers } from './system-timers.ts';
import { startWitness } from './witness/witness.ts';
import { seedLeaseRecords } from './witness/lease-records.ts';

/** Programs in this bundle that are started by service units and installers; everything else is for people. */
const programs: Record<string, (args: readonly string[]) => Promise<number | 'stay'>> = {
  member: async (args) => serve(startMember(readMemberConfig(args), openBootClock())),
  witness: async (args) => serve(startWitness(readConfig(args, WitnessConfig), openBootClock())),
  seed: (args) => Promise.resolve(seed(args)),
  'look-at-etcd': () => lookAtEtcdHere(),
  enroll: (args) => Promise.resolve(enrollHere(args)),
  bundle: (args) => bundleVerb(args, { means: systemMeans, programText: ownText() }),
  'collect-support': () => collectSupportHere(),
  'collect-logs': (args) => collectLogsHere(args),
};

/** This program as a text: the words of its sentences may stand in a support bundle. */
function ownText(): string {
  return readFileSync(process.argv[1] ?? '', 'utf8');
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

async function main(): Promise<void> {
  const [verb = 'help', ...args] = process.argv.slice(2);
  const program = Object.hasOwn(programs, verb) ? programs[verb] : undefined;
  const code = program === undefined ? await runCli(verb, args) : await program(args);
  if (code === 'stay') return;
  // A pipe that is read slowly takes a long answer in parts: what is left of it would be lost with the process.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code);
}

/** Runs until SIGTERM or SIGINT. The engine is not touched by the end of its agent. */
async function serve(starting: Promise<{ close(): Promise<void> }>): Promise<'stay'> {
  const running = await starting;
  const stop = () => void running.close().finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return 'stay';
}

function readConfig<Schema extends z.ZodMiniType>(args: readonly string[], schema: Schema): z.infer<Schema> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, epoch: { type: 'string' } },
    strict: true,
  });
  if (values.config === undefined) throw new UsageError('--config FILE is missing');
  const parsed = schema.safeParse(readJson(values.config));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw new UsageError(
    formatProductError(
      productError('site.damaged', `${values.config} is not a configuration of this program.`, fields),
    ),
  );
}

function readMemberConfig(args: readonly string[]): MemberConfig {
  const config = readConfig(args, MemberConfig);
  const refusal = timingRefusal(config.cluster, config.timing);
  if (refusal !== null) throw new UsageError(formatProductError(refusal));
  return config;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const sentence = missing ? `${path} does not exist.` : `${path} is not readable JSON: ${String(error)}.`;
    throw new UsageError(
      formatProductError(productError(missing ? 'site.missing' : 'site.damaged', sentence)),
    );
  }
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

/** The caller's mistake or a damaged file: told in words, without a stack. */
class UsageError extends Error {}

main().catch((error: unknown) => {
  const known = error instanceof UsageError || (error as NodeJS.ErrnoException).code !== undefined;
  console.error(known ? String((error as Error).message) : error);
  process.exit(2);
});
