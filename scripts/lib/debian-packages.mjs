// Real programs that the tests use, beside the npm packages: which are missing, and how they are installed.
import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** [program, Debian package, what uses it]. */
export const programsOfTests = [
  ['chromium', 'chromium', 'pages in a real browser'],
  ['debootstrap', 'debootstrap', 'image of the lab hosts'],
  ['systemd-nspawn', 'systemd-container', 'lab hosts'],
  ['nft', 'nftables', 'faults in the lab network'],
  ['ip', 'iproute2', 'lab network'],
  ['ssh', 'openssh-client', 'installer and lab'],
  ['sshd', 'openssh-server', 'sign-in to a real server'],
  ['bindfs', 'bindfs', 'shared directory of the lab'],
  ['sshfs', 'sshfs', 'shared directory over the network'],
  ['strace', 'strace', 'errors of the shared directory'],
  ['haproxy', 'haproxy', 'balancer'],
  ['nginx', 'libnginx-mod-stream', 'recipe of a balancer'],
  ['keepalived', 'keepalived', 'recipe of a balancer'],
  ['etcd', 'etcd-server', 'lease store'],
  ['rsync', 'rsync', 'copied directory'],
  ['faketime', 'faketime', 'wall-clock faults'],
  ['mllp_send', 'python3-hl7', 'second opinion on HL7 framing'],
  ['pdftotext', 'poppler-utils', 'printed reports'],
  ['strip', 'binutils', 'agent runtime'],
  ['ps', 'procps', 'process audits'],
];

/** Programs that are not in any folder of PATH or in the system folders. */
export function missingPrograms(path, isProgram = isExecutable) {
  const folders = [...path.split(':'), '/usr/sbin', '/sbin'].filter(Boolean);
  return programsOfTests.filter(([program]) => !folders.some((folder) => isProgram(join(folder, program))));
}

/**
 * Installs what is missing, as root on Debian and its relatives; elsewhere it says what is missing.
 * @returns {Promise<string[]>} names of the programs that are still missing
 */
export async function installMissing({ children, progress, isRoot, path }) {
  const missing = missingPrograms(path);
  const names = () => missingPrograms(path).map(([program]) => program);
  if (missing.length === 0) return [];
  const packages = missing.map(([, name]) => name);
  if (!isRoot || !isExecutable('/usr/bin/apt-get')) {
    const how = isExecutable('/usr/bin/apt-get')
      ? `apt-get install ${packages.join(' ')}`
      : 'see docs/testing.md';
    progress.note('machine', `missing: ${names().join(', ')} (${how})`);
    return names();
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const end = progress.begin('machine', () => `installing ${packages.join(', ')}`);
  let output = '';
  const onOutput = (chunk) => (output = (output + String(chunk)).slice(-4000));
  const allowServices = keepServicesOff();
  try {
    await children.run('apt-get', ['-q', 'update'], { env, onOutput });
    await children.run('apt-get', ['-q', '-y', 'install', '--no-install-recommends', ...packages], {
      env,
      onOutput,
    });
  } finally {
    allowServices();
  }
  const left = names();
  end(left.length === 0 ? 'installed' : `still missing: ${left.join(', ')}`);
  if (left.length > 0) console.log(output.split('\n').slice(-8).join('\n'));
  return left;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const servicePolicy = '/usr/sbin/policy-rc.d';

/**
 * Debian starts the service of a package when it is installed. Tests start their own, so the machine's
 * owner gets no SSH server or balancer that was not asked for. A policy that is there already stays.
 * @returns {() => void} takes it back
 */
function keepServicesOff() {
  try {
    writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    return () => rmSync(servicePolicy, { force: true });
  } catch {
    return () => undefined;
  }
}
