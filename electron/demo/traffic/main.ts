import { parseArgs } from 'node:util';
import { bootMs } from '../boot-clock.ts';
import { openControl } from './control-server.ts';
import { readTrafficConfig } from './traffic-config.ts';
import { Traffic } from './traffic.ts';

/** Exit codes in the tradition of sysexits. */
const exitCodes = { stopped: 0, usage: 64, configuration: 65, portTaken: 69 } as const;

/** Numbered HL7 messages through the site and what became of them: `traffic --config FILE [--exit-with-parent]`. */
async function main(): Promise<void> {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const options = readOptions();
  if (options?.config === undefined) {
    return refuse(exitCodes.usage, 'Usage: traffic --config FILE [--exit-with-parent]');
  }
  const config = readTrafficConfig(options.config);
  if (!config.ok) return refuse(exitCodes.configuration, config.error);
  const traffic = new Traffic(config.value, bootMs);
  const control = await openControl(traffic, config.value.control, bootMs);
  if (!control.ok) return refuse(exitCodes.portTaken, control.error);
  const started = await traffic.start();
  if (!started.ok) return refuse(exitCodes.portTaken, started.error);
  const stop = () => {
    traffic.close();
    process.exit(exitCodes.stopped);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (options['exit-with-parent']) process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
  process.stdout.write(`traffic: control on ${config.value.control.address}:${config.value.control.port}\n`);
}

function readOptions() {
  try {
    return parseArgs({ options: { config: { type: 'string' }, 'exit-with-parent': { type: 'boolean' } } })
      .values;
  } catch {
    return undefined;
  }
}

function refuse(exitCode: number, sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}

void main();
