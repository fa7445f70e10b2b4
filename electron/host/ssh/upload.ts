import { createHash } from 'node:crypto';
import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { outputOf, runChecked, type CommandRunner, type UploadTarget } from './server-connection.ts';

/** Makes a folder for the bytes, and removes what transfers that were cut off left more than an hour ago. */
const stagingScript = `find /var/tmp -maxdepth 1 -type d -name 'ixha-upload-*' -mmin +60 -exec rm -rf {} + 2>/dev/null
mktemp -d /var/tmp/ixha-upload-XXXXXXXXXX`;

/**
 * Moves a staged file to its place, as root: copied beside the target, compared by checksum there,
 * owner and mode set, synced, renamed over the old one, and the folder synced. A reader sees the old
 * file or the new one, never a part.
 * Arguments: staged file, target, mode, owner, sha256.
 */
const placeScript = `set -eu
umask 077
new="$2.ixha-new"
cp -- "$1" "$new"
sum=$(sha256sum < "$new")
if [ "\${sum%% *}" != "$5" ]; then rm -f -- "$new"; echo "checksum differs after the transfer" >&2; exit 65; fi
chown -- "$4" "$new"
chmod -- "$3" "$new"
sync -- "$new"
mv -T -- "$new" "$2"
sync -- "$(dirname -- "$2")"`;

interface Transport extends CommandRunner {
  /** Writes the content to a fresh path that belongs to the connected user. */
  write(path: string): Promise<Result<void, ProductError>>;
}

/** The upload of a `ServerConnection`, over whatever moves the bytes. */
export async function uploadFile(
  server: Transport,
  content: Uint8Array,
  target: UploadTarget,
): Promise<Result<void, ProductError>> {
  const what = `placing ${target.path}`;
  const staging = await outputOf(server, ['sh', '-c', stagingScript], { what });
  if (!staging.ok) return staging;
  const folder = staging.value.trim();
  try {
    const staged = `${folder}/file`;
    const written = await server.write(staged);
    if (!written.ok) return written;
    const digest = createHash('sha256').update(content).digest('hex');
    const argv = [
      'sh',
      '-c',
      placeScript,
      'ixha-place',
      staged,
      target.path,
      target.mode,
      target.owner,
      digest,
    ];
    const placed = await runChecked(server, argv, { what, privileged: true, timeoutMs: 120_000 });
    return placed.ok ? { ok: true, value: undefined } : placed;
  } finally {
    await server.run(['rm', '-rf', '--', folder]);
  }
}
