import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { Engine, type EngineParts } from './engine.ts';
import { readEngineConfig, readPassword, type EngineConfig } from './engine-config.ts';
import { exitCodes, type Refusal } from './exit-codes.ts';
import { Faults, type FaultState } from './faults.ts';
import { readGeneration } from './generation.ts';
import { findJournal, prepareDirectories } from './journal-files.ts';
import { JournalState } from './journal-state.ts';

/** Stand-in for an engine, for the demo and tests: `standin-engine --config FILE`. */
async function main(): Promise<void> {
  // A reader of the log that went away must not stop messages.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const path = configPath();
  if (path === undefined)
    return refuse({ exitCode: exitCodes.usage, sentence: 'Usage: standin-engine --config FILE' });
  const config = readEngineConfig(path);
  if (!config.ok) return refuse(config.error);
  const parts = await gather(config.value, `${config.value.record ?? path}.faults`);
  if (!parts.ok) return refuse(parts.error);
  const engine = new Engine(parts.value);
  stopOnSignals(engine, parts.value);
  const started = await engine.start();
  if (!started.ok) refuse(started.error);
}

/** Reads all that the engine needs before it may write anything. */
async function gather(config: EngineConfig, faultFile: string): Promise<Result<EngineParts, Refusal>> {
  const password = readPassword(config.apiPasswordFile);
  if (!password.ok) return password;
  const logs = await prepareDirectories(config.workingDirectory);
  if (!logs.ok) {
    const sentence = `The working directory ${config.workingDirectory} cannot be used (${logs.error}).`;
    return fail({ exitCode: exitCodes.workingDirectoryUnusable, sentence });
  }
  const generation = await readGeneration(config.workingDirectory);
  if (!generation.ok) return fail(journalRefusal(generation.error));
  const found = await findJournal(logs.value);
  if (!found.ok) return fail(journalRefusal(found.error));
  const recovered = found.value?.state ?? new JournalState();
  if (recovered.generation > generation.value) {
    const sentence = `The journal was written by generation ${recovered.generation}; this engine may only write as ${generation.value}.`;
    return fail({ exitCode: exitCodes.journalNewer, sentence });
  }
  const say = speaker(config);
  if (found.value && found.value.tornBytes > 0) {
    say(`left out ${found.value.tornBytes} torn bytes at the end of the journal`);
  }
  return succeed({
    config,
    password: password.value,
    generation: generation.value,
    journalDirectory: logs.value,
    recovered,
    faults: new Faults(readFaults(faultFile)),
    faultFile,
    say,
    exit: (code) => process.exit(code),
  });
}

function stopOnSignals(engine: Engine, { faults, say, exit }: EngineParts): void {
  let stopping = false;
  const stop = async () => {
    if (faults.is('refuse-stop') || faults.is('hang-all') || stopping) return;
    stopping = true;
    say('stopping');
    await engine.stop();
    exit(exitCodes.stopped);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}

function configPath(): string | undefined {
  try {
    return parseArgs({ options: { config: { type: 'string' } } }).values.config;
  } catch {
    return undefined;
  }
}

function readFaults(path: string): FaultState {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FaultState;
  } catch {
    return {};
  }
}

function journalRefusal(sentence: string): Refusal {
  return { exitCode: exitCodes.journalFailed, sentence: `${sentence}.` };
}

function speaker(config: EngineConfig): (line: string) => void {
  return (line) => void process.stdout.write(`standin-engine ${config.name} on ${config.server}: ${line}\n`);
}

function refuse(refusal: Refusal): void {
  process.stderr.write(`${refusal.sentence}\n`);
  process.exit(refusal.exitCode);
}

void main();
