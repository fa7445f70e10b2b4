import { chownSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { makeEtcdCertificates } from '../../integration/etcd/etcd-certificates.ts';
import { EtcdClient } from '../../integration/etcd/etcd-client.ts';
import { until } from '../hosts/command.ts';
import { address, type HostName, type LabLayout } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import { labSite, siteId } from './lab-site.ts';
import { place } from './provision.ts';

/** The hosts of the lab's etcd of three: none of them carries a member of a cluster. */
export const etcdHosts = ['wit', 'nas', 'lb'] as const satisfies readonly HostName[];
export const etcdUnit = 'etcd.service';
/** Name and password of the etcd's user; the password is the lab's own and opens nothing else. */
export const etcdUser = { name: 'ixha', password: 'lab-only-etcd-password' } as const;

const ports = { client: 2379, peer: 2380 } as const;
const prefix = `/ixha/${siteId}`;

/** Where an etcd of the lab runs, and whether it asks for name and password beside the certificate. */
export interface LabEtcd {
  readonly hosts: readonly HostName[];
  readonly users: boolean;
}
export const etcdOfThree: LabEtcd = { hosts: etcdHosts, users: true };
/** The smallest: one member, and whoever has a certificate may do everything. */
export const etcdOfOne: LabEtcd = { hosts: ['nas'], users: false };

/** The lab's site with its leases in that etcd: nothing of the product is on a third machine. */
export function etcdSite(lab: LabLayout, { hosts, users } = etcdOfThree): SiteDocument {
  const site = labSite(lab);
  const user = users ? { user: etcdUser.name } : {};
  return SiteDocument.parse({
    ...site,
    servers: site.servers.filter(({ id }) => id !== 'wit'),
    leaseStore: { kind: 'etcd', endpoints: endpoints(lab, hosts), prefix, ...user },
  });
}

/** What the site file says of signing in to it: paths on the outer machine. */
export function etcdAccess(lab: LabLayout, user: string | undefined) {
  const of = (name: string) => join(folder(lab), name);
  return {
    authorityFile: of('authority.pem'),
    certificateFile: of('certificate.pem'),
    keyFile: of('key.pem'),
    ...(user !== undefined && { passwordFile: of('password') }),
  };
}

/** The host whose etcd leads now. */
export async function etcdLeader(lab: LabLayout): Promise<HostName> {
  const client = new EtcdClient(folder(lab), () => endpoints(lab, etcdHosts));
  let leader: number | undefined;
  const found = async () => (leader = await client.leader()) !== undefined;
  await until('etcd has a leader', found, { deadlineMs: 30_000, everyMs: 200 });
  return etcdHosts[leader!]!;
}

/**
 * Starts an etcd as its own administrators would before the product comes: mutual TLS, perhaps users, data on the
 * disk that loses at a power cut what was not synced.
 */
export async function startEtcd(lab: LabLayout, { hosts, users } = etcdOfThree): Promise<void> {
  rmSync(folder(lab), { recursive: true, force: true });
  makeEtcdCertificates(
    folder(lab),
    hosts.map((host) => address(lab, host)),
  );
  writeFileSync(join(folder(lab), 'password'), `${etcdUser.password}\n`, { mode: 0o600 });
  for (const host of hosts) {
    const account = await onHost(lab, host, 'install -d -o etcd -m 700 /data/etcd; id -u etcd');
    for (const name of ['authority.pem', 'server.pem', 'server-key.pem']) {
      const file = place(lab, host, `/etc/etcd/${name}`);
      copyFileSync(join(folder(lab), name), file);
      chownSync(file, Number(account), 0);
    }
    writeFileSync(place(lab, host, '/etc/default/etcd'), settings(lab, host, hosts));
    await onHost(lab, host, `systemctl enable --quiet ${etcdUnit}; systemctl start --no-block ${etcdUnit}`);
  }
  const client = new EtcdClient(folder(lab), () => endpoints(lab, hosts));
  await until('etcd answers', () => client.answers(), { deadlineMs: 60_000, everyMs: 500 });
  if (users) await client.addUsers(prefix, etcdUser.password);
}

/** Ends it and takes its data away: the hosts can carry another one. */
export async function endEtcd(lab: LabLayout, { hosts }: LabEtcd): Promise<void> {
  for (const host of hosts)
    await onHost(lab, host, `systemctl disable --quiet --now ${etcdUnit}; rm -r /data/etcd`);
}

function settings(lab: LabLayout, host: HostName, hosts: readonly HostName[]): string {
  const url = (place: HostName, scheme: string, port: number) => `${scheme}://${address(lab, place)}:${port}`;
  const settings = {
    ETCD_NAME: host,
    ETCD_DATA_DIR: '/data/etcd',
    ETCD_LISTEN_CLIENT_URLS: url(host, 'https', ports.client),
    ETCD_ADVERTISE_CLIENT_URLS: url(host, 'https', ports.client),
    ETCD_LISTEN_PEER_URLS: url(host, 'http', ports.peer),
    ETCD_INITIAL_ADVERTISE_PEER_URLS: url(host, 'http', ports.peer),
    ETCD_INITIAL_CLUSTER: hosts.map((one) => `${one}=${url(one, 'http', ports.peer)}`).join(','),
    ETCD_CERT_FILE: '/etc/etcd/server.pem',
    ETCD_KEY_FILE: '/etc/etcd/server-key.pem',
    ETCD_TRUSTED_CA_FILE: '/etc/etcd/authority.pem',
    ETCD_CLIENT_CERT_AUTH: 'true',
    ETCD_AUTO_COMPACTION_RETENTION: '1',
    ETCD_QUOTA_BACKEND_BYTES: '16777216',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function endpoints(lab: LabLayout, hosts: readonly HostName[]) {
  return hosts.map((host) => ({ address: address(lab, host), port: ports.client }));
}

function folder(lab: LabLayout): string {
  return join(lab.hosts, 'etcd');
}
