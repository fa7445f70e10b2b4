import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { outputOf } from '../ssh/server-connection.ts';
import { gatePath, placesOf, serverPaths, unitsOf, witnessUnit, witnessUser } from './server-paths.ts';
import type { ServerWork } from './server-work.ts';

/** What is taken off one server. */
export interface RemovedParts {
  /** Engines whose gates go. */
  readonly engines: readonly string[];
  /** Clusters whose member goes, with configuration, keys and state. */
  readonly members: readonly string[];
  readonly witness: boolean;
  /** The program itself too: nothing of the product stays. */
  readonly whole: boolean;
  /** Directories that lose the mark of a cluster; the data stays. */
  readonly marks: readonly { readonly directory: string; readonly mark: string }[];
}

/**
 * Removes what exists and prints each path; of a disk of its own the content. Arguments: `whole` where nothing of the
 * product stays, or `part`; the number of marks, each as DIRECTORY and TEXT; then paths.
 * A guard that still runs while its deadline is removed would kill its engine: so nothing is removed as a whole then.
 * The generation in a shared directory stays: it belongs to the data, and a later installation goes on
 * from it. So do a complete copy and what an old Active had alone: they are data, and may be all that is left of it.
 */
const removeScript = `set -eu
if [ "$1" = whole ]; then
  units=$(systemctl list-units --all --plain --no-legend 'ixha-agent@*.service' 'ixha-guard-?@*.service')
  alive=$(printf '%s\\n' "$units" | awk 'NF && $3 != "inactive" && $3 != "failed" { print $1 }')
  [ -z "$alive" ] || { echo "still runs, so nothing is removed:" $alive >&2; exit 1; }
fi
marks=$2; shift 2
while [ "$marks" -gt 0 ]; do
  if [ "$(timeout 10 head -c 200 "$1/.ixha/identity" 2>/dev/null)" = "$2" ]; then
    timeout 10 rm -f -- "$1/.ixha/identity"; printf '%s\\n' "$1/.ixha/identity"
    timeout 10 sh -c 'rm -f -- "$1"/.ixha/probe-* "$1"/.ixha/ledger "$1"/.ixha/*.new.*' ixha-notes "$1"
    timeout 60 rm -rf -- "$1/.ixha/copy/out" "$1/.ixha/copy/lock"
    rmdir -- "$1/.ixha" 2>/dev/null || true
  fi
  keys=$(readlink -f -- "$(getent passwd root | cut -d: -f6)/.ssh/authorized_keys") || keys=
  if grep -qE -- " ixha-copy $2\\$" "$keys" 2>/dev/null; then
    grep -vE -- " ixha-copy $2\\$" "$keys" > "$keys.ixha-new" || [ $? -eq 1 ]
    chmod --reference="$keys" -- "$keys.ixha-new" && mv -f -- "$keys.ixha-new" "$keys"
    restorecon -- "$keys" 2>/dev/null || true
    [ -s "$keys" ] || rm -f -- "$keys"
    printf '%s\\n' "$keys: the line of the copy of $2"
  fi
  shift 2; marks=$((marks - 1))
done
for path in "$@"; do
  if mountpoint -q -- "$path"; then
    [ -z "$(ls -A -- "$path")" ] || { find "$path" -xdev -mindepth 1 -delete; printf '%s\\n' "$path"; }
  elif [ -e "$path" ] || [ -L "$path" ]; then rm -rf --one-file-system -- "$path"; printf '%s\\n' "$path"; fi
  case "$path" in *.service.d/*) rmdir -- "$(dirname -- "$path")" 2>/dev/null || true ;; esac
done
rm -rf -- /var/tmp/ixha-upload-*
systemctl daemon-reload`;

/** Slices of the product hold nothing any more; they are only ours to end when no member is left. */
const endSlices = [
  'sh',
  '-c',
  "systemctl stop 'system-ixha\\x2dagent.slice' 'system-ixha\\x2dguard\\x2d1.slice' 'system-ixha\\x2dguard\\x2d2.slice' 2>/dev/null || true",
  'ixha-slices',
];

/**
 * Removes files, folders and marks, when nothing of these parts runs any more, and answers what was there. What tells
 * that a member or a site is here goes late, and the record of how the server was before goes last, so that a removal
 * or a roll back that was interrupted is found again.
 */
export async function removeFiles(
  { connection }: Pick<ServerWork, 'connection'>,
  parts: RemovedParts,
): Promise<Result<string[], ProductError>> {
  if (parts.engines.length > 0) {
    // A stop by a guard counts as a failure of the service; that memory is ours to clear.
    await connection.run(['systemctl', 'reset-failed', '--', ...parts.engines], { privileged: true });
  }
  const marks = parts.marks.flatMap(({ directory, mark }) => [directory, mark]);
  const count = String(parts.marks.length);
  const whole = parts.whole ? 'whole' : 'part';
  const argv = ['sh', '-c', removeScript, 'ixha-remove', whole, count, ...marks, ...removedPaths(parts)];
  const what = 'removing files';
  const removed = await outputOf(connection, argv, { what, privileged: true, timeoutMs: 120_000 });
  if (!removed.ok) return removed;
  if (parts.whole) await connection.run(endSlices, { privileged: true });
  const lines = removed.value.split('\n').filter((line) => line !== '');
  if (!parts.witness) return succeed(lines);
  const user = await connection.run(['userdel', witnessUser], { privileged: true });
  return succeed(user.ok && user.value.exitCode === 0 ? [...lines, `user ${witnessUser}`] : lines);
}

function removedPaths({ engines, members, witness, whole }: RemovedParts): string[] {
  const names = [...members, ...(witness ? ['witness'] : [])];
  const enabled = [...members.flatMap(unitNames), ...(witness ? [witnessUnit] : [])];
  const templates = ['ixha-agent@.service', 'ixha-guard-1@.service', 'ixha-guard-2@.service'];
  const units = [...(whole ? templates : []), ...(whole || witness ? [witnessUnit] : [])];
  const { state, run, command, library, configuration } = serverPaths;
  return [
    ...engines.map(gatePath),
    ...units.map((unit) => `${serverPaths.units}/${unit}`),
    // The service manager does not disable a unit whose file is gone.
    ...enabled.map((unit) => `${serverPaths.units}/multi-user.target.wants/${unit}`),
    ...names.flatMap((name) => [placesOf(name).state, placesOf(name).run]),
    ...names.map((name) => placesOf(name).configuration),
    ...(whole ? [run, command, library, configuration, state] : []),
  ];
}

function unitNames(cluster: string): string[] {
  const { agent, guards } = unitsOf(cluster);
  return [agent, ...guards];
}

const restoreScript = `set -eu
rm -f -- "$1.ixha-new-config" "$1.ixha-next" "$1.ixha-before"
ours() { grep -q '^# Generated by IguanaX HA' "$1" 2>/dev/null; }
# Its own note goes last: where that is left, the service was not told of the file yet.
ours "$1" || [ -e "$1.ixha-service" ] || exit 0
if grep -qs '^disabled' "$1.ixha-service"; then systemctl disable --quiet haproxy.service; fi
if [ -e "$1.ixha-previous" ]; then mv -T -- "$1.ixha-previous" "$1"; elif ours "$1"; then rm -f -- "$1"; fi
if grep -qs '^stopped' "$1.ixha-service"; then systemctl stop haproxy.service
else systemctl reload-or-restart haproxy.service || systemctl stop haproxy.service; fi
rm -f -- "$1.ixha-service"
printf '%s\\n' "$1"`;

/** Gives HAProxy the configuration back that it had before ours, and its service what it was. Answers the file, if it was ours. */
export async function restoreBalancer(work: ServerWork): Promise<Result<string[], ProductError>> {
  const argv = ['sh', '-c', restoreScript, 'ixha-restore', serverPaths.haproxy];
  const what = 'restoring the configuration of HAProxy';
  const restored = await outputOf(work.connection, argv, { what, privileged: true });
  return restored.ok ? succeed(restored.value.split('\n').filter((line) => line !== '')) : restored;
}
