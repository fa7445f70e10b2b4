import { productError } from '../../shared/errors.ts';
import type { SetupView } from '../../shared/setup/setup-view.ts';

const hostKey = 'ssh-ed25519 SHA256:Xk3l0VQv1nq7N8cZ2mYb5tRw9pLhJ4sGd6fEaUiKo0M';

/** Setups whose servers are not simply signed in to. */
export function signInFixtures(healthy: SetupView) {
  const { draft, reach } = healthy;
  const jump = {
    id: 'jump',
    name: 'gate',
    address: 'gate.clinic.example',
    ssh: { user: 'admin', port: 22, login: { kind: 'ssh-agent' as const }, hostKey: null },
  };
  const servers = draft.servers.map((server) => ({ ...server, ssh: { ...server.ssh, jump: 'jump' } }));
  const jumpReach = {
    server: 'jump',
    state: 'key-to-confirm' as const,
    sinceMs: 4_000,
    presented: hostKey,
    error: null,
    system: null,
    has: [],
  };
  return {
    /** Every server stands behind a jump host whose key was not compared yet. */
    'jump-host': {
      ...healthy,
      draft: { ...draft, jumpHosts: [jump], servers },
      reach: [jumpReach, ...reach.map((one) => ({ ...one, state: 'not-tried' as const, system: null }))],
    },
    question: {
      ...healthy,
      reach: [{ ...reach[0]!, state: 'trying' as const }, ...reach.slice(1)],
      questions: [
        {
          id: 'q1',
          server: 'ig-north',
          user: 'admin',
          instructions: 'Clinic North, second factor',
          prompts: [{ text: 'Verification code:', hidden: true }],
          sinceMs: 3_000,
          withinMs: 120_000,
        },
      ],
    },
    'no-sudo': {
      ...healthy,
      reach: [
        {
          ...reach[0]!,
          state: 'refused' as const,
          system: null,
          error: productError(
            'ssh.no-privilege',
            'ig-north: admin cannot act as root: admin is not in the sudoers file.',
            ['needs root: systemctl (units of the agent, its guards and the engine)'],
            'Sign in as root, or let the owner of ig-north allow it there: visudo -f /etc/sudoers.d/ixha with the line “admin ALL=(root) ALL” (sudo with a password).',
          ),
        },
        ...reach.slice(1),
      ],
    },
    'known-hosts': {
      ...healthy,
      knownHosts: {
        file: '~/.ssh/known_hosts',
        pinned: ['ig-north'],
        silent: ['ig-witness'],
        contradicted: ['ig-south'],
        malformed: 1,
        revoked: 2,
      },
    },
  } satisfies Record<string, SetupView>;
}
