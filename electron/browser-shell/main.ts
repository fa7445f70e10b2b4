import { join } from 'node:path';
import { formatProductError, productError } from '../../shared/errors.ts';
import { fail } from '../../shared/result.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { SiteSource } from '../host/console-host.ts';
import { describeCause, standardErrorLog } from '../host/host-log.ts';
import { systemTime } from '../host/host-time.ts';
import { readFlags, type Flags } from './flags.ts';
import { runConsole } from './run-console.ts';
import { openWorkstationSettings } from './settings-file.ts';

/** Exit codes: 0 ended as asked, 1 could not start, 2 wrong command line, 130 ended by force. */
async function main(): Promise<void> {
  const log = standardErrorLog();
  const time = systemTime();
  const flags = readFlags(process.argv.slice(2));
  if (!flags.ok) return endWith(2, formatProductError(flags.error));
  const running = await runConsole({
    flags: flags.value,
    source: siteSource(flags.value),
    settings: openWorkstationSettings(time.wallTime()),
    version: packageFile.version,
    pageRoot: join(__dirname, '../renderer'),
    time,
    log,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  if (!running.ok) return endWith(1, formatProductError(running.error));
  let stopping = false;
  const stop = () => {
    if (stopping) {
      running.value.stopNow();
      process.exit(130);
    }
    stopping = true;
    running.value.stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        log.error('the console did not end in order', cause);
        running.value.stopNow();
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  void running.value.wantsToEnd.then((why) => {
    if (stopping) return;
    log.info(why);
    stop();
  });
}

function siteSource(flags: Flags): SiteSource {
  if (flags.profile !== null) return { kind: 'profile', directory: flags.profile };
  return { kind: 'demo', start: () => Promise.resolve(fail(productError('demo.failed', 'not yet'))) };
}

function endWith(code: number, text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}

main().catch((cause: unknown) => endWith(1, `The console could not start.\n${describeCause(cause)}`));
