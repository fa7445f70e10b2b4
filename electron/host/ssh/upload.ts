import { createHash } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, runChecked, type CommandRunner, type UploadTarget } from './server-connection.ts';

const transferTimeoutMs = 10 * 60_000;

/**
 * Takes the bytes into a folder of the connected user, and removes what transfers that were cut off left more than an
 * hour ago. Not as root: where sudo writes down what it is given to read, no secret gets into its log. What did not
 * arrive whole goes at once: a lost connection ends the bytes like a file that is complete.
 * Argument: how many bytes there are.
 */
const stagingScript = `umask 077
export LC_ALL=C
trap '' PIPE
find /var/tmp -maxdepth 1 -type d -name 'ixha-upload-*' -mmin +60 -exec rm -rf {} + 2>/dev/null
folder=$(mktemp -d /var/tmp/ixha-upload-XXXXXXXXXX) || exit 73
cat > "$folder/file" || { rm -rf -- "$folder"; exit 74; }
if [ "$(wc -c < "$folder/file")" -ne "$1" ]; then rm -rf -- "$folder"; echo "not all bytes arrived" >&2; exit 75; fi
printf '%s' "$folder" || rm -rf -- "$folder"`;

/**
 * Moves a staged file to its place, as root: copied beside the target, compared by checksum there,
 * owner and mode set, synced, renamed over the old one, and the folder synced. A reader sees the old
 * file or the new one, never a part. What was staged goes, and so does a copy that could not be finished.
 * Arguments: folder of the staged file, target, mode, owner, sha256.
 */
const placeScript = `set -eu
umask 077
export LC_ALL=C
new="$2.ixha-new"
trap 'rm -rf -- "$1"; rm -f -- "$new"' EXIT
cp -- "$1/file" "$new"
sum=$(sha256sum < "$new")
if [ "\${sum%% *}" != "$5" ]; then echo "checksum differs after the transfer" >&2; exit 65; fi
chown -- "$4" "$new"
chmod -- "$3" "$new"
sync -- "$new"
mv -T -- "$new" "$2"
sync -- "$(dirname -- "$2")"`;

/** The upload of a `ServerConnection`, in two commands. */
export async function uploadFile(
  server: CommandRunner,
  content: Uint8Array,
  { path, mode, owner }: UploadTarget,
): Promise<Result<void, ProductError>> {
  const what = `placing ${path}`;
  const taken = { what: `the transfer of ${path}`, stdin: content, timeoutMs: transferTimeoutMs };
  const size = String(content.length);
  const staged = await outputOf(server, ['sh', '-c', stagingScript, 'ixha-stage', size], taken);
  if (!staged.ok) return fail(sayFullDisk(staged.error, server.name, path));
  const folder = staged.value.trim();
  const digest = createHash('sha256').update(content).digest('hex');
  const argv = ['sh', '-c', placeScript, 'ixha-place', folder, path, mode, owner, digest];
  const placed = await runChecked(server, argv, { what, privileged: true, timeoutMs: 120_000 });
  if (placed.ok) return succeed(undefined);
  // Its own clean-up has not run if the script has not.
  await server.run(['rm', '-rf', '--', folder]);
  return fail(sayFullDisk(placed.error, server.name, path));
}

/** A full disk has a sentence of its own: what it says is always the same, and so is what helps. */
function sayFullDisk(error: ProductError, server: string, path: string): ProductError {
  const said = error.details?.find((line) => /No space left on device|Disk quota exceeded/.test(line));
  return said === undefined
    ? error
    : productError('server.disk-full', `${server}: there is no room for ${path}.`, [said]);
}
