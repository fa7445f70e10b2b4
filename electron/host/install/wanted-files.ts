import { createHash } from 'node:crypto';
import { storageDirectory } from '../../../shared/site/directory-rules.ts';
import { memberConfig, witnessConfig, type MemberConfig } from '../../../shared/site/member-config.ts';
import type { EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import type { Cluster, Member, SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming } from '../../../shared/site/site-rules.ts';
import { haproxyConfig } from '../../../shared/balancer/haproxy-config.ts';
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

export interface WantedInputs {
  readonly site: SiteDocument;
  readonly bundle: Bundle;
  readonly authorityPem: string;
  readonly enginePassword: string;
  /** Absent: a witness keeps the leases, or only paths matter. */
  readonly etcd?: EtcdSecrets | undefined;
  /** Its members take over the engines that run already. */
  readonly arming?: boolean;
}

/** D of a cluster in whole milliseconds: what a kill may take. */
export function killMsOf(cluster: Cluster): number {
  return Math.round(clusterTiming(cluster).D * 1000);
}

export function commonFiles({ site, bundle }: WantedInputs): WantedFile[] {
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

export function memberFiles(inputs: WantedInputs, cluster: Cluster, server: string): WantedFile[] {
  const places = placesOf(cluster.id);
  const { agent, guards } = unitsOf(cluster.id);
  const config = installedConfig(inputs, cluster.id, server);
  const member = cluster.members.find((candidate) => candidate.server === server)!;
  const environment = `D_MS=${killMsOf(cluster)}\nENGINE_UNIT=${member.engine.service.unit}\n`;
  return [
    textFile(`${places.certificates}/authority.pem`, inputs.authorityPem, '0644', { restarts: [agent] }),
    textFile(places.config, json(config), '0640', { restarts: [agent] }),
    textFile(places.enginePassword, `${inputs.enginePassword}\n`, '0600', { restarts: [agent] }),
    textFile(places.guardEnvironment, environment, '0644', { restarts: guards }),
    ...etcdFiles(inputs, places.etcd, [agent]),
    ...copyFiles(inputs.site, cluster, server),
  ];
}

/** The configuration of one member as it is installed. */
function installedConfig(
  { site, arming = false }: Pick<WantedInputs, 'site' | 'arming'>,
  cluster: string,
  server: string,
): MemberConfig {
  const places = placesOf(cluster);
  return memberConfig(site, cluster, server, {
    paths: {
      state: places.state,
      run: places.run,
      certificates: places.certificates,
      scripts: `${serverPaths.currentLink}/scripts`,
      enginePasswordFile: places.enginePassword,
    },
    ...etcdPaths(site, places.etcd),
    copyKeys: places.copy,
    arming,
  });
}

/** The lease store of one member as it is installed. */
export function wantedMemberStore(
  site: SiteDocument,
  cluster: string,
  server: string,
): MemberConfig['store'] {
  return installedConfig({ site }, cluster, server).store;
}

/** What receives the copy reads from here where it goes, and from whom it comes. */
function copyFiles({ id }: SiteDocument, cluster: Cluster, server: string): WantedFile[] {
  if (cluster.storage.kind !== 'copied') return [];
  const { copy, run } = placesOf(cluster.id);
  const sender = cluster.members.find((member) => member.server !== server)!.server;
  const lines = [storageDirectory(cluster, server), id, cluster.id, server, sender, run];
  return [textFile(`${copy}/receive`, `${lines.join('\n')}\n`, '0600')];
}

function etcdPaths({ leaseStore }: SiteDocument, folder: string) {
  if (leaseStore.kind !== 'etcd') return {};
  const password = leaseStore.user === undefined ? {} : { passwordFile: `${folder}/password` };
  return { etcd: { certificates: folder, ...password } };
}

/** Whoever has these files can write leases: root alone reads them. */
function etcdFiles({ site, etcd }: WantedInputs, folder: string, restarts: readonly string[]): WantedFile[] {
  const { leaseStore } = site;
  if (leaseStore.kind !== 'etcd') return [];
  const file = (name: string, text = '') => textFile(`${folder}/${name}`, text, '0600', { restarts });
  return [
    file('authority.pem', etcd?.authorityPem),
    file('certificate.pem', etcd?.certificatePem),
    file('key.pem', etcd?.keyPem),
    ...(leaseStore.user === undefined ? [] : [file('password', `${etcd?.password ?? ''}\n`)]),
  ];
}

/** Only what tells a member's agent what it is and in which mode it works. */
export function memberConfigFile(inputs: WantedInputs, cluster: Cluster, server: string): WantedFile {
  const { config } = placesOf(cluster.id);
  return memberFiles(inputs, cluster, server).find(({ path }) => path === config)!;
}

export function memberUnits({ bundle }: WantedInputs, clusters: readonly string[]): WantedFile[] {
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

export function gateFile({ bundle }: WantedInputs, cluster: Cluster, member: Member): WantedFile {
  const { unit } = member.engine.service;
  const text = gateDropIn(bundle.templates, cluster.id, killMsOf(cluster));
  return textFile(gatePath(unit), text, '0644', { isUnit: true });
}

export function witnessFiles({ site, bundle, authorityPem }: WantedInputs): WantedFile[] {
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

/** What tells whether a configuration of HAProxy is the one of this site: in its comments stands the version of the site. */
export function haproxyLines(site: SiteDocument): string {
  const lines = haproxyConfig(site)
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

export function haproxyFile(site: SiteDocument): WantedFile {
  return textFile(serverPaths.haproxy, haproxyConfig(site), '0644');
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
