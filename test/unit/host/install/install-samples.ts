import { haproxyMark } from '../../../../shared/balancer/haproxy-config.ts';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programNames, type Bundle, type BundleFile } from '../../../../electron/host/install/bundle.ts';
import { parseSurvey } from '../../../../electron/host/install/survey.ts';
import type { FileFacts, ServerFacts, UnitFacts } from '../../../../shared/preflight/server-facts.ts';
import type { SiteInstallFile } from '../../../../electron/host/install/install-file.ts';
import { placesOf, startedMark } from '../../../../electron/host/install/server-paths.ts';
import type { UnitTemplates } from '../../../../electron/host/install/unit-templates.ts';
import { wantedServer, type WantedServer } from '../../../../electron/host/install/wanted-server.ts';
import { SiteDocument } from '../../../../shared/site/site-document.ts';

const address = (last: number) => `192.0.2.${last}`;

/** Two clusters crossed over two servers, a witness and a balancer, on documentation addresses. */
export function sampleSite(): SiteDocument {
  const cluster = (id: string, index: number, preferred: string) => ({
    id,
    title: `Cluster ${id}`,
    index,
    timing: 'fast',
    storage: { kind: 'shared', directory: `/share/${id.toLowerCase()}`, mustBeMount: true },
    listeners: [{ name: 'ADT in', port: 6661 + 10 * index, frontendPort: 7001 + 10 * index }],
    pollers: [],
    members: ['north', 'south'].map((server) => ({
      server,
      preferred: server === preferred,
      engine: {
        service: { kind: 'systemd', unit: `engine-${id}.service` },
        apiPort: 6543 + 10 * index,
        apiUser: 'ha',
        workingDirectory: `/share/${id.toLowerCase()}`,
      },
    })),
    localRestarts: 2,
  });
  return SiteDocument.parse({
    schema: 1,
    id: 'sample',
    name: 'Sample site',
    version: 3,
    servers: [
      { id: 'north', name: 'ig-north', address: address(11) },
      { id: 'south', name: 'ig-south', address: address(12) },
      { id: 'third', name: 'witness', address: address(13) },
      { id: 'lb', name: 'balancer', address: address(14) },
    ],
    clusters: [cluster('WK1', 0, 'north'), cluster('WK2', 1, 'south')],
    leaseStore: { kind: 'witness', server: 'third', port: 7660 },
    loadBalancer: { kind: 'haproxy', server: 'lb' },
  });
}

/** The same with an etcd of three members as its lease store. */
export function sampleEtcdSite(): SiteDocument {
  const endpoints = [21, 22, 23].map((last) => ({ address: address(last), port: 2379 }));
  return { ...sampleSite(), leaseStore: { kind: 'etcd', endpoints, prefix: '/ixha/sample', user: 'ixha' } };
}

export function sampleFile(passwordFile: string, identityFile: string): SiteInstallFile {
  const site = sampleSite();
  const access: SiteInstallFile['access'] = {};
  for (const { id } of site.servers) {
    access[id] = { user: 'root', port: 22, hostKey: `SHA256:${'A'.repeat(43)}`, sudo: 'root', identityFile };
  }
  return { site, access, engineApi: { passwordFile } };
}

export function realTemplates(): UnitTemplates {
  const folder = join(import.meta.dirname, '../../../../resources/units');
  const text = (name: keyof UnitTemplates) => readFileSync(join(folder, name), 'utf8');
  return {
    'ixha-agent@.service': text('ixha-agent@.service'),
    'ixha-guard@.service': text('ixha-guard@.service'),
    'ixha-witness.service': text('ixha-witness.service'),
    'engine-gate.conf': text('engine-gate.conf'),
  };
}

/** A bundle whose files are not read: their checksums are those of their names. */
export function sampleBundle(version = '1.0.0-abc'): Bundle {
  const file = (path: string, mode: string): BundleFile => ({
    path,
    file: `/nowhere/${path}`,
    mode,
    sha256: createHash('sha256').update(`${version} ${path}`).digest('hex'),
  });
  const scripts = ['engine-log.sh', 'gate.sh', 'guard.sh', 'holders.sh', 'standby.sh', 'storage.sh'].map(
    (name) => file(`scripts/${name}`, '0755'),
  );
  return {
    version,
    files: [file('node', '0755'), ...programNames.map((name) => file(name, '0644')), ...scripts],
    templates: realTemplates(),
  };
}

export function sampleWanted(server: string, version?: string, site = sampleSite()): WantedServer {
  const inputs = {
    site,
    bundle: sampleBundle(version),
    authorityPem: 'authority\n',
    enginePassword: 'secret',
  };
  return wantedServer(inputs, server);
}

export const stoppedUnit: UnitFacts = {
  loadState: 'loaded',
  activeState: 'inactive',
  unitFileState: 'disabled',
  needsReload: false,
  sockets: [],
};

/** What both clocks say in samples. */
export const sampleTime = '2026-01-01T00:00:00Z';

/** A server that is fit and on which nothing is installed. */
export function freshFacts(wanted: WantedServer): ServerFacts {
  return {
    osName: 'Debian GNU/Linux 12 (bookworm)',
    machine: 'x86_64',
    kernel: '6.1.0',
    glibc: [2, 36],
    init: 'systemd',
    systemdVersion: 252,
    cgroup2Mount: '/sys/fs/cgroup',
    hasCgroupKill: true,
    freeMb: { usr: 4000, var: 4000 },
    bootMs: 1000,
    wallTime: sampleTime,
    programs: ['bash', 'sha256sum', 'sync', 'timeout', 'mountpoint', 'stat', 'useradd', 'haproxy'],
    listeners: [],
    holders: new Map(),
    site: undefined,
    found: { members: [], gates: [], witness: false },
    currentVersion: undefined,
    files: new Map(),
    folders: new Map(),
    units: new Map(wanted.engines.map((engine) => [engine.unit, stoppedUnit])),
    shares: new Map(
      wanted.engines.map((engine) => [
        engine.storage.directory,
        { answered: true, isDirectory: true, isMount: true, mark: undefined, generation: 0 },
      ]),
    ),
    proofs: new Map(),
    memories: new Map(),
    leases: new Set(),
    ways: new Set(wanted.etcdEndpoints.map(({ address, port }) => `${address} ${port}`)),
    haproxy: { sections: 0, firstLine: 'global' },
    survey: {
      ...parseSurvey(new Map()),
      directories: new Map(wanted.engines.map((engine) => [engine.workingDirectory, { hasLicence: true }])),
    },
  };
}

function markOf(unit: string): [string, FileFacts] {
  return [startedMark(unit), { sha256: '', mode: '0644', owner: 'root:root' }];
}

/** A server on which everything is as wanted and runs. */
export function installedFacts(wanted: WantedServer): ServerFacts {
  const running: UnitFacts = { ...stoppedUnit, activeState: 'active', unitFileState: 'enabled' };
  const files = wanted.files.map(({ path, sha256, mode, owner }): [string, FileFacts] => [
    path,
    { sha256, mode, owner },
  ]);
  return {
    ...freshFacts(wanted),
    site: wanted.site,
    currentVersion: wanted.version,
    files: new Map([...files, ...wanted.units.map(markOf)]),
    folders: new Map(wanted.directories.map(({ path, mode, owner }) => [path, { mode, owner }])),
    units: new Map([
      ...wanted.units.map((unit): [string, UnitFacts] => [unit, running]),
      ...wanted.engines.map((engine): [string, UnitFacts] => [engine.unit, running]),
    ]),
    shares: new Map(
      wanted.engines.map(({ storage }) => [
        storage.directory,
        { answered: true, isDirectory: true, isMount: true, mark: storage.mark.trim(), generation: 4 },
      ]),
    ),
    proofs: new Map(
      wanted.engines.map((engine) => [
        placesOf(engine.cluster).guardProof,
        { unit: engine.unit, how: 'engine', killMs: 40, wallTime: '2026-01-01T00:00:00Z' },
      ]),
    ),
    haproxy: {
      sections: 2,
      firstLine: wanted.isBalancer ? haproxyMark : '',
      ...(wanted.balancerLines && { sha256: wanted.balancerLines }),
    },
  };
}
