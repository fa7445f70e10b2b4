import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { workerName } from '../install/site-lock.ts';
import { serverPaths } from '../install/server-paths.ts';
import { outputOf, runChecked, type CommandRunner } from '../ssh/server-connection.ts';

/** How a server was before the last installation or upgrade that changed it: what a roll back puts back. */
const place = `${serverPaths.state}/before-installation`;

/**
 * Keeps every file of the product outside of its program. Keys and certificates are not among them, nor those for an etcd
 * or a copied directory: they are proven to the other servers, and an older one may be refused by now. What an unfinished work has kept is the state before it,
 * and is not written over by the next try. Relative paths, since cp of coreutils 9.1 finds no parents of absolute ones.
 */
const keepScript = `set -eu
umask 077
cd /
place=$1 note=$2
[ ! -f "$place/open" ] || { echo kept; exit 0; }
rm -rf -- "$place" "$place.new"
mkdir -p -- "$place.new/files"
if [ -e .${serverPaths.siteMark} ] || [ -L .${serverPaths.currentLink} ]; then kind=again; else kind=first; fi
version=$(readlink -- .${serverPaths.currentLink}) || version=none
for path in .${serverPaths.configuration} .${serverPaths.command} \\
  .${serverPaths.units}/ixha-*.service .${serverPaths.units}/*.service.d/50-ixha-gate.conf; do
  if [ -e "$path" ]; then cp -a --parents -- "\${path#./}" "$place.new/files/"; fi
done
rm -rf -- "$place.new/files${serverPaths.configuration}"/*/certificates
rm -rf -- "$place.new/files${serverPaths.configuration}"/*/certificates.next
rm -rf -- "$place.new/files${serverPaths.configuration}"/*/etcd
rm -f -- "$place.new/files${serverPaths.configuration}"/*/copy/key*
rm -f -- "$place.new/files${serverPaths.configuration}"/*/copy/known_hosts*
rm -f -- "$place.new/files${serverPaths.configuration}"/*/guard-proof.json
printf '%s %s\\n%s\\n' "$kind" "$version" "$note" > "$place.new/record"
: > "$place.new/open"
mv -T -- "$place.new" "$place"
sync -f -- "$place"
echo new`;

/** A work on a server after which an administrator may want it as it was before. */
export type KeptWork = 'installation' | 'upgrade';

/** Before the first change of a work. Answers whether something was kept anew. Errors: ssh.*, server.*. */
export async function keepBefore(
  server: CommandRunner,
  what: KeptWork,
): Promise<Result<boolean, ProductError>> {
  const note = JSON.stringify({ what, at: new Date().toISOString(), by: workerName() });
  const argv = ['sh', '-c', keepScript, 'ixha-before', place, note];
  const kept = await outputOf(server, argv, { what: 'keeping what was there before', privileged: true });
  return kept.ok ? succeed(kept.value.trim() === 'new') : kept;
}

const endScript = `[ ! -e "$1" ] || rm -rf -- "$1"`;

/** The work has come to its end: the next one keeps anew what it finds. */
export function endBefore(server: CommandRunner): Promise<Result<unknown, ProductError>> {
  const argv = ['sh', '-c', endScript, 'ixha-before-end', `${place}/open`];
  return runChecked(server, argv, { what: 'noting the end of the work', privileged: true });
}

/** The server is as it was before: there is nothing to go back to any more. */
export function forgetBefore(server: CommandRunner): Promise<Result<unknown, ProductError>> {
  const argv = ['sh', '-c', endScript, 'ixha-before-end', place];
  return runChecked(server, argv, { what: 'removing what was kept of before', privileged: true });
}

/** What is kept of a server, compared with what lies there now. */
export interface BeforeRecord {
  /** `first`: nothing of the product was there. */
  readonly kind: 'first' | 'again';
  /** Program that was the current one; null: none was. */
  readonly version: string | null;
  readonly what: KeptWork;
  /** ISO time, and the workstation. */
  readonly at: string;
  readonly by: string;
  /** The work was interrupted or has failed. */
  readonly open: boolean;
  /** Files that are not there as they were. */
  readonly restored: readonly string[];
  /** Files that are there and were not. */
  readonly removed: readonly string[];
  /** Texts of the files that tell members and lease store what they are, by path: as they were, and as they are now. */
  readonly kept: ReadonlyMap<string, string>;
  readonly now: ReadonlyMap<string, string>;
  /** The signed site configuration of then; empty: there was none. */
  readonly configuration: string;
}

const readScript = `set -eu
place=$1; shift
[ -f "$place/record" ] || { echo end; exit 0; }
sed 's/^/record /' < "$place/record"
if [ -f "$place/open" ]; then echo open; fi
cd -- "$place/files"
find . -type f ! -path .${serverPaths.siteConfiguration} | sed 's/^\\.//' | LC_ALL=C sort | while IFS= read -r path; do
  cmp -s -- ".$path" "$path" || printf 'restored %s\\n' "$path"
done
for path; do if [ -e "$path" ] && [ ! -e ".$path" ]; then printf 'removed %s\\n' "$path"; fi; done
if [ -f .${serverPaths.siteConfiguration} ]; then sed 's/^/configuration /' < .${serverPaths.siteConfiguration}; fi
tell() { [ ! -f "$2" ] || { cat -- "$2"; echo; } | sed "s|^|$1 $3 |"; }
for path in .${serverPaths.configuration}/*/member.json .${serverPaths.configuration}/*/witness.json \\
  .${serverPaths.configuration}/*/guard.env; do
  tell kept "$path" "\${path#.}"
  tell now "\${path#.}" "\${path#.}"
done
echo end`;

/** Whether a file is a secret that stays as it is; a record of an earlier version may hold it. Pure. */
export function isKeptSecret(path: string): boolean {
  return /^\/etc\/ixha\/[^/]+\/(certificates\/|etcd\/|copy\/(key|known_hosts))/.test(path);
}

/**
 * Reads what is kept on a server; null: nothing is. Only looks. Errors: ssh.command-failed, also for half an answer.
 *
 * @param paths files of the product as they are wanted now: those that were not there before would be removed
 */
export async function readBefore(
  server: CommandRunner,
  paths: readonly string[],
): Promise<Result<BeforeRecord | null, ProductError>> {
  const what = 'looking at what is kept of before';
  const argv = ['sh', '-c', readScript, 'ixha-before-look', place, ...paths];
  const told = await outputOf(server, argv, { what, privileged: true });
  if (!told.ok) return told;
  const lines = told.value.split('\n');
  if (!lines.includes('end')) {
    return fail(productError('ssh.command-failed', `${server.name}: ${what} gave half an answer.`));
  }
  const all = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [first, note] = all('record');
  if (first === undefined) return succeed(null);
  const [kind, version = 'none'] = first.split(' ');
  const text = all('configuration');
  return succeed({
    kind: kind === 'first' ? 'first' : 'again',
    version: version === 'none' ? null : version,
    ...noted(note ?? ''),
    open: lines.includes('open'),
    restored: all('restored').filter((path) => !isKeptSecret(path)),
    removed: all('removed'),
    kept: textsOf(all('kept')),
    now: textsOf(all('now')),
    configuration: text.length === 0 ? '' : `${text.join('\n')}\n`,
  });
}

/** Lines of `PATH LINE` as one text for each path. */
function textsOf(lines: readonly string[]): Map<string, string> {
  const split = lines.map((line) => /^(\S+) ?(.*)$/.exec(line) ?? []);
  const byPath = Map.groupBy(split, ([, path]) => path ?? '');
  return new Map([...byPath].map(([path, some]) => [path, some.map(([, , text]) => text).join('\n')]));
}

/** Who has begun what, and when. */
const Note = z.object({ what: z.enum(['installation', 'upgrade']), at: z.string(), by: z.string() });

function noted(note: string): Pick<BeforeRecord, 'what' | 'at' | 'by'> {
  const read = z.safeParse(Note, parseJson(note));
  return read.success ? read.data : { what: 'installation', at: 'an unknown time', by: 'somebody' };
}

/**
 * Each file whole, by a rename. The program is switched last: what of this was done before an interruption is found again
 * by the same look. Arguments: place, link, version, number of files to restore, those, then files to remove.
 */
const restoreScript = `set -eu
place=$1 current=$2 version=$3 count=$4; shift 4
test -d "$(dirname -- "$current")/$version"
while [ "$count" -gt 0 ]; do
  mkdir -p -- "$(dirname -- "$1")"
  cp -a -- "$place/files$1" "$1.ixha-back"
  mv -T -- "$1.ixha-back" "$1"
  shift; count=$((count - 1))
done
for path; do
  rm -f -- "$path"
  case "$path" in *.service.d/*) rmdir -- "$(dirname -- "$path")" 2>/dev/null || true ;; esac
done
ln -sfn -- "$version" "$current.new"
mv -T -- "$current.new" "$current"
sync -f -- "$(dirname -- "$current")" ${serverPaths.configuration} ${serverPaths.units}
systemctl daemon-reload`;

/** Puts files and program back as they were. Nothing is restarted by this. */
export function restoreBefore(
  server: CommandRunner,
  { version, restored, removed }: BeforeRecord,
): Promise<Result<unknown, ProductError>> {
  const places = [place, serverPaths.currentLink, version ?? ''];
  const argv = ['sh', '-c', restoreScript, 'ixha-before-back', ...places];
  return runChecked(server, [...argv, String(restored.length), ...restored, ...removed], {
    what: 'putting back what was there before',
    privileged: true,
  });
}
