import type {
  ConfigurationDifference,
  ConfigurationListing,
} from '../../../shared/engine/configuration-difference.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { placesOf } from '../install/server-paths.ts';
import { commandFailed, type CommandRunner, type ServerConnection } from '../ssh/server-connection.ts';
import type { ReachedPair } from './compare-members.ts';
import { configurationFolders } from './read-listing.ts';

const mostBytes = 64 * 1024 * 1024;
const exitRuns = 71;

/**
 * Files and the folders that they are in, by their names on stdin, each ended by a zero byte, as an archive in base64: a
 * folder that is new on the other server gets its owner and mode too. Argument: working directory.
 */
const packScript = `set -eu
cd -- "$1"
tar --create --file=- --no-recursion --null --files-from=- | base64 -w0`;

/**
 * Puts an archive over a copy of the present configuration, compares it, and exchanges the two only while the engine is
 * stopped. What was there before stays beside it. Arguments: archive, working directory, unit of the engine, what is
 * added to the name of the present one, then the folders. On stdin: "SHA256  PATH" of every file afterwards, an empty line,
 * and the names of those that go.
 */
const placeScript = String.raw`set -eu
archive=$1; cd -- "$2"; unit=$3; aside=$4; shift 4
fresh=.ixha-configuration-new
stopped() {
  state=$(systemctl show -p ActiveState --value -- "$unit")
  case $state in inactive|failed) ;; *) echo "$unit is $state" >&2; exit ${exitRuns};; esac
}
cleanup() { rm -rf -- "$fresh" "$archive"; }
trap cleanup EXIT
stopped
rm -rf -- "$fresh"
mkdir -m 700 -- "$fresh"
for folder in "$@"; do
  if [ -d "$folder" ]; then cp -a -- "$folder" "$fresh/"; fi
done
tar --extract --file="$archive" --directory="$fresh" --preserve-permissions --same-owner --numeric-owner
while IFS= read -r line && [ -n "$line" ]; do printf '%s\n' "$line"; done > "$fresh/wanted"
while IFS= read -r path; do rm -f -- "$fresh/$path"; done
[ ! -s "$fresh/wanted" ] || (cd -- "$fresh" && sha256sum --check --quiet --strict wanted) || { echo "not what was sent" >&2; exit 65; }
rm -- "$fresh/wanted"
sync -f "$fresh"
stopped
for folder in "$@"; do
  [ -d "$fresh/$folder" ] || continue
  if [ -d "$folder" ]; then mv -T -- "$folder" "$folder$aside"; fi
  mv -T -- "$fresh/$folder" "$folder"
done
sync -f .
stopped`;

/** What was copied, and what the configuration of before is called now. */
export interface CopiedConfiguration {
  readonly files: number;
  readonly aside: string;
}

/**
 * Brings what differs from the first member to the other one, whose engine must be stopped: refused on the server itself
 * as long as it runs. Errors: ssh.*, server.*, configuration.refused (too large, names that cannot be sent, an engine that
 * runs).
 */
export async function copyConfiguration(
  { cluster, first, other }: ReachedPair<ServerConnection>,
  {
    difference,
    listing,
  }: { readonly difference: ConfigurationDifference; readonly listing: ConfigurationListing },
  wallTime: string,
): Promise<Result<CopiedConfiguration, ProductError>> {
  const sent = [...difference.changed, ...difference.missing];
  const archive = await packed(first.connection, first.member.engine.workingDirectory, sent);
  if (!archive.ok) return archive;
  const path = `${placesOf(cluster.id).state}/engine-configuration.tar`;
  const placed = await other.connection.upload(
    { kind: 'content', content: archive.value },
    { path, mode: '0600', owner: 'root:root' },
  );
  if (!placed.ok) return placed;
  const aside = `.ixha-before-${wallTime.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const { engine } = other.member;
  const words = [path, engine.workingDirectory, engine.service.unit, aside, ...foldersOf(difference)];
  const lines = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');
  const wanted = sent.map((name) => `${listing.files.get(name)!}  ${name}`);
  const done = await other.connection.run(['sh', '-c', placeScript, 'ixha-place-configuration', ...words], {
    stdin: `${lines(wanted)}\n${lines(difference.surplus)}`,
    privileged: true,
    timeoutMs: 120_000,
  });
  if (!done.ok) return done;
  if (done.value.exitCode === 0) return succeed({ files: sent.length + difference.surplus.length, aside });
  if (done.value.exitCode !== exitRuns)
    return fail(commandFailed(other.connection.name, 'placing the configuration', done.value));
  const said = `${other.connection.name}: the engine runs; its configuration is not changed under it.`;
  return fail(productError('configuration.refused', said, [done.value.stderr.trim()]));
}

/** Folders that something differs in, of those that there may be. */
function foldersOf({ changed, missing, surplus }: ConfigurationDifference): string[] {
  const all = [...changed, ...missing, ...surplus];
  return configurationFolders.filter((folder) => all.some((path) => path.startsWith(`${folder}/`)));
}

/** Every folder before what is in it. Pure. */
function withFolders(files: readonly string[]): string[] {
  const folders = files.flatMap((path) => {
    const parts = path.split('/').slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
  return [...[...new Set(folders)].toSorted(), ...files];
}

async function packed(
  server: CommandRunner,
  workingDirectory: string,
  files: readonly string[],
): Promise<Result<Uint8Array, ProductError>> {
  const done = await server.run(['sh', '-c', packScript, 'ixha-pack-configuration', workingDirectory], {
    stdin: withFolders(files)
      .map((name) => `${name}\0`)
      .join(''),
    privileged: true,
    timeoutMs: 120_000,
    maxOutputBytes: (mostBytes * 4) / 3,
  });
  if (!done.ok) return done;
  if (done.value.truncated) {
    const said = `What differs is larger than ${mostBytes / 1024 / 1024} MB.`;
    return fail(
      productError('configuration.refused', said, [], 'Copy it by hand while the engine is stopped.'),
    );
  }
  if (done.value.exitCode === 0) return succeed(Buffer.from(done.value.stdout, 'base64'));
  return fail(commandFailed(server.name, 'packing the configuration', done.value));
}
