import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, tolerate } from './command.ts';
import type { LabLayout, LayerName } from './layout.ts';
import { holdLock } from './lock.ts';
import { machineMirror } from './mirror.ts';

const suite = 'bookworm';
const basePackages =
  'systemd,systemd-sysv,dbus,openssh-server,iproute2,procps,sudo,python3-minimal,ca-certificates,iputils-ping,nftables';
/** Account and fixed number of the engine's user: the same on every host, as a shared directory needs. */
export const engineUser = { name: 'iguana', uid: 900 } as const;

/** Units a lab host does not need; each costs boot time, memory or wake-ups. */
const maskedUnits = [
  'console-getty.service',
  'getty.target',
  'systemd-logind.service',
  'systemd-timesyncd.service',
  'systemd-networkd.service',
  'systemd-firstboot.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'fstrim.timer',
];

/** A layer of packages above others, so that changing its list does not build what is below anew. */
interface PackageLayer {
  readonly name: Exclude<LayerName, 'base'>;
  readonly packages: readonly string[];
  /** Run after the installation; services that a package enables are disabled here. */
  readonly script: string;
  /** Changed with the script. */
  readonly version: string;
}

const packageLayers: readonly PackageLayer[] = [
  {
    name: 'extras',
    packages: ['haproxy', 'sshfs', 'faketime', 'strace'],
    script: `systemctl disable haproxy.service
       useradd --system --uid ${engineUser.uid} --user-group --home-dir /var/lib/${engineUser.name} --create-home ${engineUser.name}`,
    version: `${engineUser.name} ${engineUser.uid} 1`,
  },
  {
    name: 'peers',
    packages: [
      ...['keepalived', 'pacemaker', 'corosync', 'pacemaker-cli-utils', 'crmsh'],
      ...['corosync-qdevice', 'corosync-qnetd', 'resource-agents'],
    ],
    script: `for unit in keepalived pacemaker corosync corosync-qdevice corosync-qnetd logd; do
         systemctl disable $unit.service 2>/dev/null || true
       done`,
    version: '1',
  },
];

const baseStamp = `${suite} ${basePackages} 1`;

/** What a layer was built from, everything below it included. */
function stampOf(name: LayerName): string {
  if (name === 'base') return baseStamp;
  const at = packageLayers.findIndex((layer) => layer.name === name);
  const { packages, version } = packageLayers[at]!;
  const below = at === 0 ? baseStamp : stampOf(packageLayers[at - 1]!.name);
  return `${below} | ${packages.join(' ')} ${version}`;
}

/** Whether the image cache is complete, so that `up` takes seconds. */
export function imageIsCached(lab: LabLayout): boolean {
  return lab.layers.every((name) => readStamp(lab, name) === stampOf(name));
}

/** Builds what is not cached; a no-op otherwise. Labs side by side wait for each other here. */
export async function buildImage(lab: LabLayout, tell: (line: string) => void): Promise<void> {
  if (imageIsCached(lab)) return;
  mkdirSync(lab.cache, { recursive: true });
  const release = await holdLock(join(lab.cache, 'build.lock'));
  try {
    if (readStamp(lab, 'base') !== baseStamp) await timed('base image', tell, () => buildBase(lab));
    for (const layer of packageLayers.filter(({ name }) => lab.layers.includes(name))) {
      if (readStamp(lab, layer.name) === stampOf(layer.name)) continue;
      await timed(`image layer ${layer.name}`, tell, () => buildLayer(lab, layer));
    }
  } finally {
    release();
  }
}

async function buildBase(lab: LabLayout): Promise<void> {
  const mirror = machineMirror();
  if (!mirror) throw new Error('no Debian archive among the apt sources; set LAB_MIRROR');
  const fresh = join(lab.cache, 'base.new');
  for (const name of ['base.stamp', 'extras.stamp', 'peers.stamp', 'base.new']) remove(lab, name);
  const log = await must(
    'debootstrap',
    ['--variant=minbase', `--include=${basePackages}`, suite, fresh, mirror],
    { timeoutMs: 900_000 },
  );
  writeFileSync(join(lab.cache, 'build.log'), log);
  await authorizeLabKey(lab, fresh);
  configureBase(fresh);
  remove(lab, 'base');
  renameSync(fresh, join(lab.cache, 'base'));
  writeFileSync(join(lab.cache, 'base.stamp'), baseStamp);
}

async function authorizeLabKey(lab: LabLayout, root: string): Promise<void> {
  const key = join(lab.cache, 'key');
  if (!existsSync(key)) {
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', key]);
  }
  mkdirSync(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(join(root, 'root/.ssh/authorized_keys'), readFileSync(`${key}.pub`), { mode: 0o600 });
}

function configureBase(root: string): void {
  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const kind of ['rsa', 'ecdsa', 'ed25519']) {
    rmSync(join(root, `etc/ssh/ssh_host_${kind}_key`), { force: true });
    rmSync(join(root, `etc/ssh/ssh_host_${kind}_key.pub`), { force: true });
  }
  put(
    'etc/ssh/sshd_config.d/lab.conf',
    'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nUseDNS no\n',
  );
  put('etc/machine-id', '');
  put(
    'etc/systemd/journald.conf.d/lab.conf',
    '[Journal]\nStorage=persistent\nSystemMaxUse=32M\nRateLimitIntervalSec=0\n',
  );
  put('etc/systemd/system.conf.d/lab.conf', '[Manager]\nDefaultTimeoutStopSec=15s\n');
  for (const unit of maskedUnits) {
    rmSync(join(root, 'etc/systemd/system', unit), { force: true });
    symlinkSync('/dev/null', join(root, 'etc/systemd/system', unit));
  }
}

async function buildLayer(lab: LabLayout, { name, packages, script }: PackageLayer): Promise<void> {
  const mirror = machineMirror();
  if (!mirror) throw new Error('no Debian archive among the apt sources; set LAB_MIRROR');
  const parts = [name, `${name}.work`, `${name}.root`];
  for (const part of [`${name}.stamp`, ...parts]) remove(lab, part);
  const [upper, work, root] = parts.map((part) => join(lab.cache, part));
  for (const folder of [upper!, work!, root!]) mkdirSync(folder, { recursive: true });
  const lower = lab.layers.slice(0, lab.layers.indexOf(name)).map((layer) => join(lab.cache, layer));
  const layers = `lowerdir=${lower.reverse().join(':')},upperdir=${upper},workdir=${work}`;
  await must('mount', ['-t', 'overlay', `lab-${name}`, '-o', layers, root!]);
  try {
    writeFileSync(join(root!, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
    writeFileSync(join(root!, 'etc/apt/sources.list'), `deb ${mirror} ${suite} main\n`);
    await inRoot(
      root!,
      `apt-get update -q
       apt-get install -qy --no-install-recommends ${packages.join(' ')}
       apt-get clean
       rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
       ${script}`,
    );
  } finally {
    await must('umount', [root!]);
  }
  for (const part of [`${name}.work`, `${name}.root`]) remove(lab, part);
  writeFileSync(join(lab.cache, `${name}.stamp`), stampOf(name));
}

/** Runs a script inside an image that is not booted; services are kept from starting. */
async function inRoot(root: string, script: string): Promise<void> {
  const policy = join(root, 'usr/sbin/policy-rc.d');
  await must('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
  await must('mount', ['--bind', '/dev', join(root, 'dev')]);
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const env = [
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'DEBIAN_FRONTEND=noninteractive',
    'LC_ALL=C',
  ];
  try {
    await must('chroot', [root, '/usr/bin/env', '-i', ...env, 'sh', '-ec', script], { timeoutMs: 900_000 });
  } finally {
    rmSync(policy, { force: true });
    await tolerate('umount', [join(root, 'dev')]);
    await tolerate('umount', [join(root, 'proc')]);
  }
}

async function timed(what: string, tell: (line: string) => void, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  tell(`building ${what} …`);
  await work();
  tell(`${what} built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function remove(lab: LabLayout, name: string): void {
  rmSync(join(lab.cache, name), { recursive: true, force: true });
}

function readStamp(lab: LabLayout, name: string): string | undefined {
  const file = join(lab.cache, `${name}.stamp`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
