import { randomBytes } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { assertNever, fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import { ensureCertificate, type Issuer } from './enrol-step.ts';
import { changed, forgetStarted } from './noted-change.ts';
import type { PlacingStep } from './plan.ts';
import type { WantedEngine } from './wanted-server.ts';

/** Carries out one placing step. The value tells whether anything was changed. */
export async function executeStep(
  server: ServerConnection,
  step: PlacingStep,
  issuer: Issuer,
): Promise<Result<boolean, ProductError>> {
  const asRoot = (what: string, argv: readonly string[]) =>
    changed(runChecked(server, argv, { what, privileged: true }));
  switch (step.kind) {
    case 'user': {
      const shell = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
      const add = `id "$1" >/dev/null 2>&1 || { name=$1; shift; useradd --system --user-group "$@" "$name"; }`;
      return asRoot(`adding the user ${step.name}`, ['sh', '-c', add, 'ixha-user', step.name, ...shell]);
    }
    case 'directory': {
      const { path, mode, owner } = step.directory;
      const [user, group] = owner.split(':');
      const options = ['-d', '-m', mode, '-o', user!, '-g', group!];
      return asRoot(`making ${path}`, ['install', ...options, '--', path]);
    }
    case 'file': {
      if (step.file.isUnit) {
        const folder = step.file.path.slice(0, step.file.path.lastIndexOf('/'));
        const made = await asRoot(`making ${folder}`, ['mkdir', '-p', '--', folder]);
        if (!made.ok) return made;
      }
      const forgotten = await forgetStarted(server, step.file.restarts);
      return forgotten.ok ? changed(server.upload(step.file.source, step.file)) : forgotten;
    }
    case 'link': {
      const forgotten = await forgetStarted(server, step.restarts);
      if (!forgotten.ok) return forgotten;
      const script = 'ln -sfn -- "$2" "$1.new" && mv -T -- "$1.new" "$1" && sync -- "$(dirname -- "$1")"';
      return asRoot(`switching ${step.path}`, ['sh', '-c', script, 'ixha-link', step.path, step.target]);
    }
    case 'enrol':
      return ensureCertificate(server, step.enrolment, issuer);
    case 'storage-mark':
      return markStorage(server, step.engine);
    case 'daemon-reload':
      return asRoot('reloading the service manager', ['systemctl', 'daemon-reload']);
    default:
      return assertNever(step);
  }
}

/** Marks the shared directory. Two servers may do it at once: the first mark stays and is compared. */
async function markStorage(
  server: ServerConnection,
  engine: WantedEngine,
): Promise<Result<boolean, ProductError>> {
  const { directory, mark } = engine.storage;
  const script = `set -eu
umask 022
mkdir -p -- "$1/.ixha"
own="$1/.ixha/identity.$3"
printf '%s' "$2" > "$own"
sync -- "$own"
ln -- "$own" "$1/.ixha/identity" 2>/dev/null || true
rm -f -- "$own"
cat -- "$1/.ixha/identity"`;
  const what = `marking ${directory}`;
  const suffix = randomBytes(6).toString('hex');
  const argv = ['timeout', '-k', '1', '20', 'sh', '-c', script, 'ixha-mark', directory, mark, suffix];
  const seen = await outputOf(server, argv, { what, privileged: true });
  if (!seen.ok) return seen;
  if (seen.value === mark) return succeed(true);
  const said = `${server.name}: ${directory} is marked as belonging to ${seen.value.trim()}.`;
  return fail(productError('install.foreign', said, [`seen in ${directory}/.ixha/identity`]));
}
