import { emptyDraft, noBalancer, type SetupDraft } from '../../shared/setup/draft.ts';
import type { InstallStep, SetupCheck, SetupView, SetupWork } from '../../shared/setup/setup-view.ts';
import { nothingMeasured } from '../../shared/setup/timing-choice.ts';
import { productError } from '../../shared/errors.ts';
import { choiceFixtures } from './setup-choice-fixtures.ts';
import { signInFixtures } from './setup-sign-in-fixtures.ts';

const never: SetupWork = { state: 'never', sinceMs: 0, awaits: '', errors: [] };
const done = (sinceMs: number): SetupWork => ({ state: 'done', sinceMs, awaits: '', errors: [] });
const hostKey = 'ssh-ed25519 SHA256:Xk3l0VQv1nq7N8cZ2mYb5tRw9pLhJ4sGd6fEaUiKo0M';

function server(id: string, name: string, address: string, purpose: 'member' | 'other', pinned = true) {
  return {
    id,
    name,
    address,
    purpose,
    ssh: {
      user: 'root',
      port: 22,
      login: { kind: 'key' as const, file: '/home/admin/.ssh/id_ed25519' },
      sudo: 'root' as const,
      hostKey: pinned ? hostKey : null,
    },
  };
}

function cluster(id: string, index: number): SetupDraft['clusters'][number] {
  const name = id.toLowerCase();
  return {
    id,
    title: index === 0 ? 'Admissions and orders' : 'Results',
    index,
    members: ['server', 'server-2'].map((of, place) => ({
      server: of,
      preferred: place === index,
      unit: `iguanax-${name}.service`,
      apiPort: 6543 + 10 * index,
      apiUser: 'ha',
      workingDirectory: `/iguana/${name}`,
    })),
    listeners: [
      { name: index === 0 ? 'ADT' : 'ORU', port: 6661 + 10 * index, frontendPort: 7001 + 10 * index },
    ],
    pollers: index === 0 ? ['lab-files'] : [],
    directory: `/iguana/${name}`,
    mustBeMount: true,
  };
}

const draft: SetupDraft = {
  ...emptyDraft(),
  revision: 12,
  site: { id: 'clinic-north', name: 'Clinic North' },
  servers: [
    server('server', 'ig-north', '10.20.4.11', 'member'),
    server('server-2', 'ig-south', '10.20.5.11', 'member'),
    server('server-3', 'ig-witness', '10.20.9.5', 'other'),
  ],
  design: 'multi-cluster',
  clusters: [cluster('WK1', 0), cluster('WK2', 1)],
  balancer: { ...noBalancer, server: 'server-3' },
  leaseStore: { kind: 'witness', server: 'server-3', port: 7660 },
  timing: 'normal',
};

const reached = draft.servers.map(({ id }, index) => ({
  server: id,
  state: 'reached' as const,
  sinceMs: 41_000 + index * 3_000,
  presented: null,
  error: null,
  system: 'Debian GNU/Linux 12 (bookworm), x86_64',
  has: [],
}));

function check(
  id: string,
  of: string | null,
  verdict: SetupCheck['verdict'],
  [title, finding, remedy]: readonly [string, string, string?],
  more: Partial<SetupCheck> = {},
): SetupCheck {
  return {
    id: `${id}@${of ?? 'site'}`,
    subject: draft.servers.find((one) => one.id === of)?.name ?? 'all servers',
    title,
    verdict,
    finding,
    evidence: [],
    remedy: remedy ?? null,
    fix: null,
    byPerson: false,
    ageMs: 36_000,
    ...more,
  };
}

const checks: SetupCheck[] = [
  check('path', 'server-2', 'failed', [
    'reaches the lease store’s machine',
    'TCP 7660 to 10.20.9.5 is refused by a firewall: ig-south could never take over',
    'Let TCP 7660 through from 10.20.5.11 to 10.20.9.5.',
  ]),
  check(
    'autostart',
    'server-2',
    'failed',
    [
      'only the service starts the engine',
      '@reboot /opt/iguana/run in root’s crontab: two engines after a boot',
    ],
    {
      fix: {
        title: 'Disable the line',
        effects: ['crontab -l | sed "s|^@reboot /opt/iguana/run|#&|" | crontab -'],
      },
    },
  ),
  check('files', 'server', 'warning', [
    'open files of the engine',
    'iguana-WK1.service: 1024; below 4096 an engine with many components can run out of them',
    'Set LimitNOFILE=16384 in its service.',
  ]),
  check('memory', 'server', 'unknown', [
    'free memory',
    '/proc/meminfo could not be read',
    'Look with: free -m',
  ]),
  check(
    'alone',
    'server-3',
    'unknown',
    ['stands on its own', 'cannot be seen from here: own host, rack and switch?'],
    { byPerson: true },
  ),
  ...['clock', 'systemd', 'glibc', 'disk', 'ports', 'sudo'].flatMap((id) =>
    draft.servers.map((one) => check(id, one.id, 'ok', [`${id} is as needed`, 'as needed'])),
  ),
];

const healthyView: SetupView = {
  draft,
  savedMs: 2_000,
  reach: reached,
  questions: [],
  knownHosts: null,
  sharedSecrets: [],
  preflight: {
    work: done(38_000),
    seen: draft.servers.map(({ id }, index) => ({
      server: id,
      system: 'Debian 12, x86-64',
      freeMb: [219_000, 203_000, 31_800][index]!,
      clockMs: [4, -2, 1][index]!,
      engines: index < 2 ? 2 : 0,
      paths: draft.servers
        .filter((other) => other.id !== id)
        .map((other) => ({
          to: other.id,
          rttMs: id === 'server-2' && other.id === 'server-3' ? null : other.id === 'server-3' ? 1.1 : 0.3,
        })),
    })),
    checks,
    engines: [],
    isOfDraft: true,
  },
  measured: {
    work: done(240_000),
    forSeconds: 60,
    times: {
      renewal: { best: 0.006, typical: 0.02, worst: 0.184 },
      lag: { best: 0, typical: 0.002, worst: 0.041 },
      kill: { best: 0.05, typical: 0.09, worst: 0.31 },
      storageProof: { best: 0.02, typical: 0.1, worst: 1 },
      engineStop: { best: 1.2, typical: 2, worst: 3.1 },
      engineStart: { best: 6.1, typical: 6.8, worst: 9.4 },
    },
    engineSource:
      'From the journals of the service managers: the last 12 starts and 11 stops of these engines.',
  },
  plan: { work: never, revision: null, changes: [], carried: [] },
  balancer: { work: never, verified: null },
  etcd: { work: never, checked: null },
  install: { work: never, steps: [] },
  firstReport: { work: never, run: null },
  removal: { work: never, removed: [] },
  rollback: { server: null, lines: [], plan: never, work: never },
  begun: null,
};

const placed = (server: string, count: number): InstallStep[] =>
  [
    'connect with the pinned key',
    'look at the server',
    'fit to be installed',
    'folder /etc/ixha',
    'file /usr/lib/ixha/0.1.0-4be11d/node',
    'key and certificate in /etc/ixha/WK1/tls',
    'mark of WK1 in /iguana/wk1',
    'guards of WK1 run',
    'a start without a deadline is refused, a deadline that passes kills',
    'agent of WK1 answers over mutual TLS',
  ]
    .slice(0, count)
    .map((title, index, all) => ({
      server,
      title,
      state: index === all.length - 1 && count < 10 ? 'started' : 'ok',
      changed: index > 2,
      tookMs: 180 + 730 * index,
      error: null,
    }));

const steps = [...placed('ig-north', 10), ...placed('ig-south', 10), ...placed('ig-witness', 6)];
const verified: InstallStep[] = ['WK1', 'WK2'].map((id) => ({
  server: 'site',
  title: `${id} has exactly one Active`,
  state: 'ok',
  changed: false,
  tookMs: 2_300,
  error: null,
}));

const installedView: SetupView = {
  ...healthyView,
  sharedSecrets: ['engine-password'],
  plan: { work: done(60_000), revision: draft.revision, changes: [], carried: [] },
  install: {
    work: done(6_000),
    steps: [...placed('ig-north', 10), ...placed('ig-south', 10), ...verified],
  },
};

/** The setup in every state that it is judged by. */
export const setupFixtures = {
  ...choiceFixtures(healthyView, installedView),
  ...signInFixtures(healthyView),
  ownTimes: {
    ...healthyView,
    draft: { ...draft, timing: { T: 8, H: 2, O: 2.5, K: 6, D: 0.5, emergencyStop: 'graceful' } },
  },
  empty: {
    ...healthyView,
    draft: emptyDraft(),
    savedMs: null,
    reach: [],
    preflight: { work: never, seen: [], checks: [], engines: [], isOfDraft: false },
    measured: { work: never, forSeconds: 60, times: nothingMeasured, engineSource: null },
  },
  key: {
    ...healthyView,
    draft: {
      ...draft,
      servers: [
        ...draft.servers.slice(0, 2),
        { ...server('server-3', 'ig-witness', '10.20.9.5', 'other', false) },
      ],
    },
    reach: [
      reached[0]!,
      {
        ...reached[1]!,
        state: 'refused',
        system: null,
        error: productError(
          'ssh.host-key-changed',
          'ig-south (10.20.5.11 port 22) presents a changed host key.',
          ['presented: ssh-ed25519 SHA256:mR0…', `pinned: ${hostKey}`],
        ),
      },
      { ...reached[2]!, state: 'key-to-confirm', system: null, presented: hostKey },
    ],
  },
  whole: healthyView,
  looking: {
    ...healthyView,
    preflight: {
      ...healthyView.preflight,
      work: {
        state: 'running',
        sinceMs: 4_200,
        awaits: 'Trying the ways from each server to each other',
        errors: [],
      },
    },
  },
  unmeasured: {
    ...healthyView,
    measured: { work: never, forSeconds: 60, times: nothingMeasured, engineSource: null },
  },
  /** Left at the step Load balancer, and the console started anew. */
  resumed: {
    ...healthyView,
    draft: { ...draft, balancer: noBalancer, timing: null },
    savedMs: 2 * 3_600_000,
    reach: reached.map((one) => ({ ...one, state: 'not-tried' as const, sinceMs: 0, system: null })),
    preflight: { work: never, seen: [], checks: [], engines: [], isOfDraft: false },
    measured: { work: never, forSeconds: 60, times: nothingMeasured, engineSource: null },
  },
  planned: {
    ...healthyView,
    draft: { ...draft, confirmed: ['alone@server-3'] },
    preflight: { ...healthyView.preflight, checks: checks.filter(({ verdict }) => verdict !== 'failed') },
    sharedSecrets: ['engine-password'],
    plan: {
      revision: draft.revision,
      work: done(3_000),
      changes: [
        { server: 'ig-north', changes: steps.slice(3, 7).map(({ title }) => title) },
        { server: 'ig-south', changes: steps.slice(3, 7).map(({ title }) => title) },
        {
          server: 'ig-witness',
          changes: ['user ixha', 'folder /etc/ixha/witness', 'file ixha-witness.service'],
        },
      ],
      carried: [
        'clusters.WK1.localRestarts: 1',
        'notifications.targets.on-call.url: "https://pager.example/hook"',
      ],
    },
  },
  /** Changed since the servers were looked at and the plan was made. */
  'changed-since': {
    ...healthyView,
    draft: { ...draft, revision: 13 },
    preflight: { ...healthyView.preflight, isOfDraft: false },
    sharedSecrets: ['engine-password'],
    plan: { work: done(60_000), revision: 12, changes: [], carried: [] },
  },
  /** A server that the site had before does not answer. */
  'lost-server': {
    ...healthyView,
    draft: { ...draft, confirmed: ['alone@server-3'] },
    sharedSecrets: ['engine-password'],
    plan: {
      revision: draft.revision,
      work: {
        ...done(3_000),
        state: 'failed' as const,
        errors: [
          productError(
            'install.leaver-silent',
            'ig-east (short name ig-east) has left the site and cannot be reached.',
            ['ig-east (10.20.5.15 port 22) cannot be reached: no answer within 10 s.'],
          ),
        ],
      },
      changes: [],
      carried: [],
    },
  },
  installing: {
    ...healthyView,
    sharedSecrets: ['engine-password'],
    plan: { work: done(60_000), revision: draft.revision, changes: [], carried: [] },
    install: {
      work: {
        state: 'running',
        sinceMs: 14_000,
        awaits: 'ig-witness: key and certificate in /etc/ixha/witness/tls',
        errors: [],
      },
      steps,
    },
  },
  stopped: {
    ...healthyView,
    sharedSecrets: ['engine-password'],
    plan: { work: done(60_000), revision: draft.revision, changes: [], carried: [] },
    install: {
      work: {
        state: 'failed',
        sinceMs: 9_000,
        awaits: '',
        errors: [
          productError(
            'server.unreachable',
            'ig-south (10.20.5.11 port 22): the connection broke during the transfer of /usr/lib/ixha/node.',
          ),
        ],
      },
      steps: [
        ...placed('ig-north', 10),
        ...placed('ig-south', 5).map((step) =>
          step.state === 'started' ? { ...step, state: 'failed' as const } : step,
        ),
      ],
    },
  },
  installed: installedView,
} satisfies Record<string, SetupView>;

export type SetupFixtureName = keyof typeof setupFixtures;
