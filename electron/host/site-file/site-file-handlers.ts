import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import { callFailure, valueOf } from '../ipc/call-failure.ts';
import type { ServersKeeper } from '../servers/servers-keeper.ts';
import type { WorkstationParts } from '../workstation-handlers.ts';
import { importSite, type ImportPlace } from './import-site.ts';
import { siteIdOf, viewOfFile } from './look-into-file.ts';
import { profilesOf } from './profiles-here.ts';
import { readChosenFile } from './read-site-file.ts';

type SiteFileCall = 'lookIntoSiteFile' | 'importSite' | 'exportSiteFile';

export interface SiteFileParts extends WorkstationParts {
  readonly servers: Pick<ServersKeeper, 'siteFile' | 'isBusy'>;
  site(): Pick<ConsoleSite, 'profileDirectory' | 'demo'> | null;
}

/** Handlers for files that lead to a site. */
export function siteFileHandlers(
  parts: SiteFileParts,
  done: (result: Promise<Result<void, ProductError>>) => Promise<Record<string, never>>,
): Pick<ConsoleHandlers, SiteFileCall> {
  return {
    lookIntoSiteFile: async (file) => {
      const wallTime = parts.wallTime();
      const read = valueOf(await readChosenFile(file, wallTime));
      return viewOfFile(read, await profilesOf(siteIdOf(read), parts.sitesFolder, knownTo(parts), wallTime));
    },
    importSite: async (request) => {
      if (parts.servers.isBusy)
        throw callFailure('command.refused', 'A work on the servers is under way; it ends first.');
      const directory = valueOf(await importSite(request, placeOf(parts)));
      return done(parts.showSite(directory));
    },
    exportSiteFile: async () => valueOf(await parts.servers.siteFile()),
  };
}

function placeOf(parts: SiteFileParts): ImportPlace {
  const { sitesFolder } = parts;
  const wallTime = parts.wallTime();
  const fresh = async () => {
    await mkdir(sitesFolder, { recursive: true, mode: 0o700 });
    return join(sitesFolder, `joined-${wallTime.replaceAll(/\D/g, '')}`);
  };
  return { sitesFolder, named: knownTo(parts), wallTime, fresh };
}

/** Profile folders elsewhere: that of the site shown, unless it is the demo, and that of the site shown last. */
function knownTo({ site, settings }: SiteFileParts): string[] {
  const shown = site();
  const { lastSite } = settings.read();
  return [
    ...(shown?.demo === null ? [shown.profileDirectory] : []),
    ...(lastSite === null ? [] : [lastSite]),
  ];
}
