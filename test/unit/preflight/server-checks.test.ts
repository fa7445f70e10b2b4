import { describe, expect, it } from 'vitest';
import { clockDifference } from '../../../shared/preflight/clock-checks.ts';
import { checkKey, groupChecks, type PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import type { ExpectedServer } from '../../../shared/preflight/expected-server.ts';
import type {
  EngineService,
  ServerFacts,
  ServerSurvey,
  ShareFacts,
} from '../../../shared/preflight/server-facts.ts';
import { checksOf } from '../../../electron/host/install/preflight.ts';
import { freshFacts, sampleTime, sampleWanted, stoppedUnit } from '../host/install/install-samples.ts';

/** Goal: every finding has its verdict and a next step. Method: one fact changed at a time. */
const north = sampleWanted('north');
const fresh = freshFacts(north);
const engine = north.engines[0]!;
const { directory } = engine.storage;

const fitSurvey: ServerSurvey = {
  ...fresh.survey,
  bootId: 'one',
  memoryMb: { total: 4000, available: 1000 },
  hostName: 'ig-north',
  knowsOwnName: true,
  addresses: [north.server.address],
  clockSynchronised: true,
  timeServices: ['chronyd'],
  versions: new Map(north.engines.map(({ apiPort }) => [apiPort, '10.1.2'])),
};
const fitShare: ShareFacts = {
  answered: true,
  isDirectory: true,
  isMount: true,
  mark: undefined,
  generation: 0,
  mount: { kind: 'nfs4', source: 'nas:/wk', options: ['rw', 'hard'] },
  freeMb: 50_000,
  freeInodesPercent: 90,
};
const fit: ServerFacts = {
  ...fresh,
  survey: fitSurvey,
  shares: new Map(north.engines.map(({ storage }) => [storage.directory, fitShare])),
};

const surveyed = (change: Partial<ServerSurvey>): ServerFacts => ({
  ...fit,
  survey: { ...fitSurvey, ...change },
});
const unlicensed = surveyed({
  directories: new Map([...fitSurvey.directories.keys()].map((path) => [path, { hasLicence: false }])),
});
const shared = (change: Partial<ShareFacts>): ServerFacts => ({
  ...fit,
  shares: new Map([...fit.shares, [directory, { ...fitShare, ...change }]]),
});
const mounted = (kind: string, ...options: string[]) =>
  shared({ mount: { kind, source: 'nas:/wk', options } });
const unit = (change: Partial<typeof stoppedUnit & { triggeredBy: string[] }>): ServerFacts => ({
  ...fit,
  units: new Map([...fit.units, [engine.unit, { ...stoppedUnit, ...change }]]),
});

const service: EngineService = {
  unit: engine.unit,
  command: '/opt/iguanax/iguana',
  workingDirectory: engine.workingDirectory,
  running: false,
  openFiles: 16_384,
  memoryMb: undefined,
  sockets: [],
};

function checks(facts: ServerFacts, expected: ExpectedServer = north): PreflightCheck[] {
  return checksOf(facts, expected, sampleTime);
}

const differing = (facts: ServerFacts, expected?: ExpectedServer) =>
  checks(facts, expected).flatMap(({ id, verdict, finding }) =>
    verdict === 'ok' ? [] : [`${verdict} ${id}: ${finding}`],
  );

describe('the checks of one server', () => {
  it('all pass on a fit one', () => {
    const { failed, look, passed } = groupChecks(checks(fit));
    expect([failed, look]).toEqual([[], []]);
    expect(passed.length).toBeGreaterThan(20);
  });

  const findings: [string, ServerFacts, string, PreflightCheck['verdict']][] = [
    ['little memory', surveyed({ memoryMb: { total: 4000, available: 100 } }), 'memory', 'warning'],
    ['memory nobody could read', surveyed({ memoryMb: undefined }), 'memory', 'unknown'],
    ['a name it does not know', surveyed({ knowsOwnName: false }), 'names', 'warning'],
    ['an address that is not its own', surveyed({ addresses: ['198.51.100.1'] }), 'address', 'warning'],
    ['addresses nobody could list', surveyed({ addresses: [] }), 'address', 'unknown'],
    ['SELinux at work', surveyed({ selinux: 'enforcing' }), 'security', 'warning'],
    ['AppArmor around the engine', surveyed({ appArmorProfiles: ['iguana'] }), 'security', 'warning'],
    ['no time service', surveyed({ clockSynchronised: false }), 'clock-synchronised', 'warning'],
    [
      'a time service nobody can ask',
      surveyed({ clockSynchronised: undefined }),
      'clock-synchronised',
      'unknown',
    ],
    ['an engine that starts by itself', unit({ unitFileState: 'enabled' }), 'engine-autostart', 'warning'],
    ['a timer that starts the engine', unit({ triggeredBy: ['watch.timer'] }), 'engine-autostart', 'warning'],
    ['a version nobody told', surveyed({ versions: new Map() }), 'engine-version', 'unknown'],
    ['no working directory', surveyed({ directories: new Map() }), 'engine-directory', 'failed'],
    ['no licence file', unlicensed, 'engine-licence', 'unknown'],
    [
      'a crontab that starts the engine',
      surveyed({ starters: [{ file: '/etc/crontab', line: 3, text: '@reboot root /opt/iguana/iguana' }] }),
      'engine-starters',
      'failed',
    ],
    [
      'a watch script',
      surveyed({ starters: [{ file: '/etc/rc.local', line: 3, text: '/opt/watch-iguana &' }] }),
      'engine-starters',
      'failed',
    ],
    [
      'a backup of its folder',
      surveyed({ starters: [{ file: '/etc/cron.d/backup', line: 1, text: '0 3 * * * root tar /iguana' }] }),
      'engine-starters',
      'warning',
    ],
    [
      'few open files',
      surveyed({ services: [{ ...service, openFiles: 1_024 }] }),
      'engine-open-files',
      'warning',
    ],
    [
      'a service of another engine',
      surveyed({ services: [service, { ...service, unit: 'iguana-old.service' }] }),
      'engine-others',
      'warning',
    ],
    ['what a removal has left', surveyed({ leftovers: ['/usr/lib/ixha'] }), 'leftovers', 'warning'],
    ['a disk that nobody could read', { ...fit, freeMb: { usr: undefined, var: 4_000 } }, 'disk', 'unknown'],
    [
      'another engine',
      surveyed({ engines: [{ pid: 7, program: '/opt/iguana', workingDirectory: '/', unit: '' }] }),
      'engine-others',
      'warning',
    ],
    [
      'cluster software that manages the engine',
      surveyed({ managers: [{ name: 'pacemaker', namesEngine: true }] }),
      'engine-managers',
      'failed',
    ],
    [
      'cluster software that does not',
      surveyed({ managers: [{ name: 'keepalived', namesEngine: false }] }),
      'engine-managers',
      'warning',
    ],
    ['a share mounted read-only', mounted('nfs4', 'ro', 'hard'), 'storage-options', 'failed'],
    ['a soft mount', mounted('nfs4', 'rw', 'soft'), 'storage-options', 'warning'],
    ['a mount without locks', mounted('nfs', 'rw', 'nolock'), 'storage-options', 'warning'],
    ['a disk of this server alone', mounted('ext4', 'rw'), 'storage-options', 'warning'],
    ['little room', shared({ freeMb: 10 }), 'storage-space', 'warning'],
    ['no inodes', shared({ freeInodesPercent: 1 }), 'storage-space', 'warning'],
  ];

  it.each(findings)('tell of %s', (_what, facts, id, verdict) => {
    const found = checks(facts).filter((check) => check.verdict !== 'ok');
    expect(new Set(found.map((check) => check.id))).toEqual(new Set([id]));
    expect(new Set(found.map((check) => check.verdict))).toEqual(new Set([verdict]));
    for (const check of found) {
      expect(check.remedy).toMatch(/^[A-Z].{10,}/);
      // What only has to be looked at does not keep anybody from installing.
      if (verdict === 'warning') expect(check.refusal).toBeNull();
    }
  });

  it('look at the program that cuts the other server off, where there is one', () => {
    const path = '/usr/local/sbin/cut';
    const engines = north.engines.map((one) => ({ ...one, storage: { ...one.storage, cutProgram: path } }));
    const cut = (found?: { mode: string; owner: string }) => {
      const files = new Map([...fit.files, ...(found ? [[path, { sha256: 'a', ...found }] as const] : [])]);
      const seen = checks({ ...fit, files }, { ...north, engines }).filter(({ id }) => id === 'storage-cut');
      expect(seen).toHaveLength(engines.length);
      return `${seen[0]!.verdict}: ${seen[0]!.finding}`;
    };
    expect(cut()).toBe(`failed: ${path} is not there`);
    expect(cut({ mode: '0700', owner: 'root:root' })).toMatch(/^ok: /);
    for (const [mode, owner] of [
      ['0600', 'root:root'],
      ['0770', 'root:root'],
      ['0702', 'root:root'],
      ['0755', 'deploy:root'],
    ] as const)
      expect(cut({ mode, owner })).toBe(`failed: ${path} belongs to ${owner}, mode ${mode}`);
  });

  describe('of a directory that the agents mount', () => {
    const mountUnit = 'srv-WK1.mount';
    const engines = north.engines.map((one) => ({ ...one, storage: { ...one.storage, mountUnit } }));
    const unit = {
      loadState: 'loaded',
      activeState: 'inactive',
      unitFileState: 'static',
      needsReload: false,
      sockets: [],
      mountKind: 'nfs4',
    };
    const unmounted: typeof fit.shares = new Map(
      [...fit.shares].map(([path, share]) => [path, { ...share, isMount: false, mark: undefined }]),
    );
    const seen = (found: object | null, shares = unmounted) =>
      checks(
        {
          ...fit,
          shares,
          units: new Map(found ? [...fit.units, [mountUnit, { ...unit, ...found }]] : fit.units),
        },
        { ...north, engines },
      );
    const judged = (found: object | null) => {
      const check = seen(found).find(({ id }) => id === 'storage-mount')!;
      return `${check.verdict}: ${check.finding}`;
    };

    it('take it unmounted, and look at its unit', () => {
      expect(judged({})).toBe(`ok: ${mountUnit}, nfs4, started by the agents alone`);
      expect(seen({}).find(({ id }) => id === 'storage')).toMatchObject({
        verdict: 'ok',
        finding: expect.stringContaining(`is not mounted now: ${mountUnit} does that`) as string,
      });
    });

    it.each<[object | null, string]>([
      [null, `failed: ${mountUnit} is not there`],
      [{ loadState: 'masked' }, `failed: ${mountUnit} is masked`],
      [{ wantedBy: ['remote-fs.target'] }, `failed: ${mountUnit} is started by remote-fs.target too`],
      [{ triggeredBy: ['srv-WK1.automount'] }, `failed: ${mountUnit} is started by srv-WK1.automount too`],
      [{ mountKind: 'xfs' }, 'failed: xfs is destroyed when two servers have it mounted'],
    ])('refuse %j', (found, finding) => {
      expect(judged(found)).toBe(finding);
    });

    it('let the engine’s own unit start it', () => {
      expect(judged({ wantedBy: [north.engines[0]!.unit] })).toMatch(/^ok/);
    });

    it('look at it as ever where it is mounted', () => {
      const ids = seen({}, new Map(fit.shares)).map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining(['storage-options', 'storage-space', 'storage-mount']));
    });
  });

  it('offer a fix only together with what it changes', () => {
    const fixes = findings.flatMap(([, facts]) => checks(facts).flatMap((check) => check.fix ?? []));
    expect(new Set(fixes.map((fix) => fix.command.join(' ')))).toEqual(
      new Set([
        'timedatectl set-ntp true',
        `systemctl disable -- ${engine.unit}`,
        'sed -i.ixha-before~ 3s/^/# disabled for high availability: / /etc/crontab',
        'sed -i.ixha-before~ 1s/^/# disabled for high availability: / /etc/cron.d/backup',
      ]),
    );
    for (const fix of fixes) expect(fix.change).toMatch(/^[A-Z].*[.]$/);
  });

  it('say nothing more of a server that belongs to another site', () => {
    expect(checks({ ...fit, site: 'hospital-b' }).map((check) => [check.id, check.verdict])).toEqual([
      ['ownership', 'failed'],
    ]);
  });
});

describe('the checks of one server of which little was said', () => {
  const member: ExpectedServer = { ...north, version: null, units: [], engines: [], files: [], ports: [] };
  const third: ExpectedServer = {
    ...member,
    isMember: false,
    isWitness: true,
    isBalancer: false,
    mayBeBalancer: true,
  };
  const alone = 'unknown alone: cannot be seen from here: its own host, rack and switch?';

  it.each<[string, ServerFacts, string[]]>([
    ['an engine', surveyed({ services: [service] }), []],
    ['no engine', fit, ['failed engine-found: no service names Iguana']],
    [
      'an engine that was started by hand',
      surveyed({
        services: [service],
        engines: [{ pid: 7, program: '/opt/iguana', workingDirectory: '/', unit: '' }],
      }),
      ['warning engine-others: 1 found that no cluster of the site names'],
    ],
    [
      'an old systemd',
      { ...surveyed({ services: [service] }), systemdVersion: 219 },
      ['failed systemd: systemd 219 is the service manager'],
    ],
    [
      'another C library',
      { ...surveyed({ services: [service] }), glibc: undefined },
      ['failed libc: it is another C library'],
    ],
    [
      'a full disk',
      { ...surveyed({ services: [service] }), freeMb: { usr: 4_000, var: 12 } },
      ['failed disk: 4000 MB free below /usr, 12 MB below /var'],
    ],
  ])('tell of %s', (_what, facts, lines) => {
    expect(differing(facts, member)).toEqual(lines);
  });

  it('ask a person whether the third machine stands on its own', () => {
    expect(differing(fit, third)).toEqual([alone]);
    expect(
      checks(fit, third)
        .filter(({ byPerson }) => byPerson)
        .map(({ id }) => id),
    ).toEqual(['alone']);
  });

  it('tell that the third machine cannot be the balancer, while it need not be', () => {
    const programs = fit.programs.filter((program) => program !== 'haproxy');
    expect(differing({ ...fit, programs }, third)).toEqual([
      'warning balancer: HAProxy is not installed: it cannot be the load balancer',
      alone,
    ]);
  });

  it('name every check once, and its server', () => {
    const starters = [1, 2].map((line) => ({ file: '/etc/crontab', line, text: '@reboot root iguana' }));
    for (const [facts, expected] of [
      [surveyed({ starters }), north],
      [surveyed({ services: [service] }), member],
      [fit, third],
    ] as const) {
      const found = checks(facts, expected);
      expect(new Set(found.map(checkKey)).size).toBe(found.length);
      expect(new Set(found.map(({ server }) => server))).toEqual(new Set(['north']));
    }
  });
});

describe('two servers side by side', () => {
  const at = (offsetMs: number, uncertaintyMs = 5) => ({ offsetMs, uncertaintyMs });

  it.each([
    ['ok', at(0), at(900)],
    ['warning', at(0), at(-1500)],
    ['failed', at(0), at(300_000)],
    ['ok', at(0, 2000), at(1500, 10)],
    ['unknown', at(0), undefined],
  ] as const)('have clocks that are %s', (verdict, one, other) => {
    expect(clockDifference('north, south', one, other).verdict).toBe(verdict);
  });
});
