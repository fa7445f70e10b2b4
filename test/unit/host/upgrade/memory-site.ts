import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { sampleBundle } from '../install/install-samples.ts';
import { MemoryServer } from '../install/memory-server.ts';
import { sampleInputs } from '../install/sample-inputs.ts';
import { sampleMember, sampleWitness } from '../samples.ts';

const names = { north: 'ig-north', south: 'ig-south', third: 'witness', lb: 'balancer' };
export type MemoryServerId = keyof typeof names;
const addresses: Record<string, MemoryServerId> = {
  '192.0.2.11': 'north',
  '192.0.2.12': 'south',
  '192.0.2.13': 'third',
  '192.0.2.14': 'lb',
};
const patience = { withinMs: 30, steadyMs: 0, betweenMs: 1 };
/** Servers in memory answer at once. */
export const shortLimits = { first: patience, between: patience, health: patience, guard: patience };

/** The sample site on servers in memory, whose agents answer by what their unit runs. */
export interface MemorySite {
  readonly servers: Record<MemoryServerId, MemoryServer>;
  /** Where each cluster is Active. */
  readonly active: Record<string, MemoryServerId>;
  /** Agents that report a blocker, as `CLUSTER/SERVER`. */
  readonly unfit: Set<string>;
  inputs(version: string): InstallInputs;
  /** Units that were restarted on a server since the changes were last forgotten. */
  restartsOn(id: MemoryServerId): string[];
  forgetChanges(): void;
}

/** Installs the sample site from `folder`; WK1 then works in the north and WK2 in the south. */
export async function installedMemorySite(folder: string, version: string): Promise<MemorySite> {
  const site = bareMemorySite(folder);
  const installed = await installSite(site.inputs(version));
  if (!installed.ok) throw new Error(installed.error[0]!.message);
  site.servers.north.units.set('engine-WK1.service', { active: 'active', enabled: false });
  site.servers.south.units.set('engine-WK2.service', { active: 'active', enabled: false });
  site.forgetChanges();
  return site;
}

/** The servers of the sample site with their engines, before anything of the product is on them. */
export function bareMemorySite(folder: string): MemorySite {
  writeFileSync(join(folder, 'password'), 'engine secret\n');
  writeFileSync(join(folder, 'key'), 'ssh key\n');
  const engines = ['engine-WK1.service', 'engine-WK2.service'];
  const servers = {
    north: new MemoryServer('ig-north', engines),
    south: new MemoryServer('ig-south', engines),
    third: new MemoryServer('witness', []),
    lb: new MemoryServer('balancer', ['haproxy.service']),
  };
  for (const server of Object.values(servers)) server.digest = bundleDigest(server.digest);
  const active: MemorySite['active'] = { WK1: 'north', WK2: 'south' };
  const unfit = new Set<string>();
  const ask = askOf({ servers, active, unfit });
  return {
    servers,
    active,
    unfit,
    inputs: (wanted) =>
      sampleInputs(folder, {
        bundle: sampleBundle(wanted),
        connect: async (target) => succeed(servers[addresses[target.address]!]),
        createAsk: () => ask,
      }),
    restartsOn: (id) =>
      servers[id].changes.flatMap((change) => /^systemctl restart (\S+)$/.exec(change)?.[1] ?? []),
    forgetChanges: () => {
      for (const server of Object.values(servers)) server.changes.length = 0;
    },
  };
}

/** Files of the sample bundle are never read; their digests are those the bundle states. */
function bundleDigest(otherwise: MemoryServer['digest']): MemoryServer['digest'] {
  return (path, content) => {
    const [, version, name] = /^\/usr\/lib\/ixha\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const file = version && sampleBundle(version).files.find((one) => one.path === name);
    return file && String(content).startsWith('file ') ? file.sha256 : otherwise(path, content);
  };
}

/** Agents answer by what their unit runs: silent while it is broken or stopped, with a new start after each restart. */
function askOf({ servers, active, unfit }: Pick<MemorySite, 'servers' | 'active' | 'unfit'>): AskAgent {
  const ask = async ({ server, cluster, name }: Parameters<AskAgent>[0]) => {
    const unit = cluster === null ? 'ixha-witness.service' : `ixha-agent@${cluster}.service`;
    const host = servers[server as MemoryServerId];
    const version = host.runningVersion(unit);
    if (version === undefined || host.units.get(unit)?.active !== 'active') {
      return fail(productError('agent.unreachable', `${name} is silent`));
    }
    const identity = {
      productVersion: version.split('-')[0]!,
      startId: `start-${host.runs.get(unit)!.starts}`,
    };
    if (cluster === null) return succeed(sampleWitness(identity));
    const role = active[cluster] === server ? 'active' : 'passive';
    const blockers = unfit.has(`${cluster}/${server}`)
      ? [{ code: 'storage', reason: 'Its storage is not proven.', remedy: 'Mount it.' }]
      : [];
    const place = { cluster, server, role } as const;
    const serverName = names[server as MemoryServerId];
    return succeed(sampleMember(place, { ...identity, serverName, blockers }));
  };
  return ask as unknown as AskAgent;
}
