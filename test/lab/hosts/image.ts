import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, tolerate } from './command.ts';
import type { LabLayout } from './layout.ts';
import { holdLock } from './lock.ts';
import { machineMirror } from './mirror.ts';

const suite = 'bookworm';
const basePackages =
  'systemd,systemd-sysv,dbus,openssh-server,iproute2,procps,sudo,python3-minimal,ca-certificates,iputils-ping,nftables';
/** In a layer of their own, so that changing this list does not build the base anew. */
const extraPackages = ['haproxy', 'sshfs', 'faketime', 'strace'];
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

const baseStamp = `${suite} ${basePackages} 1`;
const extraStamp = `${baseStamp} | ${extraPackages.join(' ')} ${engineUser.name} ${engineUser.uid} 1`;

/** Whether the image cache is complete, so that `up` takes seconds. */
export function imageIsCached(lab: LabLayout): boolean {
  return readStamp(lab, 'base') === baseStamp && readStamp(lab, 'extras') === extraStamp;
}

/** Builds what is not cached; a no-op otherwise. Labs side by side wait for each other here. */
export async function buildImage(lab: LabLayout, tell: (line: string) => void): Promise<void> {
  if (imageIsCached(lab)) return;
  mkdirSync(lab.cache, { recursive: true });
  const release = await holdLock(join(lab.cache, 'build.lock'));
  try {
    if (readStamp(lab, 'base') !== baseStamp) await timed('base image', tell, () => buildBase(lab));
    if (readStamp(lab, 'extras') !== extraStamp) await timed('extra packages', tell, () => buildExtras(lab));
  } finally {
    release();
  }
}

async function buildBase(lab: LabLayout): Promise<void> {
  const mirror = machineMirror();
  if (!mirror) throw new Error('no Debian archive among the apt sources; set LAB_MIRROR');
  const fresh = join(lab.cache, 'base.new');
  for (const name of ['base.stamp', 'extras.stamp', 'base.new']) remove(lab, name);
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

async function buildExtras(lab: LabLayout): Promise<void> {
  const mirror = machineMirror();
  if (!mirror) throw new Error('no Debian archive among the apt sources; set LAB_MIRROR');
  for (const name of ['extras.stamp', 'extras', 'extras.work', 'extras.root']) remove(lab, name);
  const [upper, work, root] = ['extras', 'extras.work', 'extras.root'].map((name) => join(lab.cache, name));
  for (const folder of [upper!, work!, root!]) mkdirSync(folder, { recursive: true });
  const layers = `lowerdir=${join(lab.cache, 'base')},upperdir=${upper},workdir=${work}`;
  await must('mount', ['-t', 'overlay', 'lab-extras', '-o', layers, root!]);
  try {
    writeFileSync(join(root!, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
    writeFileSync(join(root!, 'etc/apt/sources.list'), `deb ${mirror} ${suite} main\n`);
    await inRoot(
      root!,
      `apt-get update -q
       apt-get install -qy --no-install-recommends ${extraPackages.join(' ')}
       apt-get clean
       rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
       systemctl disable haproxy.service
       useradd --system --uid ${engineUser.uid} --user-group --home-dir /var/lib/${engineUser.name} --create-home ${engineUser.name}`,
    );
  } finally {
    await must('umount', [root!]);
  }
  for (const name of ['extras.work', 'extras.root']) remove(lab, name);
  writeFileSync(join(lab.cache, 'extras.stamp'), extraStamp);
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
