import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { MemberConfig, WitnessConfig } from '../shared/site/member-config.ts';
import { formatProductError } from '../shared/errors.ts';
import { openBootClock } from './boot-clock.ts';
import { startMember } from './member/start-member.ts';
import { readConfig, runProgram, UsageError } from './program.ts';
import { timingRefusal } from './timing-refusal.ts';
import { startWitness } from './witness/witness.ts';

/**
 * What runs on servers for as long as they do. Everything else that `ixha` can do is in a file beside this one and
 * read when it is asked for: a service keeps the text of its program, and what it made of it, in memory.
 */
const services: Record<string, (args: readonly string[]) => Promise<{ close(): Promise<void> }>> = {
  member: async (args) => startMember(readMemberConfig(args), openBootClock()),
  witness: async (args) => startWitness(readConfig(args, WitnessConfig), openBootClock()),
};

/** Runs until SIGTERM or SIGINT. The engine is not touched by the end of its agent. */
async function serve(starting: Promise<{ close(): Promise<void> }>): Promise<'stay'> {
  const running = await starting;
  const stop = () => void running.close().finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return 'stay';
}

function readMemberConfig(args: readonly string[]): MemberConfig {
  const config = readConfig(args, MemberConfig);
  const refusal = timingRefusal(config.cluster, config.timing);
  if (refusal !== null) throw new UsageError(formatProductError(refusal));
  return config;
}

const [verb = 'help', ...args] = process.argv.slice(2);
const service = Object.hasOwn(services, verb) ? services[verb] : undefined;
if (service === undefined) {
  const here = resolve(process.argv[1] ?? '');
  createRequire(here)(join(dirname(here), 'ixha-commands.cjs'));
} else {
  runProgram(() => serve(service(args)));
}
