import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { serverPaths } from '../install/server-paths.ts';
import { outputOf, runChecked, type CommandRunner } from '../ssh/server-connection.ts';

/** A change of version that was begun and not yet proven. */
export interface Switch {
  readonly from: string;
  readonly to: string;
}

/** Which versions of the program a server has, and which of them runs. */
export interface ServerVersions {
  readonly current: string | null;
  readonly installed: readonly string[];
  readonly unproven: Switch | null;
  /** Version that the process of each unit was started from; '' when it has none. */
  readonly runs: ReadonlyMap<string, string>;
}

/** Names the change of version under way on a server; gone once it is proven or undone. */
const switchRecord = `${serverPaths.state}/version-switch`;
/** Every file that a change of version replaces, as it was. */
const keptFiles = `${serverPaths.state}/before-switch`;
const previousLink = `${serverPaths.library}/previous`;

/** Guards are scripts: what they run is the file that bash keeps open, not its program. */
const lookScript = `set -u
library=$1 record=$2; shift 2
printf 'current %s\\n' "$(readlink -- "$library/current")"
for folder in "$library"/*/; do
  [ -L "\${folder%/}" ] || printf 'version %s\\n' "$(basename -- "$folder")"
done
if [ -f "$record" ]; then printf 'switch %s\\n' "$(head -c 300 -- "$record" | head -n 1)"; fi
for unit; do
  pid=$(systemctl show -p MainPID --value -- "$unit" 2>/dev/null)
  program=$(readlink -- "/proc/$pid/exe" 2>/dev/null)
  case $program in "$library"/*) ;; *) program=$(readlink -- "/proc/$pid/fd/255" 2>/dev/null) ;; esac
  version=\${program#"$library"/}
  printf 'runs %s %s\\n' "$unit" "\${version%%/*}"
done
echo end`;

/** Looks at the versions on one server. Errors: ssh.command-failed, also for half an answer. */
export async function lookAtVersions(
  server: CommandRunner,
  units: readonly string[],
): Promise<Result<ServerVersions, ProductError>> {
  const what = 'looking at the installed versions';
  const argv = ['sh', '-c', lookScript, 'ixha-versions', serverPaths.library, switchRecord, ...units];
  const told = await outputOf(server, argv, { what, privileged: true });
  if (!told.ok) return told;
  const lines = told.value.split('\n').map((line) => line.split(' '));
  if (!lines.some(([word]) => word === 'end')) {
    return fail(productError('ssh.command-failed', `${server.name}: ${what} gave half an answer.`));
  }
  const all = (word: string) => lines.filter(([first]) => first === word).map(([, ...rest]) => rest);
  const [from, to] = all('switch')[0] ?? [];
  return succeed({
    current: all('current')[0]?.[0] || null,
    installed: all('version').map(([name]) => name ?? ''),
    unproven: from && to ? { from, to } : null,
    runs: new Map(all('runs').map(([unit, version]) => [unit ?? '', version ?? ''])),
  });
}

/** Relative paths, since cp of coreutils 9.1 finds no parents of absolute ones. */
const keepScript = `set -eu
umask 077
cd /
library=$1 record=$2 kept=$3 from=$4 to=$5; shift 5
rm -rf -- "$kept" "$kept.new"
mkdir -p -- "$kept.new"
for path; do
  if [ -e "$path" ]; then cp -a --parents -- "\${path#/}" "$kept.new/"; fi
done
mv -T -- "$kept.new" "$kept"
ln -sfn -- "$from" "$library/previous.new"
mv -T -- "$library/previous.new" "$library/previous"
printf '%s %s\\n' "$from" "$to" > "$record.new"
sync -f -- "$kept" "$library" "$record.new"
mv -T -- "$record.new" "$record"
sync -- "$(dirname -- "$record")"`;

/**
 * Keeps what a change of version is about to replace, then writes down that it begins. From here on the server can be
 * brought back, also by a later run.
 */
export function beginSwitch(
  server: CommandRunner,
  { from, to }: Switch,
  paths: readonly string[],
): Promise<Result<unknown, ProductError>> {
  const places = [serverPaths.library, switchRecord, keptFiles];
  const argv = ['sh', '-c', keepScript, 'ixha-keep', ...places, from, to, ...paths];
  return runChecked(server, argv, { what: 'keeping the version before', privileged: true });
}

/** A file that was not there before the switch goes. */
const restoreScript = `set -eu
current=$1 kept=$2 from=$3; shift 3
test -d "$kept"
test -d "$(dirname -- "$current")/$from"
for path; do
  if [ -e "$kept$path" ]; then
    cp -a -- "$kept$path" "$path.ixha-back"
    mv -T -- "$path.ixha-back" "$path"
  else rm -f -- "$path"; fi
done
ln -sfn -- "$from" "$current.new"
mv -T -- "$current.new" "$current"
sync -- "$(dirname -- "$current")"
systemctl daemon-reload`;

/** Puts program, configuration and units back as they were. Nothing is restarted by this. */
export function restoreVersion(
  server: CommandRunner,
  { from }: Switch,
  paths: readonly string[],
): Promise<Result<unknown, ProductError>> {
  const argv = ['sh', '-c', restoreScript, 'ixha-back', serverPaths.currentLink, keptFiles, from, ...paths];
  return runChecked(server, argv, { what: 'going back to the version before', privileged: true });
}

/** The version before stays for the next time; what is older than that goes. */
const endScript = `set -eu
library=$1 previous=$2 record=$3 kept=$4
current=$(readlink -- "$library/current")
before=$(readlink -- "$previous")
test -n "$current"
test -n "$before"
rm -f -- "$record"
rm -rf -- "$kept"
for folder in "$library"/*/; do
  name=$(basename -- "$folder")
  if [ ! -L "\${folder%/}" ] && [ "$name" != "$current" ] && [ "$name" != "$before" ]; then
    rm -rf -- "$library/$name"
  fi
done`;

/** The present version is proven: its switch is over, and versions older than the one before are removed. */
export function endSwitch(server: CommandRunner): Promise<Result<unknown, ProductError>> {
  const argv = [
    'sh',
    '-c',
    endScript,
    'ixha-end',
    serverPaths.library,
    previousLink,
    switchRecord,
    keptFiles,
  ];
  return runChecked(server, argv, { what: 'removing older versions', privileged: true });
}

/** Has the new program start once, beside the one that works. */
export function tryProgram(server: CommandRunner, version: string): Promise<Result<unknown, ProductError>> {
  const folder = `${serverPaths.library}/${version}`;
  const argv = [`${folder}/node`, `${folder}/ixha.cjs`, 'help'];
  return runChecked(server, argv, { what: `starting the program of version ${version}` });
}

/** How often the service manager has had to start a unit again since it was last asked to. */
export async function restartsOf(server: CommandRunner, unit: string): Promise<number> {
  const argv = ['systemctl', 'show', '-p', 'NRestarts', '--value', '--', unit];
  const told = await server.run(argv, { privileged: true });
  return told.ok ? Number(told.value.stdout.trim()) || 0 : 0;
}
