import { isNewGlibc, neededUsrMb, neededVarMb, oldestSystemd } from '../preflight/machine-checks.ts';
import type { DraftServer } from './draft.ts';
import type { ServerLook } from './server-look.ts';
import type { FoundEngine, SeenServer, SetupCheck } from './setup-view.ts';

/** How a connection from one server to a port of another went. */
export interface PathLook {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  /** What the port is for, such as `the agent of the first cluster`. */
  readonly purpose: string;
  readonly result: 'ok' | 'refused' | 'silent' | 'not-tried';
  readonly rttMs: number | null;
}

/** A server of the setup with what was seen there; null: it could not be looked at. */
export interface LookedServer {
  readonly server: DraftServer;
  readonly look: ServerLook | null;
  /** Why not, when it could not. */
  readonly why: string | null;
  /** Its clock ahead of this workstation's, in milliseconds; null: not known. */
  readonly clockMs: number | null;
}

const fewOpenFiles = 4_096;
const clockLookMs = 2_000;
const clockWrongMs = 60_000;

/** Everything that the preflight can say of these servers. Pure. */
export function preflightChecks(
  site: string,
  servers: readonly LookedServer[],
  paths: readonly PathLook[],
): SetupCheck[] {
  return [
    ...servers.flatMap((one) => serverChecks(site, one)),
    ...machineChecks(servers),
    ...clockChecks(servers),
    ...pathChecks(servers, paths),
  ];
}

function serverChecks(site: string, { server, look, why }: LookedServer): SetupCheck[] {
  const say = sayer(server.id);
  if (!look) {
    return [say('look', 'failed', 'can be looked at', why ?? 'it gave no whole answer', 'Reach it again.')];
  }
  const member = server.purpose === 'member';
  return [
    ...systemChecks(say, look, member),
    ...roomChecks(say, look),
    foreignCheck(say, site, look),
    ...(member ? engineChecks(say, look) : thirdChecks(say, look)),
    ...managerChecks(say, look),
  ];
}

type Say = (
  id: string,
  verdict: SetupCheck['verdict'],
  title: string,
  finding: string,
  remedy?: string,
  more?: Partial<SetupCheck>,
) => SetupCheck;

function sayer(server: string | null): Say {
  return (id, verdict, title, finding, remedy, more) => ({
    id: `${id}@${server ?? 'site'}`,
    server,
    title,
    verdict,
    finding,
    remedy: verdict === 'ok' ? null : (remedy ?? null),
    fix: null,
    byPerson: false,
    ageMs: 0,
    ...more,
  });
}

function systemChecks(say: Say, look: ServerLook, member: boolean): SetupCheck[] {
  const { architecture, glibc, systemd, init, cgroup2, programs } = look;
  const rightArchitecture = architecture === 'x86_64';
  const newGlibc = glibc !== null && isNewGlibc(glibc);
  const rightInit = init === 'systemd' && systemd >= oldestSystemd;
  const needed = [
    'bash',
    'sha256sum',
    'sync',
    'timeout',
    'mountpoint',
    'stat',
    ...(member ? [] : ['useradd']),
  ];
  const missing = needed.filter((program) => !programs.includes(program));
  return [
    say(
      'architecture',
      rightArchitecture ? 'ok' : 'failed',
      'processor is x86-64',
      architecture === '' ? 'not known' : architecture,
      'Agents run on x86-64 only at present.',
    ),
    say(
      'libc',
      newGlibc ? 'ok' : 'failed',
      'C library is new enough',
      glibc === null ? 'no glibc found' : `glibc ${glibc[0]}.${glibc[1]}`,
      'glibc 2.28 or newer is needed: update the operating system.',
    ),
    say(
      'systemd',
      rightInit ? 'ok' : 'failed',
      'service manager is systemd 243 or newer',
      systemd === 0 ? `none found (${init || 'unknown'})` : `systemd ${systemd}`,
      'Update the operating system.',
    ),
    ...(member
      ? [
          say(
            'cgroup',
            cgroup2 ? 'ok' : 'failed',
            'control groups version 2',
            cgroup2 ? 'mounted' : 'not mounted: an engine could not be killed as a whole',
            'Start the system with systemd.unified_cgroup_hierarchy=1.',
          ),
        ]
      : []),
    say(
      'programs',
      missing.length === 0 ? 'ok' : 'failed',
      'programs that agents use',
      missing.length === 0 ? `${needed.length} found` : `missing: ${missing.join(', ')}`,
      'Install the packages bash, coreutils and util-linux.',
    ),
  ];
}

function roomChecks(say: Say, { freeUsrMb, freeVarMb }: ServerLook): SetupCheck[] {
  const room = (id: string, folder: string, free: number | null, needed: number) =>
    say(
      id,
      free === null ? 'unknown' : free >= needed ? 'ok' : 'failed',
      `room below ${folder}`,
      free === null ? 'not known' : `${free} MB free, ${needed} MB needed`,
      `Make room below ${folder}.`,
    );
  return [room('disk-usr', '/usr', freeUsrMb, neededUsrMb), room('disk-var', '/var', freeVarMb, neededVarMb)];
}

function foreignCheck(say: Say, site: string, look: ServerLook): SetupCheck {
  const foreign = look.site !== null && look.site !== site;
  return say(
    'foreign',
    foreign ? 'failed' : 'ok',
    'belongs to no other site',
    look.site === null ? 'no agent there yet' : `agents of the site ${look.site}`,
    'Remove the agents of that site first, or join that site instead.',
  );
}

function engineChecks(say: Say, { engines, cron }: ServerLook): SetupCheck[] {
  const few = engines.filter(({ openFiles }) => openFiles !== null && openFiles < fewOpenFiles);
  return [
    say(
      'engine',
      engines.length > 0 ? 'ok' : 'failed',
      'an engine is installed',
      engines.length > 0
        ? engines.map(({ unit, running }) => `${unit}${running ? ' (running)' : ''}`).join(', ')
        : 'no service names Iguana',
      'Install IguanaX there as a systemd service, or name the right server.',
    ),
    ...(engines.length > 0
      ? [
          say(
            'open-files',
            few.length === 0 ? 'ok' : 'warning',
            'open files of the engine',
            few.length === 0
              ? `${fewOpenFiles} or more`
              : few.map(({ unit, openFiles }) => `${unit}: ${openFiles}`).join(', '),
            'Set LimitNOFILE=16384 in its service.',
          ),
        ]
      : []),
    ...(cron.length === 0
      ? [say('autostart', 'ok', 'only the service starts the engine', 'no crontab names it')]
      : cron.map((line, index) => cronCheck(say, line, index))),
  ];
}

function cronCheck(say: Say, line: ServerLook['cron'][number], index: number): SetupCheck {
  const finding = `${line.text} in ${line.file}: may start a second engine`;
  return say(`autostart-${index}`, 'failed', 'only the service starts the engine', finding, undefined, {
    fix: {
      title: 'Disable the line',
      effects: [
        `line ${line.line} of ${line.file} becomes a comment`,
        `the file as it is now is kept as ${line.file}.ixha-before`,
      ],
    },
  });
}

function thirdChecks(say: Say, { programs }: ServerLook): SetupCheck[] {
  const haproxy = programs.includes('haproxy');
  return [
    say(
      'haproxy',
      haproxy ? 'ok' : 'warning',
      'HAProxy is installed',
      haproxy ? 'found' : 'not found: it cannot be the load balancer',
      'Install the package haproxy, if this machine shall be the load balancer.',
    ),
    say(
      'alone',
      'unknown',
      'stands on its own',
      'cannot be seen from here: its own host, rack and switch?',
      'If it fails together with a server, nothing fails over by itself.',
      { byPerson: true },
    ),
  ];
}

function managerChecks(say: Say, { managers, selinux }: ServerLook): SetupCheck[] {
  return [
    say(
      'managers',
      managers.length === 0 ? 'ok' : 'warning',
      'nobody else manages services',
      managers.length === 0 ? 'no Pacemaker, Corosync or keepalived runs' : `${managers.join(', ')} runs`,
      'Make sure that it does not start or stop the engine.',
    ),
    ...(selinux === 'Enforcing'
      ? [
          say(
            'selinux',
            'warning',
            'SELinux lets agents work',
            'enforcing: agents were not tried under this policy',
            'Look at ausearch -m avc after the installation.',
          ),
        ]
      : []),
  ];
}

/** Whether the servers are different machines of one kind. */
function machineChecks(servers: readonly LookedServer[]): SetupCheck[] {
  const say = sayer(null);
  const seen = servers.flatMap(({ server, look }) => (look ? [{ server, look }] : []));
  const twins = seen.flatMap((one, index) =>
    seen
      .slice(0, index)
      .filter(({ look }) => look.machineId !== '' && look.machineId === one.look.machineId)
      .map((other) => `${other.server.name} and ${one.server.name}`),
  );
  const members = seen.filter(({ server }) => server.purpose === 'member');
  const systems = [...new Set(members.map(({ look }) => look.osName))];
  const memory = members.flatMap(({ look }) => look.memoryMb ?? []);
  const uneven = memory.length > 1 && Math.max(...memory) > 1.25 * Math.min(...memory);
  return [
    say(
      'machines',
      twins.length === 0 ? 'ok' : 'failed',
      'every server is a machine of its own',
      twins.length === 0 ? 'all machine ids differ' : `${twins.join('; ')} have one machine id`,
      'Either it is one machine under two addresses, or a clone: give the clone its own /etc/machine-id.',
    ),
    ...(members.length > 1
      ? [
          say(
            'same-system',
            systems.length === 1 ? 'ok' : 'warning',
            'servers have one operating system',
            systems.join(' · '),
            'Bring them to the same version, so that a failover changes nothing else.',
          ),
          say(
            'same-memory',
            memory.length < 2 ? 'unknown' : uneven ? 'warning' : 'ok',
            'servers are of one class',
            memory.map((mb) => `${Math.round(mb / 1024)} GB`).join(' · '),
            'The weaker one must carry everything after a failover.',
          ),
        ]
      : []),
  ];
}

function clockChecks(servers: readonly LookedServer[]): SetupCheck[] {
  const known = servers.flatMap(({ clockMs }) => clockMs ?? []);
  const middle = known.toSorted((one, other) => one - other)[Math.floor(known.length / 2)] ?? 0;
  return servers.flatMap(({ server, look, clockMs }) => {
    if (!look) return [];
    const say = sayer(server.id);
    const off = clockMs === null ? null : Math.abs(clockMs - middle);
    const verdict =
      off === null ? 'unknown' : off > clockWrongMs ? 'failed' : off > clockLookMs ? 'warning' : 'ok';
    const setNtp = {
      fix: { title: 'Switch it on', effects: ['timedatectl set-ntp true'] },
    };
    return [
      say(
        'clock',
        verdict,
        'clock agrees with the others',
        off === null ? 'not known' : `${(off / 1_000).toFixed(off < 10_000 ? 1 : 0)} s off`,
        'Set the time, and keep it by NTP.',
      ),
      look.synchronised === true
        ? say('synchronised', 'ok', 'time is synchronised', 'by NTP')
        : say(
            'synchronised',
            look.synchronised === null ? 'unknown' : 'warning',
            'time is synchronised',
            look.synchronised === null ? 'not known' : 'not at present',
            'Synchronise it by NTP (timedatectl set-ntp true).',
            look.synchronised === false ? setNtp : {},
          ),
    ];
  });
}

function pathChecks(servers: readonly LookedServer[], paths: readonly PathLook[]): SetupCheck[] {
  const nameOf = (id: string) => servers.find(({ server }) => server.id === id)?.server.name ?? id;
  return paths.map((path) => {
    const say = sayer(path.from);
    const title = `reaches ${path.purpose} on ${nameOf(path.to)}`;
    const id = `path-${path.to}-${path.port}`;
    if (path.result === 'ok')
      return say(id, 'ok', title, `TCP ${path.port}, ${path.rttMs?.toFixed(1) ?? '?'} ms`);
    if (path.result === 'not-tried') {
      return say(id, 'unknown', title, `TCP ${path.port} could not be tried`, 'Run all again.');
    }
    const how = path.result === 'refused' ? 'is refused' : 'gets no answer: a firewall drops it';
    const remedy = `Let TCP ${path.port} through from ${nameOf(path.from)} to ${nameOf(path.to)}.`;
    return say(id, 'failed', title, `TCP ${path.port} ${how}`, remedy);
  });
}

/** The facts for the table above the checks. */
export function seenServers(servers: readonly LookedServer[], paths: readonly PathLook[]): SeenServer[] {
  return servers.map(({ server, look, clockMs }) => ({
    server: server.id,
    system: look === null ? '?' : `${look.osName.replace(/ GNU\/Linux| \(.*\)/g, '')}, ${look.architecture}`,
    freeMb: look?.freeVarMb ?? null,
    clockMs,
    engines: look?.engines.length ?? 0,
    paths: servers.flatMap(({ server: other }) => {
      const tried = paths.filter(
        ({ from, to, result }) => from === server.id && to === other.id && result !== 'not-tried',
      );
      if (tried.length === 0) return [];
      const lost = tried.some(({ result }) => result !== 'ok');
      const rtts = tried.flatMap(({ rttMs }) => rttMs ?? []);
      return [{ to: other.id, rttMs: lost || rtts.length === 0 ? null : Math.min(...rtts) }];
    }),
  }));
}

/** Engines that were found, for the step that asks for them. */
export function foundEngines(servers: readonly LookedServer[]): FoundEngine[] {
  return servers.flatMap(({ server, look }) =>
    (look?.engines ?? []).map((engine) => ({
      server: server.id,
      unit: engine.unit,
      product: /iguanax/i.test(`${engine.unit} ${engine.command}`) ? 'IguanaX' : 'Iguana',
      version: null,
      workingDirectory: engine.workingDirectory,
      apiPort: engine.ports.find((port) => port >= 6_000 && port < 7_000) ?? engine.ports[0] ?? null,
      running: engine.running,
    })),
  );
}
