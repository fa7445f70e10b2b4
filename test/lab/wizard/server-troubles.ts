import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { must } from '../hosts/command.ts';
import { signalUnit } from '../hosts/control-group.ts';
import { insideHost, type HostName, type LabLayout } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';

/** A user of one lab host who signs in by password and becomes root by sudo with it. */
export const passwordUser = { name: 'admin', password: 'lab-only-sign-in' } as const;

/** Gives a host a user with a password, and lets its SSH server ask for one. */
export async function addPasswordUser(lab: LabLayout, host: HostName): Promise<void> {
  const { name, password } = passwordUser;
  const policy = insideHost(lab, host, '/etc/ssh/sshd_config.d/00-password.conf');
  writeFileSync(policy, 'PasswordAuthentication yes\n');
  await onHost(
    lab,
    host,
    [
      `useradd --create-home --shell /bin/bash --groups sudo ${name}`,
      `printf '%s:%s' ${name} ${password} | chpasswd`,
      'systemctl reload ssh',
    ].join(' && '),
  );
}

const keyFiles = ['/etc/ssh/ssh_host_ed25519_key', '/etc/ssh/ssh_host_ed25519_key.pub'];

/** Gives a host another key, as a server has that was installed anew; the returned function puts the old one back. */
export async function changeHostKey(lab: LabLayout, host: HostName): Promise<() => void> {
  const files = keyFiles.map((path) => insideHost(lab, host, path));
  const before = files.map((file) => readFileSync(file));
  for (const file of files) rmSync(file);
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', host, '-f', files[0]!]);
  startAnew(lab, host);
  return () => {
    files.forEach((file, place) => writeFileSync(file, before[place]!, { mode: 0o600 }));
    startAnew(lab, host);
  };
}

/** Its SSH server reads its keys again; sessions end by it, as they do when a server is installed anew. */
function startAnew(lab: LabLayout, host: HostName): void {
  signalUnit(lab, host, 'ssh.service', 'SIGHUP');
}
