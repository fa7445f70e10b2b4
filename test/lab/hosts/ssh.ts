import { join } from 'node:path';
import { must, run, until, type CommandResult } from './command.ts';
import { knownHostsFile } from './disk.ts';
import { address, type HostName, type LabLayout } from './layout.ts';

/** Arguments for a real ssh with the lab's key and strict host key checking. */
export function sshArguments(lab: LabLayout, host: HostName): string[] {
  return [
    ...[
      '-i',
      labKey(lab),
      '-o',
      `UserKnownHostsFile=${knownHostsFile(lab)}`,
      '-o',
      'StrictHostKeyChecking=yes',
    ],
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=3', '-o', 'LogLevel=ERROR'],
    `root@${address(lab, host)}`,
  ];
}

export function labKey(lab: LabLayout): string {
  return join(lab.cache, 'key');
}

/** Runs a shell command on a host; throws when it fails. */
export function onHost(lab: LabLayout, host: HostName, command: string, timeoutMs = 60_000): Promise<string> {
  return must('ssh', [...sshArguments(lab, host), command], { timeoutMs });
}

/** Runs a shell command on a host and returns whatever came of it. */
export function tryOnHost(
  lab: LabLayout,
  host: HostName,
  command: string,
  timeoutMs = 20_000,
): Promise<CommandResult> {
  return run('ssh', [...sshArguments(lab, host), command], { timeoutMs });
}

/** Ready means that ssh answers. */
export function waitForSsh(lab: LabLayout, host: HostName): Promise<void> {
  const answers = async () => (await tryOnHost(lab, host, 'true', 5_000)).code === 0;
  return until(`ssh to ${host}`, answers, { deadlineMs: 15_000, everyMs: 50 });
}
