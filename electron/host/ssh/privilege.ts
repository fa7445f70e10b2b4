import { productError, type ProductError } from '../../../shared/errors.ts';
import type { Privilege, RunOptions } from './server-connection.ts';

/** A command ready to be sent: what the shell runs, and what it reads. */
export interface PreparedCommand {
  readonly argv: readonly string[];
  readonly stdin: Uint8Array;
}

/**
 * Wraps a command so that it runs as root. A sudo password goes first on stdin (`-S`), never into the
 * command line; `-k` makes sudo ask even when it remembers us, so that the password is always consumed
 * by sudo and never reaches the program.
 */
export function prepareCommand(
  argv: readonly string[],
  options: Pick<RunOptions, 'stdin' | 'privileged'>,
  privilege: Privilege,
): PreparedCommand {
  const stdin = Buffer.from(options.stdin ?? '');
  // The output is read by programs, and sbin is not in every user's path.
  const plain = [
    'env',
    'LC_ALL=C',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...argv,
  ];
  if (options.privileged !== true || privilege.kind === 'root') return { argv: plain, stdin };
  if (privilege.kind === 'passwordless') return { argv: ['sudo', '-n', '--', ...plain], stdin };
  return {
    argv: ['sudo', '-S', '-k', '-p', '', '--', ...plain],
    stdin: Buffer.concat([Buffer.from(`${privilege.password}\n`), stdin]),
  };
}

/** What an unprivileged user could not do, for the sentence of `ssh.no-privilege`. */
export const privilegedCommands = [
  'systemctl, systemd-run and journalctl (units of the agent, its guards and the engine)',
  'cp, mv, chmod, chown, sync, ln and rm below /etc/ixha, /etc/systemd/system, /usr/lib/ixha, /var/lib/ixha and /run/ixha, of /usr/bin/ixha, and of .ixha in the storage of each cluster',
  'useradd, userdel and runuser (the witness runs as its own user)',
  'haproxy -c and the files below /etc/haproxy (the load balancer, where it is set up by the console)',
  'ssh-keygen and the authorized_keys of root (a copied directory)',
  'sh, through which they run: a rule for single programs does not do',
];

export function noPrivilege(server: string, user: string, why: string): ProductError {
  return productError(
    'ssh.no-privilege',
    `${server}: ${user} cannot act as root: ${why}.`,
    privilegedCommands.map((command) => `needs root: ${command}`),
    `Sign in as root, or let the owner of ${server} allow it there: visudo -f /etc/sudoers.d/ixha with the line “${user} ALL=(root) ALL” (sudo with a password) or “${user} ALL=(root) NOPASSWD: ALL” (without). It may be taken away again afterwards: agents do not need it.`,
  );
}
