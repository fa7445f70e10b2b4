import { join } from 'node:path';
import { must, run } from '../hosts/command.ts';
import type { HostName, LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { profileFolder } from './install.ts';
import type { LabCluster } from './lab-site.ts';

/** A planned switchover, asked for as an administrator does from a workstation; ends with the change. */
export function switchOver(lab: LabLayout, cluster: LabCluster, to: HostName): Promise<string> {
  return ixha(lab, ['switchover', cluster.id, '--to', to, '--reason', 'lab']);
}

/** `ixha` on the outer machine, with the console's certificate. */
async function ixha(lab: LabLayout, args: readonly string[]): Promise<string> {
  return must(process.execPath, ixhaArguments(lab, args), { timeoutMs: 200_000 });
}

export async function ixhaExitCode(lab: LabLayout, args: readonly string[]): Promise<number> {
  return (await run(process.execPath, ixhaArguments(lab, args))).code;
}

function ixhaArguments(lab: LabLayout, args: readonly string[]): string[] {
  return [join(projectFolder(), 'dist/agent/ixha.cjs'), ...args, '--profile', profileFolder(lab)];
}
