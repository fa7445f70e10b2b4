import { createHash } from 'node:crypto';
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
    packages: ['haproxy', 'sshfs', 'faketime', 'strace', 'rsync', 'etcd-server'],
    script: `systemctl disable haproxy.service etcd.service
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

/** What a layer is built from, everything below it included. */
function recipeOf(name: LayerName): string {
  if (name === 'base') return `${suite} ${basePackages} 1`;
  const at = packageLayers.findIndex((layer) => layer.name === name);
  const { packages, version } = packageLayers[at]!;
  const below = recipeOf(at === 0 ? 'base' : packageLayers[at - 1]!.name);
  return `${below} | ${packages.join(' ')} ${version}`;
}

/** Where a layer lies. Another recipe is another folder: a lab that runs on an older one keeps it. */
export function layerFolder(lab: LabLayout, name: LayerName): string {
  const digest = createHash('sha256').update(recipeOf(name)).digest('hex').slice(0, 10);
  return join(lab.cache, `${name}-${digest}`);
}

/** Whether the image cache is complete, so that `up` takes seconds. */
export function imageIsCached(lab: LabLayout): boolean {
  return lab.layers.every((name) => existsSync(layerFolder(lab, name)));
}

/** Builds what is not cached; a no-op otherwise. Labs side by side wait for each other here. */
export async function buildImage(lab: LabLayout, tell: (line: string) => void): Promise<void> {
  if (imageIsCached(lab)) return;
  mkdirSync(lab.cache, { recursive: true });
  const release = await holdLock(join(lab.cache, 'build.lock'));
  try {
    const isThere = (name: LayerName) => existsSync(layerFolder(lab, name));
    if (!isThere('base')) await timed('base image', tell, () => buildBase(lab));
    for (const layer of packageLayers.filter(({ name }) => lab.layers.includes(name))) {
      if (!isThere(layer.name)) await timed(`image layer ${layer.name}`, tell, () => buildLayer(lab, layer));
    }
  } finally {
    release();
  }
}

async function buildBase(lab: LabLayout): Promise<void> {
  const mirror = machineMirror();
  if (!mirror) throw new Error('no Debian archive among the apt sources; set LAB_MIRROR');
  const fresh = `${layerFolder(lab, 'base')}.new`;
  remove(fresh);
  const log = await must(
    'debootstrap',
    ['--variant=minbase', `--include=${basePackages}`, suite, fresh, mirror],
    { timeoutMs: 900_000 },
  );
  writeFileSync(join(lab.cache, 'build.log'), log);
  await authorizeLabKey(lab, fresh);
  configureBase(fresh);
  renameSync(fresh, layerFolder(lab, 'base'));
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
  const folder = layerFolder(lab, name);
  const [upper, work, root] = [`${folder}.new`, `${folder}.work`, `${folder}.root`];
  for (const part of [upper, work, root]) {
    remove(part);
    mkdirSync(part, { recursive: true });
  }
  const lower = lab.layers.slice(0, lab.layers.indexOf(name)).map((layer) => layerFolder(lab, layer));
  const layers = `lowerdir=${lower.reverse().join(':')},upperdir=${upper},workdir=${work}`;
  await must('mount', ['-t', 'overlay', `lab-${name}`, '-o', layers, root]);
  try {
    writeFileSync(join(root, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
    writeFileSync(join(root, 'etc/apt/sources.list'), `deb ${mirror} ${suite} main\n`);
    await inRoot(
      root,
      `apt-get update -q
       apt-get install -qy --no-install-recommends ${packages.join(' ')}
       apt-get clean
       rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
       ${script}`,
    );
  } finally {
    await must('umount', [root]);
  }
  for (const part of [work, root]) remove(part);
  renameSync(upper, folder);
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

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
