import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { run, type CommandResult } from '../hosts/command.ts';
import type { HostName, LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { profileFolder } from './install.ts';
import type { LabCluster } from './lab-site.ts';

/** A planned switchover, asked for as an administrator does from a workstation; ends with the change. */
export async function switchOver(
  lab: LabLayout,
  cluster: LabCluster,
  to: HostName,
  profile?: string,
): Promise<string> {
  const { code, stdout, stderr } = await ixha(lab, switchOverWords(cluster, to), profile);
  if (code === 0) return stdout;
  throw new Error(`ixha switchover ${cluster.id} --to ${to} ended with ${code}: ${stdout}${stderr}`);
}

export function switchOverWords(cluster: LabCluster, to: HostName): string[] {
  return ['switchover', cluster.id, '--to', to, '--reason', 'lab'];
}

/** `ixha` on the outer machine, with the console's certificate. */
export function ixha(lab: LabLayout, args: readonly string[], profile?: string): Promise<CommandResult> {
  return run(process.execPath, ixhaArguments(lab, args, profile), { timeoutMs: 200_000 });
}

export async function ixhaExitCode(lab: LabLayout, args: readonly string[]): Promise<number> {
  return (await ixha(lab, args)).code;
}

/** The same, not waited for: for a workstation that dies in the middle. */
export function startIxha(lab: LabLayout, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ixhaArguments(lab, args), { stdio: 'ignore' });
}

function ixhaArguments(lab: LabLayout, args: readonly string[], profile = profileFolder(lab)): string[] {
  return [join(projectFolder(), 'dist/agent/ixha.cjs'), ...args, '--profile', profile];
}
