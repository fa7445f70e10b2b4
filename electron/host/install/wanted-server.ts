import { createHash } from 'node:crypto';
import type { Identity } from '../../../shared/site/identity.ts';
import { memberConfig, witnessConfig } from '../../../shared/site/member-config.ts';
import type { Cluster, Member, Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming, memberPorts } from '../../../shared/site/site-rules.ts';
import { haproxyConfig } from '../balancer-config/haproxy-config.ts';
import type { UploadSource } from '../ssh/server-connection.ts';
import type { Bundle } from './bundle.ts';
import {
  gatePath,
  placesOf,
  serverPaths,
  unitsOf,
  witnessConfigPath,
  witnessUnit,
  witnessUser,
} from './server-paths.ts';
import { agentUnit, gateDropIn, guardUnit, witnessUnitText } from './unit-templates.ts';

export interface WantedDirectory {
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
}

export interface WantedFile extends WantedDirectory {
  readonly source: UploadSource;
  readonly sha256: string;
  /** Units that must be restarted when this file changes, if they run. */
  readonly restarts: readonly string[];
  /** The service manager must read its files again. */
  readonly isUnit: boolean;
}

export interface WantedEnrolment {
  readonly identity: Identity;
  readonly directory: string;
  /** Who may read the key: root, or the witness's user. */
  readonly group: string;
  readonly restarts: readonly string[];
}

/** One engine of this server, with everything that guards it. */
export interface WantedEngine {
  readonly cluster: string;
  readonly unit: string;
  readonly killMs: number;
  readonly run: string;
  readonly storage: { readonly directory: string; readonly mustBeMount: boolean; readonly mark: string };
}

/** Everything that shall be true of one server. Computed from the site alone. */
export interface WantedServer {
  readonly server: Server;
  readonly site: string;
  readonly version: string;
  readonly directories: readonly WantedDirectory[];
  readonly files: readonly WantedFile[];
  readonly enrolments: readonly WantedEnrolment[];
  readonly engines: readonly WantedEngine[];
  readonly isWitness: boolean;
  readonly isBalancer: boolean;
  readonly ports: readonly { readonly port: number; readonly what: string }[];
  readonly units: readonly string[];
}

export interface WantedInputs {
  readonly site: SiteDocument;
  readonly bundle: Bundle;
  readonly authorityPem: string;
  readonly enginePassword: string;
}

/** Works out what one server shall look like. Pure. Throws for a server that is not of the site. */
export function wantedServer(inputs: WantedInputs, serverId: string): WantedServer {
  const { site, bundle } = inputs;
  const server = site.servers.find((candidate) => candidate.id === serverId);
  if (!server) throw new Error(`no server ${serverId}`);
  const members = site.clusters.flatMap((cluster) => {
    const member = cluster.members.find((candidate) => candidate.server === serverId);
    return member ? [{ cluster, member }] : [];
  });
  const isWitness = site.leaseStore.server === serverId;
  const isBalancer = site.loadBalancer.kind === 'haproxy' && site.loadBalancer.server === serverId;
  const agents = [
    ...members.map(({ cluster }) => unitsOf(cluster.id).agent),
    ...(isWitness ? [witnessUnit] : []),
  ];
  return {
    server,
    site: site.id,
    version: bundle.version,
    directories: [
      ...(agents.length > 0 ? commonDirectories(bundle) : []),
      ...members.flatMap(({ cluster }) => folders(cluster.id, 'root')),
      ...(isWitness
        ? [
            ...folders('witness', witnessUser),
            { path: serverPaths.state, mode: '0755', owner: 'root:root' },
            { path: placesOf('witness').state, mode: '0700', owner: `${witnessUser}:${witnessUser}` },
          ]
        : []),
    ],
    files: [
      ...(agents.length > 0 ? commonFiles(inputs) : []),
      ...members.flatMap(({ cluster }) => memberFiles(inputs, cluster, serverId)),
      ...(members.length > 0
        ? memberUnits(
            inputs,
            members.map(({ cluster }) => cluster.id),
          )
        : []),
      ...members.map(({ cluster, member }) => gateFile(inputs, cluster, member)),
      ...(isWitness ? witnessFiles(inputs) : []),
      ...(isBalancer ? [haproxyFile(site)] : []),
    ],
    enrolments: [
      ...members.map(({ cluster }) => memberEnrolment(site.id, cluster.id, serverId)),
      ...(isWitness ? [witnessEnrolment(site.id, serverId)] : []),
    ],
    engines: members.map(({ cluster, member }) => wantedEngine(site.id, cluster, member)),
    isWitness,
    isBalancer,
    ports: [
      ...members.flatMap(({ cluster, member }) => {
        const ports = memberPorts(cluster, member);
        return [
          { port: ports.api, what: `the agent of ${cluster.id}` },
          { port: ports.active, what: `/active of ${cluster.id}` },
        ];
      }),
      ...(isWitness ? [{ port: site.leaseStore.port, what: 'the witness' }] : []),
    ],
    units: [
      ...members.flatMap(({ cluster }) => [...unitsOf(cluster.id).guards, unitsOf(cluster.id).agent]),
      ...(isWitness ? [witnessUnit] : []),
    ],
  };
}

/** D of a cluster in whole milliseconds: what a kill may take. */
export function killMsOf(cluster: Cluster): number {
  return Math.round(clusterTiming(cluster).D * 1000);
}

function wantedEngine(site: string, cluster: Cluster, member: Member): WantedEngine {
  return {
    cluster: cluster.id,
    unit: member.engine.service.unit,
    killMs: killMsOf(cluster),
    run: placesOf(cluster.id).run,
    storage: {
      directory: cluster.storage.directory.replace(/(?<=.)\/+$/, ''),
      mustBeMount: cluster.storage.mustBeMount,
      mark: `${site} ${cluster.id}\n`,
    },
  };
}

function commonDirectories(bundle: Bundle): WantedDirectory[] {
  const version = `${serverPaths.library}/${bundle.version}`;
  const paths = [serverPaths.configuration, serverPaths.library, version, `${version}/scripts`];
  return paths.map((path) => ({ path, mode: '0755', owner: 'root:root' }));
}

function folders(name: string, group: string): WantedDirectory[] {
  const places = placesOf(name);
  return [places.configuration, places.certificates].map((path) => ({
    path,
    mode: '0750',
    owner: `root:${group}`,
  }));
}

function commonFiles({ site, bundle }: WantedInputs): WantedFile[] {
  const program: WantedFile[] = bundle.files.map((file) => ({
    path: `${serverPaths.library}/${bundle.version}/${file.path}`,
    mode: file.mode,
    owner: 'root:root',
    source: { kind: 'file', file: file.file },
    sha256: file.sha256,
    restarts: [],
    isUnit: false,
  }));
  const { currentLink } = serverPaths;
  const command = `#!/bin/sh\nexec ${currentLink}/node ${currentLink}/ixha.cjs "$@"\n`;
  return [
    textFile(serverPaths.siteMark, `${site.id}\n`, '0644'),
    ...program,
    textFile(serverPaths.command, command, '0755'),
  ];
}

function memberFiles(inputs: WantedInputs, cluster: Cluster, server: string): WantedFile[] {
  const places = placesOf(cluster.id);
  const { agent, guards } = unitsOf(cluster.id);
  const config = memberConfig(inputs.site, cluster.id, server, {
    paths: {
      state: places.state,
      run: places.run,
      certificates: places.certificates,
      scripts: `${serverPaths.currentLink}/scripts`,
      enginePasswordFile: places.enginePassword,
    },
  });
  const member = cluster.members.find((candidate) => candidate.server === server)!;
  const environment = `D_MS=${killMsOf(cluster)}\nENGINE_UNIT=${member.engine.service.unit}\n`;
  return [
    textFile(`${places.certificates}/authority.pem`, inputs.authorityPem, '0644', { restarts: [agent] }),
    textFile(places.config, json(config), '0640', { restarts: [agent] }),
    textFile(places.enginePassword, `${inputs.enginePassword}\n`, '0600', { restarts: [agent] }),
    textFile(places.guardEnvironment, environment, '0644', { restarts: guards }),
  ];
}

function memberUnits({ bundle }: WantedInputs, clusters: readonly string[]): WantedFile[] {
  const unit = (name: string, text: string, restarts: readonly string[]) =>
    textFile(`${serverPaths.units}/${name}`, text, '0644', { restarts, isUnit: true });
  const guards = clusters.map((cluster) => unitsOf(cluster).guards);
  return [
    unit(
      'ixha-agent@.service',
      agentUnit(bundle.templates),
      clusters.map((cluster) => unitsOf(cluster).agent),
    ),
    unit(
      'ixha-guard-1@.service',
      guardUnit(bundle.templates, 1),
      guards.map(([first]) => first),
    ),
    unit(
      'ixha-guard-2@.service',
      guardUnit(bundle.templates, 2),
      guards.map(([, second]) => second),
    ),
  ];
}

function gateFile({ bundle }: WantedInputs, cluster: Cluster, member: Member): WantedFile {
  const { unit } = member.engine.service;
  const text = gateDropIn(bundle.templates, cluster.id, killMsOf(cluster));
  return textFile(gatePath(unit), text, '0644', { isUnit: true });
}

function witnessFiles({ site, bundle, authorityPem }: WantedInputs): WantedFile[] {
  const { certificates, state } = placesOf('witness');
  const restarts = [witnessUnit];
  return [
    textFile(`${certificates}/authority.pem`, authorityPem, '0644', { restarts }),
    textFile(witnessConfigPath, json(witnessConfig(site, { state, certificates })), '0640', {
      restarts,
      group: witnessUser,
    }),
    textFile(`${serverPaths.units}/${witnessUnit}`, witnessUnitText(bundle.templates), '0644', {
      restarts,
      isUnit: true,
    }),
  ];
}

function haproxyFile(site: SiteDocument): WantedFile {
  return textFile(serverPaths.haproxy, haproxyConfig(site), '0644');
}

function memberEnrolment(site: string, cluster: string, server: string): WantedEnrolment {
  return {
    identity: { kind: 'member', site, cluster, server },
    directory: placesOf(cluster).certificates,
    group: 'root',
    restarts: [unitsOf(cluster).agent],
  };
}

function witnessEnrolment(site: string, server: string): WantedEnrolment {
  return {
    identity: { kind: 'witness', site, server },
    directory: placesOf('witness').certificates,
    group: witnessUser,
    restarts: [witnessUnit],
  };
}

interface TextOptions {
  readonly restarts?: readonly string[];
  readonly isUnit?: boolean;
  readonly group?: string;
}

function textFile(path: string, text: string, mode: string, options: TextOptions = {}): WantedFile {
  return {
    path,
    mode,
    owner: `root:${options.group ?? 'root'}`,
    source: { kind: 'content', content: text },
    sha256: createHash('sha256').update(text).digest('hex'),
    restarts: options.restarts ?? [],
    isUnit: options.isUnit ?? false,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
