import type { ProductError } from '../../../shared/errors.ts';
import type { ConfigurationListing } from '../../../shared/engine/configuration-difference.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';

/** Folders below an engine's working directory that hold its configuration: of IguanaX, and of Iguana 6. */
export const configurationFolders = ['config', 'IguanaConfigurationRepo'] as const;

const mostFiles = 20_000;
const withinSeconds = 60;

/**
 * Every file with its SHA-256, names as sha256sum writes them. Histories of git hold the same configuration in other
 * files on each server. Arguments: working directory, most files, then the folders.
 */
const listScript = String.raw`cd -- "$1" 2>/dev/null || { echo absent; exit 0; }
most=$2; shift 2
for folder in "$@"; do
  [ -d "$folder" ] && find "$folder" -xdev -name .git -prune -o -type f -print0
done | head -z -n "$most" | xargs -0 -r sha256sum --
echo end`;

/** The configuration of one engine, read where it lies; whoever works on it meanwhile is not disturbed. Errors: ssh.*. */
export async function readListing(
  server: CommandRunner,
  workingDirectory: string,
): Promise<Result<ConfigurationListing, ProductError>> {
  const words = [workingDirectory, String(mostFiles + 1), ...configurationFolders];
  const argv = [
    'timeout',
    '-k',
    '1',
    String(withinSeconds),
    'sh',
    '-c',
    listScript,
    'ixha-configuration',
    ...words,
  ];
  const told = await outputOf(server, argv, {
    what: `reading the configuration in ${workingDirectory}`,
    privileged: true,
    timeoutMs: (withinSeconds + 10) * 1_000,
    maxOutputBytes: 8 * 1024 * 1024,
  });
  return told.ok ? succeed(parseListing(told.value)) : told;
}

/** Pure. A name that sha256sum had to escape cannot be compared, and is told. */
export function parseListing(text: string): ConfigurationListing {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines[0] === 'absent') return { files: new Map(), lack: 'its working directory is not there' };
  const found = lines.flatMap((line) => {
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    return sha256 !== undefined && path !== undefined ? [[path, sha256] as const] : [];
  });
  return { files: new Map(found), lack: lackOf(lines, found.length) };
}

function lackOf(lines: readonly string[], found: number): string | null {
  if (lines.at(-1) !== 'end') return 'not all of it could be read';
  if (found > mostFiles) return `it has more than ${mostFiles} files`;
  if (found === 0) return `there is no ${configurationFolders.join(' or ')} in its working directory`;
  return found === lines.length - 1 ? null : 'some files could not be read';
}
