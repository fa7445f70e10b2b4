import { describe, expect, it } from 'vitest';
import {
  foundEngines,
  preflightChecks,
  seenServers,
  type LookedServer,
  type PathLook,
} from '../../../shared/setup/preflight-checks.ts';
import { readServerLook, type ServerLook } from '../../../shared/setup/server-look.ts';
import { draftServer } from './setup-draft-fixture.ts';

const look: ServerLook = {
  osName: 'Debian GNU/Linux 12 (bookworm)',
  architecture: 'x86_64',
  cores: 4,
  machineId: 'one',
  glibc: [2, 36],
  init: 'systemd',
  systemd: 252,
  cgroup2: true,
  freeUsrMb: 9_000,
  freeVarMb: 9_000,
  memoryMb: 16_000,
  clock: 1_700_000_000,
  synchronised: true,
  programs: ['bash', 'sha256sum', 'sync', 'timeout', 'mountpoint', 'stat', 'useradd', 'haproxy'],
  site: null,
  selinux: '',
  managers: [],
  listening: [22],
  engines: [
    {
      unit: 'iguanax-wk1.service',
      command: '/opt/iguanax/iguana',
      workingDirectory: '/share/wk1',
      running: false,
      enabled: true,
      openFiles: 16_384,
      ports: [6_661, 6_543],
    },
  ],
  cron: [],
};

function looked(
  id: string,
  changes: Partial<ServerLook> = {},
  more: Partial<LookedServer> = {},
): LookedServer {
  const purpose = id === 'third' ? 'other' : 'member';
  const server = draftServer(id, { purpose });
  return { server, look: { ...look, machineId: id, ...changes }, why: null, clockMs: 0, ...more };
}

const bad = (servers: readonly LookedServer[], paths: readonly PathLook[] = []) =>
  preflightChecks('clinic', servers, paths)
    .filter(({ verdict, byPerson }) => verdict !== 'ok' && !byPerson)
    .map(({ id, verdict, finding }) => `${verdict} ${id}: ${finding}`);

describe('the checks of a preflight', () => {
  it('find nothing to fix on two equal servers and a third machine', () => {
    expect(bad([looked('north'), looked('south'), looked('third', { engines: [] })])).toEqual([]);
  });

  it.each<[string, Partial<ServerLook>, string]>([
    ['another processor', { architecture: 'aarch64' }, 'failed architecture@north: aarch64'],
    ['an old C library', { glibc: [2, 17] }, 'failed libc@north: glibc 2.17'],
    ['another C library', { glibc: null }, 'failed libc@north: no glibc found'],
    ['an old systemd', { systemd: 219 }, 'failed systemd@north: systemd 219'],
    ['a full disk', { freeVarMb: 12 }, 'failed disk-var@north: 12 MB free, 200 MB needed'],
    ['an unknown disk', { freeUsrMb: null }, 'unknown disk-usr@north: not known'],
    ['no engine', { engines: [] }, 'failed engine@north: no service names Iguana'],
    ['agents of another site', { site: 'elsewhere' }, 'failed foreign@north: agents of the site elsewhere'],
    ['Pacemaker', { managers: ['pacemaker'] }, 'warning managers@north: pacemaker runs'],
    ['no synchronised time', { synchronised: false }, 'warning synchronised@north: not at present'],
    [
      'a crontab that starts the engine',
      { cron: [{ file: '/etc/crontab', line: 7, text: '@reboot root /opt/iguana/run' }] },
      'failed autostart-0@north: @reboot root /opt/iguana/run in /etc/crontab: may start a second engine',
    ],
    ['less memory', { memoryMb: 8_000 }, 'warning same-memory@site: 8 GB · 16 GB'],
  ])('tell %s', (_what, changes, line) => {
    expect(bad([looked('north', changes), looked('south'), looked('third', { engines: [] })])).toEqual([
      line,
    ]);
  });

  it('tell one machine under two names, and a clone', () => {
    expect(bad([looked('north'), looked('south', { machineId: 'north' })])).toEqual([
      'failed machines@site: north and south have one machine id',
    ]);
  });

  it('tell a clock that is five minutes off', () => {
    const servers = [
      looked('north'),
      looked('south', {}, { clockMs: 300_000 }),
      looked('third', { engines: [] }),
    ];
    expect(bad(servers)).toEqual(['failed clock@south: 300 s off']);
  });

  it('tell a server that could not be looked at, with the reason', () => {
    const servers = [looked('north'), looked('south', {}, { look: null, why: 'It is off.' })];
    expect(bad(servers)).toEqual(['failed look@south: It is off.']);
  });

  it('tell every way between two servers that is refused, silent or not known', () => {
    const path = (result: PathLook['result'], port: number): PathLook => ({
      from: 'south',
      to: 'third',
      port,
      purpose: 'the lease store',
      result,
      rttMs: result === 'ok' ? 1.1 : null,
    });
    const servers = [looked('north'), looked('south'), looked('third', { engines: [] })];
    const paths = [path('ok', 1), path('refused', 2), path('silent', 3), path('not-tried', 4)];
    expect(bad(servers, paths)).toEqual([
      'failed path-third-2@south: TCP 2 is refused',
      'failed path-third-3@south: TCP 3 gets no answer: a firewall drops it',
      'unknown path-third-4@south: TCP 4 could not be tried',
    ]);
    expect(seenServers(servers, paths)[1]!.paths).toEqual([{ to: 'third', rttMs: null }]);
    expect(seenServers(servers, paths.slice(0, 1))[1]!.paths).toEqual([{ to: 'third', rttMs: 1.1 }]);
  });

  it('ask a person whether the third machine stands on its own', () => {
    const checks = preflightChecks('clinic', [looked('third', { engines: [] })], []);
    expect(checks.filter(({ byPerson }) => byPerson).map(({ id }) => id)).toEqual(['alone@third']);
  });

  it('name every check once', () => {
    const ids = preflightChecks('clinic', [looked('north'), looked('south'), looked('third')], []).map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('what a look printed', () => {
  const text = String.raw`
== os
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
== machine
x86_64
6.1.0
4
== id
abc
== libc
glibc 2.36
== init
systemd
== systemd
systemd 252 (252.38)
== cgroup
/sys/fs/cgroup
== disk
Filesystem 1024-blocks Used Available Capacity Mounted on
/dev/sda1 100 50 1048576 50% /
/dev/sda2 100 50 524288 50% /var
== memory
16384000
== clock
1700000000.250000000
== synchronised
yes
== programs
/usr/bin/bash
== site
clinic
== selinux
== managers
keepalived
== listeners
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:198F 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1
   1: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4712 1
== engines
Asked=iguanax.service
ExecStart={ path=/opt/iguanax/iguana ; argv[]=/opt/iguanax/iguana --run ; }
WorkingDirectory=/share/wk1
ActiveState=active
UnitFileState=enabled
LimitNOFILE=1024
MainPID=900
Socket=4711
== cron
/etc/crontab:7:@reboot root /opt/iguana/run
== end
`;

  it('is read as a whole', () => {
    expect(readServerLook(text)).toMatchObject({
      osName: 'Debian GNU/Linux 12 (bookworm)',
      cores: 4,
      systemd: 252,
      freeUsrMb: 1_024,
      freeVarMb: 512,
      memoryMb: 16_000,
      clock: 1_700_000_000.25,
      site: 'clinic',
      managers: ['keepalived'],
      listening: [6_543],
      engines: [{ unit: 'iguanax.service', running: true, openFiles: 1_024, ports: [6_543] }],
      cron: [{ file: '/etc/crontab', line: 7, text: '@reboot root /opt/iguana/run' }],
    });
  });

  it('is nothing when its end is missing', () => {
    expect(readServerLook(text.replace('== end', ''))).toBeNull();
    expect(readServerLook('')).toBeNull();
  });

  it('offers the engine to the step that asks for it', () => {
    const read = readServerLook(text)!;
    expect(foundEngines([looked('north', read)])).toEqual([
      {
        server: 'north',
        unit: 'iguanax.service',
        product: 'IguanaX',
        version: null,
        workingDirectory: '/share/wk1',
        apiPort: 6_543,
        running: true,
      },
    ]);
  });
});
