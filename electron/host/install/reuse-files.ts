import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';
import { serverPaths } from './server-paths.ts';
import type { WantedFile } from './wanted-files.ts';

/**
 * Gives a file of another version that is the same, by digest, mode and owner, a second name at the new place: nothing
 * is copied. Whatever is changed later is replaced as a whole, so that neither name changes what the other one shows.
 * Arguments: the library, then digest, mode, owner and path of each wanted file. Prints the paths that are in place.
 */
const reuseScript = `set -u
library=$1; shift
while [ $# -ge 4 ]; do
  name=\${4#"$library"/}; name=\${name#*/}
  for folder in "$library"/*/; do
    old=$folder$name
    if [ -L "\${folder%/}" ] || [ ! -f "$old" ] || [ "$old" = "$4" ]; then continue; fi
    [ "$(stat -c '%a %U:%G' -- "$old")" = "\${2#0} $3" ] || continue
    sum=$(sha256sum < "$old")
    [ "\${sum%% *}" = "$1" ] || continue
    if ln -f -- "$old" "$4.ixha-new" && mv -T -- "$4.ixha-new" "$4" && sync -- "$(dirname -- "$4")"; then
      printf '%s\\n' "$4"
      break
    fi
  done
  shift 4
done`;

/**
 * Puts those of the wanted files of a program in their place that another version on the server has already.
 * Answers their paths; the others have to be sent.
 */
export async function reuseFiles(
  server: CommandRunner,
  files: readonly WantedFile[],
): Promise<Result<ReadonlySet<string>, ProductError>> {
  const what = 'looking for what other versions have';
  const words = files.flatMap(({ sha256, mode, owner, path }) => [sha256, mode, owner, path]);
  const argv = ['sh', '-c', reuseScript, 'ixha-reuse', serverPaths.library, ...words];
  const printed = await outputOf(server, argv, { what, privileged: true, timeoutMs: 120_000 });
  return printed.ok ? succeed(new Set(printed.value.split('\n').filter((line) => line !== ''))) : printed;
}
