import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TimingPolicy } from '../../../shared/lease/timing.ts';
import { memberConfig, witnessConfig, type MemberConfigOptions } from '../../../shared/site/member-config.ts';
import type { LeaseStore, SiteDocument } from '../../../shared/site/site-document.ts';
import { storageDirectory } from '../../../shared/site/directory-rules.ts';
import { clusterDesigns, demoSiteId, memberServers, witnessServer } from './demo-design.ts';
import { demoDocument, routesFrom, type DemoCopied } from './demo-document.ts';
import { witnessMember, type DemoFolders } from './demo-folders.ts';
import type { DemoPorts } from './demo-ports.ts';
import type { DemoRuntime } from './demo-programs.ts';
import { engineConfig } from './engine-files.ts';
import { balancerConfig, networkConfig, trafficConfig } from './outside-files.ts';
import {
  memberServerConfig,
  outsideConfig,
  witnessServerConfig,
  type OutsideConfigs,
} from './server-files.ts';

/** The engine account of the demo. It guards nothing: everything of the demo is on loopback and thrown away. */
const enginePassword = 'demo-only';

export interface DemoPlan {
  readonly site: SiteDocument;
  readonly timing: TimingPolicy;
  readonly ports: DemoPorts;
  readonly folders: DemoFolders;
  readonly runtime: DemoRuntime;
  /** Write down every message and when each engine ran, for a judge. */
  readonly keepRecords: boolean;
  /** Absent: the demo's witness keeps the leases. */
  readonly etcd?: DemoEtcd | undefined;
  /** Absent: both servers of a cluster see one directory. */
  readonly copied?: DemoCopied | undefined;
}

/** An etcd outside of the demo that keeps its leases. */
export interface DemoEtcd {
  readonly store: Extract<LeaseStore, { kind: 'etcd' }>;
  readonly access: NonNullable<MemberConfigOptions['etcd']>;
}

/** Writes every folder and configuration file of the demo, but keys and certificates. */
export function writeDemoFiles(plan: DemoPlan): void {
  const { site, folders, runtime, timing } = plan;
  writeJson(join(folders.profile, 'site.json'), site);
  for (const cluster of site.clusters) {
    for (const server of memberServers) {
      const mark = join(storageDirectory(cluster, server), '.ixha', 'identity');
      write(mark, `${demoSiteId} ${cluster.id}\n`);
    }
  }
  const configs = writeOutside(plan);
  writeJson(folders.outside.config, outsideConfig(folders, runtime, configs));
  writeJson(folders.server(witnessServer).config, witnessServerConfig(folders, runtime, configs));
  for (const server of memberServers) {
    writeJson(folders.server(server).config, memberServerConfig(server, timing, folders, runtime));
    for (const { id } of clusterDesigns) writeMember(plan, server, id);
  }
}

function writeOutside(plan: DemoPlan): OutsideConfigs {
  const { site, ports, folders, keepRecords, timing } = plan;
  const outside = folders.outside.root;
  const witness = folders.member(witnessServer, witnessMember);
  mkdirSync(witness.state, { recursive: true });
  mkdirSync(folders.records, { recursive: true });
  const configs = {
    witness: join(folders.server(witnessServer).root, 'witness.json'),
    network: join(outside, 'network.json'),
    balancer: join(outside, 'balancer.json'),
    traffic: join(outside, 'traffic.json'),
  };
  const { state, certificates } = witness;
  const kept = plan.etcd === undefined ? site : demoDocument(ports, folders, timing);
  writeJson(configs.witness, witnessConfig(kept, { state, certificates }));
  writeJson(configs.network, networkConfig(ports));
  writeJson(configs.balancer, balancerConfig(ports));
  writeJson(configs.traffic, trafficConfig(ports, keepRecords ? folders.records : null));
  return configs;
}

function writeMember(plan: DemoPlan, server: (typeof memberServers)[number], cluster: string): void {
  const { site, ports, folders, runtime } = plan;
  const design = clusterDesigns.find(({ id }) => id === cluster)!;
  const files = folders.member(server, cluster);
  mkdirSync(files.state, { recursive: true });
  writeJson(
    files.agentConfig,
    memberConfig(site, cluster, server, {
      paths: {
        state: files.state,
        run: files.run,
        certificates: files.certificates,
        scripts: runtime.scriptsDirectory,
        enginePasswordFile: files.enginePassword,
      },
      routes: routesFrom(server, ports),
      ...(plan.etcd && { etcd: plan.etcd.access }),
      ...(plan.copied && { copyKeys: plan.copied.keys(server, cluster) }),
    }),
  );
  const record = plan.keepRecords ? join(folders.records, `engine-${server}-${cluster}.jsonl`) : null;
  const directory = storageDirectory(
    site.clusters.find(({ id }) => id === cluster)!,
    server,
  );
  writeJson(files.engineConfig, engineConfig(design, server, ports, folders, directory, record));
  write(files.enginePassword, `${enginePassword}\n`);
}

function writeJson(path: string, value: unknown): void {
  write(path, `${JSON.stringify(value, null, 2)}\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}
