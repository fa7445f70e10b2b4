import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo, type Server } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsCommand } from '../../../../electron/host/install/facts-script.ts';
import { parseFacts } from '../../../../electron/host/install/facts.ts';
import { sampleWanted } from './install-samples.ts';

const sample = `
== os
PRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"
ID="rhel"

== machine
x86_64
5.14.0-427.el9.x86_64

== libc
glibc 2.34

== init
systemd

== systemd
systemd 252 (252-32.el9)

== cgroup
/sys/fs/cgroup

== cgroup-kill
/sys/fs/cgroup/system.slice/cgroup.kill

== disk
Filesystem     1024-blocks     Used Available Capacity Mounted on
/dev/mapper/a     10485760  5242880   5242880      50% /
/dev/mapper/b     10485760  9437184   1048576      90% /var
/dev/mapper/a     10485760  5242880   5242880      50% /

== clock
1251.01 2391.79
2026-01-01T00:00:00Z

== programs
/usr/bin/bash
/usr/bin/stat

== listeners
   0: 0100007F:19FF 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 546 1 0 100 0 0 10 0
   1: 0B02000A:1DF6 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 547 1 0 100 0 0 10 0
   2: 0B02000A:1DF7 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 548 1 0 100 0 0 10 0
   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 549 1 0 100 0 0 10 0
   1: 00000000000000000000000000000000:0017 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 550 1 0 100 0 0 10 0
   2: 0000000000000000FFFF00000B02000A:0018 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 551 1 0 100 0 0 10 0

== holders
546 812 iguana.service /opt/IguanaX/iguana
546 813 iguana.service
547 9 - /opt/my engine
nonsense
12 x y z

== site
hospital

== link
1.0.0-abc

== files
${'a'.repeat(64)} 644 root:root /etc/ixha/site

== folders
750 root:ixha /etc/ixha/witness

== units
Asked=engine.service
Restart=always
MainPID=0
LoadState=loaded
ActiveState=inactive
UnitFileState=enabled
Asked=ixha-agent@WK1.service
MainPID=77
LoadState=loaded
ActiveState=active
UnitFileState=enabled
Socket=547
Socket=550

== shares
Asked=/share/wk1
Directory=yes
Mount=yes
Mark=hospital WK1
Generation=12 north
MountInfo=nfs4 nas:/wk1 rw,relatime,soft
Room=nas:/wk1 10485760 5242880 5242880 50% /share/wk1
Inodes=nas:/wk1 1000 990 10 99% /share/wk1
Answered=yes
Asked=/share/wk2
Directory=yes

== proofs
/etc/ixha/WK1/guard-proof.json {"unit":"engine.service","how":"engine","killMs":40,"wallTime":"now"}
/etc/ixha/WK2/guard-proof.json {"unit":

== memories
/var/lib/ixha/WK1/member.json {"cluster":"WK1","epoch":12,"ended":11}
/var/lib/ixha/WK2/member.json damag

== leases
lease-WK1.json
lease-WK1.json.previous

== haproxy
3
global

== boot
6f2c

== memory
MemTotal:        4096000 kB
MemAvailable:    1024000 kB

== load
4
1.25
3168	0	400000

== names
ig-north
unknown-name

== addresses
192.0.2.11 fe80::1

== time
no

== time-services
chronyd

== selinux
1

== managers
pacemaker names-engine
keepalived other

== starters
/etc/cron.d/watch:1:* * * * * root systemctl start engine

== engines
Asked=812
Program=/opt/IguanaX/iguana
Cwd=/opt/IguanaX
Unit=iguana.service
Asked=nonsense

== machine-id
0c1d

== services
Asked=gone.service
LoadState=not-found
Asked=iguana.service
ExecStart={ path=/opt/IguanaX/iguana ; argv[]=/opt/IguanaX/iguana --run ; }
WorkingDirectory=/opt/IguanaX
LoadState=loaded
ActiveState=active
LimitNOFILE=1024
MemoryCurrent=943718401
MainPID=812
Socket=547

== leftovers
/etc/ixha

== versions
Asked=7654
HTTP/1.0 200 OK
{"success":true,"data":{"version":"10.1.2"}}
Asked=7655
<html>

== directories
Asked=/var/engine/WK1
Directory=yes
Licence=yes
Asked=/var/engine/WK2

== end
`;

describe('facts about a server', () => {
  const facts = parseFacts(sample)!;

  it('reads what the machine is', () => {
    expect(facts).toMatchObject({
      osName: 'Red Hat Enterprise Linux 9.4 (Plow)',
      machine: 'x86_64',
      glibc: [2, 34],
      init: 'systemd',
      systemdVersion: 252,
      cgroup2Mount: '/sys/fs/cgroup',
      hasCgroupKill: true,
      freeMb: { usr: 5120, var: 1024 },
      bootMs: 1_251_010,
      wallTime: '2026-01-01T00:00:00Z',
      programs: ['bash', 'stat'],
      site: 'hospital',
      currentVersion: '1.0.0-abc',
      haproxy: { sections: 3, firstLine: 'global' },
    });
  });

  it('reads listening ports and tells loopback from the network', () => {
    expect(facts.listeners).toEqual([
      { port: 6655, inode: '546', loopbackOnly: true },
      { port: 7670, inode: '547', loopbackOnly: false },
      { port: 22, inode: '549', loopbackOnly: true, ipv6Only: true },
      { port: 23, inode: '550', loopbackOnly: false },
      { port: 24, inode: '551', loopbackOnly: false },
    ]);
  });

  it('reads who holds them', () => {
    expect(facts.holders).toEqual(
      new Map([
        [
          '546',
          [
            { inode: '546', pid: 812, unit: 'iguana.service', program: '/opt/IguanaX/iguana' },
            { inode: '546', pid: 813, unit: 'iguana.service', program: '' },
          ],
        ],
        ['547', [{ inode: '547', pid: 9, unit: '', program: '/opt/my engine' }]],
      ]),
    );
  });

  it('reads units with the sockets of their process', () => {
    expect(facts.units.get('engine.service')).toMatchObject({
      activeState: 'inactive',
      unitFileState: 'enabled',
    });
    expect(facts.units.get('ixha-agent@WK1.service')?.sockets).toEqual(['547', '550']);
  });

  it('knows a share that did not answer from one that did', () => {
    expect(facts.shares.get('/share/wk1')).toEqual({
      answered: true,
      isDirectory: true,
      isMount: true,
      mark: 'hospital WK1',
      generation: 12,
      mount: { kind: 'nfs4', source: 'nas:/wk1', options: ['rw', 'relatime', 'soft'] },
      freeMb: 5120,
      freeInodesPercent: 1,
    });
    expect(facts.shares.get('/share/wk2')?.answered).toBe(false);
  });

  it('takes a damaged proof as none, and a damaged memory as proof that the member has run', () => {
    expect([...facts.proofs.keys()]).toEqual(['/etc/ixha/WK1/guard-proof.json']);
    expect(facts.memories.get('WK1')?.epoch).toBe(12);
    expect(facts.memories.has('WK2')).toBe(true);
    expect([...facts.leases]).toEqual(['WK1']);
  });

  it('reads what is around the engines, and tells unknown from no', () => {
    expect(facts.survey).toMatchObject({
      bootId: '6f2c',
      memoryMb: { total: 4000, available: 1000 },
      machineLoad: { processors: 4, load: 1.25, openFiles: { used: 3168, limit: 400_000 } },
      hostName: 'ig-north',
      knowsOwnName: false,
      addresses: ['192.0.2.11', 'fe80::1'],
      clockSynchronised: false,
      timeServices: ['chronyd'],
      selinux: 'enforcing',
      managers: [
        { name: 'pacemaker', namesEngine: true },
        { name: 'keepalived', namesEngine: false },
      ],
      engines: [
        {
          pid: 812,
          program: '/opt/IguanaX/iguana',
          workingDirectory: '/opt/IguanaX',
          unit: 'iguana.service',
        },
      ],
      machineId: '0c1d',
      starters: [{ file: '/etc/cron.d/watch', line: 1, text: '* * * * * root systemctl start engine' }],
      services: [
        {
          unit: 'iguana.service',
          command: '/opt/IguanaX/iguana',
          workingDirectory: '/opt/IguanaX',
          running: true,
          openFiles: 1024,
          memoryMb: 901,
          sockets: ['547'],
        },
      ],
      leftovers: ['/etc/ixha'],
      versions: new Map([[7654, '10.1.2']]),
      directories: new Map([['/var/engine/WK1', { hasLicence: true }]]),
    });
    const silent = parseFacts('== end')!.survey;
    expect([silent.memoryMb, silent.clockSynchronised, silent.knowsOwnName]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('decides nothing on half an answer, and survives nonsense', () => {
    expect(parseFacts(sample.replace('== end', ''))).toBeUndefined();
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(...sample.split('\n')).chain((line) => fc.constantFrom(line, line.slice(3))),
        ),
        (lines) => {
          expect(() => parseFacts([...lines, '== end'].join('\n'))).not.toThrow();
        },
      ),
    );
  });

  it('is what the script prints on this machine', () => {
    const [program, ...args] = factsCommand(sampleWanted('north'));
    const here = parseFacts(
      execFileSync(program!, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString('utf8'),
    );
    expect(here?.programs).toEqual(expect.arrayContaining(['sha256sum', 'timeout']));
    expect(here?.bootMs).toBeGreaterThan(0);
    expect(here?.survey.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(here?.survey.memoryMb?.total).toBeGreaterThan(0);
    expect(here?.survey.hostName).toBeTruthy();
    expect(here?.shares.get('/share/wk1')).toMatchObject({ answered: true, isDirectory: false });
  });

  it('tells which program holds a port there', async () => {
    const server = createServer();
    const port = await listenAnywhere(server);
    try {
      const [program, ...args] = factsCommand(sampleWanted('north'));
      const here = parseFacts(
        execFileSync(program!, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
      );
      const { inode } = here!.listeners.find((listening) => listening.port === port)!;
      expect(here!.holders.get(inode)).toMatchObject([{ pid: process.pid, program: process.execPath }]);
    } finally {
      server.close();
    }
  });

  it('tells which endpoints of an etcd take a connection from there', async () => {
    const server = createServer();
    const other = createServer();
    const [open, closed] = await Promise.all([server, other].map(listenAnywhere));
    await new Promise((done) => other.close(done));
    const wanted = {
      ...sampleWanted('north'),
      etcdEndpoints: [open!, closed!].map((port) => ({ address: '127.0.0.1', port })),
    };
    try {
      const [program, ...args] = factsCommand(wanted);
      const printed = execFileSync(program!, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString('utf8');
      expect(parseFacts(printed)?.ways).toEqual(new Set([`127.0.0.1 ${open}`]));
    } finally {
      server.close();
    }
  });
});

function listenAnywhere(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
