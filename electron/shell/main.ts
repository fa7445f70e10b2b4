import * as electron from 'electron';
import { join } from 'node:path';
import { formatProductError } from '../../shared/errors.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { createConsoleHost } from '../host/console-host.ts';
import { onEndSignals } from '../host/end-signals.ts';
import { systemTime } from '../host/host-time.ts';
import type { SettingsStore } from '../host/settings/preferences.ts';
import { siteFlagsAmong } from '../host/site-flags.ts';
import { siteSource } from '../host/site-source.ts';
import { setupMeans } from '../host/setup/setup-means.ts';
import { builtPrograms } from './built-programs.ts';
import { printWithWindow } from './print-with-window.ts';
import { openLogFile } from './log-file.ts';
import { runShell } from './run-shell.ts';
import { openStoredSettings } from './settings/electron-settings.ts';

const { app } = electron;
const flags = siteFlagsAmong(process.argv.slice(app.isPackaged ? 1 : 2));
if (flags.ok) {
  const time = systemTime();
  const log = openLogFile(app.getPath('logs'));
  const built = builtPrograms({
    packaged: app.isPackaged,
    resources: process.resourcesPath,
    bundle: __dirname,
  });
  let settings: SettingsStore | null = null;
  const shell = runShell(electron, {
    preload: join(__dirname, 'preload.cjs'),
    pageRoot: join(__dirname, '../renderer'),
    platform: process.platform,
    log,
    desktopNotes: () => settings?.read().desktopNotes ?? false,
    nowMs: () => time.bootMs(),
    createHost: () => {
      const folder = app.getPath('userData');
      const opened = openStoredSettings(folder, time.wallTime());
      settings = opened;
      return createConsoleHost({
        source: siteSource(flags.value, built, opened.read().lastSite),
        settings: opened,
        setup: setupMeans({ folder, built, version: packageFile.version, environment: process.env }),
        shell: 'electron',
        version: packageFile.version,
        time,
        chance: Math.random,
        log,
        printPdf: printWithWindow(electron),
      });
    },
  });
  onEndSignals(process, shell.quit, shell.quit);
} else {
  process.stderr.write(`${formatProductError(flags.error)}\n`);
  app.exit(2);
}
