import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { noPrivilege, prepareCommand } from './privilege.ts';
import type { CommandOutput, Privilege, ServerConnection, SshTarget } from './server-connection.ts';
import type { LeasedSession, SessionPool } from './session-pool.ts';
import { passwordExpired } from './sign-in.ts';
import { uploadFile } from './upload.ts';

/**
 * Connects to a server, or joins whoever is connected already, and proves that its user can act as root.
 *
 * Errors: those of `openClient`, ssh.no-privilege, ssh.no-forwarding (of a jump host).
 */
export async function connectServer(
  target: SshTarget,
  pool: SessionPool,
): Promise<Result<ServerConnection, ProductError>> {
  const leased = await pool.lease(target);
  if (!leased.ok) return leased;
  const { session } = leased.value;
  const privilege = await provePrivilege(leased.value, target);
  if (!privilege.ok) {
    leased.value.release();
    return privilege;
  }
  let closed = false;
  // The session may go on for others who share it.
  const run: ServerConnection['run'] = (argv, options = {}) =>
    closed
      ? Promise.resolve(
          fail(productError('server.unreachable', `${target.name}: the connection was closed.`)),
        )
      : session.run(prepareCommand(argv, options, privilege.value), shown(argv), options);
  return succeed({
    name: target.name,
    legacy: session.legacy,
    run,
    upload: async (source, uploadTarget) => {
      const content = source.kind === 'content' ? Buffer.from(source.content) : await readFile(source.file);
      return uploadFile({ name: target.name, run }, content, uploadTarget);
    },
    forward: (address, port) => session.forward(address, port),
    close: () => {
      closed = true;
      leased.value.release();
    },
  });
}

function shown(argv: readonly string[]): string {
  return `“${argv.slice(0, 2).join(' ')}”`;
}

/** Tries to act as root the way the target says. A password that sudo does not want is never sent. */
async function provePrivilege(
  { session }: LeasedSession,
  target: SshTarget,
): Promise<Result<Privilege, ProductError>> {
  const attempt = async (argv: readonly string[], privilege: Privilege, privileged: boolean) => {
    const options = { privileged };
    const result = await session.run(prepareCommand(argv, options, privilege), shown(argv), options);
    return result.ok && mustChangePassword(result.value)
      ? fail(passwordExpired(target, [result.value.stderr.trim()]))
      : result;
  };
  const refuse = (why: string) => fail(noPrivilege(target.name, target.user, why));
  const wanted = target.privilege;
  if (wanted.kind === 'root') {
    const id = await attempt(['id', '-u'], wanted, false);
    if (!id.ok) return id;
    return id.value.stdout.trim() === '0'
      ? succeed(wanted)
      : refuse('this user is not root and sudo is not allowed by the site file');
  }
  const free: Privilege = { kind: 'passwordless' };
  const silent = await attempt(['sudo', '-n', '-k', 'true'], free, false);
  if (!silent.ok) return silent;
  if (silent.value.exitCode === 0) return succeed(free);
  const why = lastLine(silent.value.stderr) || 'sudo does not work without a password';
  if (wanted.kind === 'passwordless') return refuse(why);
  const asked = await attempt(['true'], wanted, true);
  if (!asked.ok) return asked;
  return asked.value.exitCode === 0
    ? succeed(wanted)
    : refuse(lastLine(asked.value.stderr) || 'sudo refused the password');
}

/** What PAM says instead of running anything while the password has expired. */
function mustChangePassword(output: CommandOutput): boolean {
  return output.exitCode !== 0 && /password (has )?expired|password change required/i.test(output.stderr);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
