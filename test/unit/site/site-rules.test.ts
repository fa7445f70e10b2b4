import { describe, expect, it } from 'vitest';
import {
  identityOfSubjectAltName,
  identityUri,
  parseIdentityUri,
  type Identity,
} from '../../../shared/site/identity.ts';
import { memberConfig, witnessConfig } from '../../../shared/site/member-config.ts';
import { SiteDocument, Storage, type Cluster } from '../../../shared/site/site-document.ts';
import { memberPorts, siteRefusals } from '../../../shared/site/site-rules.ts';

const cluster = (id: string, index: number, preferred: 'north' | 'south'): Cluster => ({
  id,
  title: id,
  index,
  timing: 'fast',
  storage: { kind: 'shared', directory: `/srv/${id}`, mustBeMount: true },
  listeners: [{ name: 'ADT', port: 6660 + index, frontendPort: 7660 + index }],
  pollers: [],
  members: ['north', 'south'].map((server) => ({
    server,
    preferred: server === preferred,
    engine: {
      service: { kind: 'systemd', unit: `iguanax-${id}.service` },
      apiPort: 7654 - index,
      apiUser: 'ha',
      workingDirectory: `/srv/${id}`,
    },
  })),
  localRestarts: 2,
});
const site: SiteDocument = {
  schema: 1,
  id: 'hospital',
  name: 'Hospital',
  version: 1,
  servers: ['north', 'south', 'wit'].map((id, at) => ({
    id,
    name: `ig-${id}`,
    address: `10.77.0.${11 + at}`,
  })),
  clusters: [cluster('WK1', 0, 'north'), cluster('WK2', 1, 'south')],
  leaseStore: { kind: 'witness', server: 'wit', port: 7660 },
  loadBalancer: { kind: 'demo', address: '127.0.0.1' },
};
const change = (edit: (copy: SiteDocument) => void) => {
  const copy = structuredClone(site);
  edit(copy);
  return siteRefusals(copy).join('\n');
};

describe('site document', () => {
  it('accepts two clusters crossed over two servers', () => {
    expect(SiteDocument.safeParse(site).success).toBe(true);
    expect(siteRefusals(site)).toEqual([]);
  });

  it('has the agents mount what must be a mount of its own only, and never a copied directory', () => {
    const storage = { directory: '/srv/WK1', mount: { by: 'agent' } } as const;
    const mounted = (mustBeMount: boolean) =>
      change(({ clusters }) => {
        clusters[0]!.storage = { kind: 'shared', mustBeMount, ...storage };
      });
    expect(mounted(true)).toBe('');
    expect(mounted(false)).toBe(
      'WK1: the agents mount /srv/WK1, so it must be a mount of its own (mustBeMount)',
    );
    expect(Storage.safeParse({ kind: 'copied', mustBeMount: true, ...storage }).success).toBe(false);
    expect(Storage.safeParse({ kind: 'shared', mustBeMount: true, ...storage }).success).toBe(true);
  });

  it('has no program that cuts off a storage within a storage', () => {
    const cut = (program: string) =>
      change(({ clusters }) => {
        clusters[0]!.storage = { kind: 'shared', directory: '/srv/WK1', mustBeMount: true, cut: { program } };
      });
    expect(cut('/usr/local/sbin/cut')).toBe('');
    expect(cut('/srv/WK2/cut')).toBe('WK1: /srv/WK2/cut must lie elsewhere than in the storage /srv/WK2');
  });

  it.each([
    [
      'one directory for two clusters',
      (s: SiteDocument) => (s.clusters[1]!.storage.directory = '/srv/WK1/'),
      'shared directory /srv/WK1 is used twice: by WK1 and WK2',
    ],
    [
      'one directory inside another',
      (s: SiteDocument) => (s.clusters[1]!.storage.directory = '/srv/../srv//WK1/./two/'),
      'shared directory /srv/WK1/two of WK2 lies in /srv/WK1 of WK1; each cluster needs a directory of its own',
    ],
    [
      'a copied directory inside a shared one',
      (s: SiteDocument) =>
        (s.clusters[0]!.storage = { kind: 'copied', directory: '/srv', mustBeMount: false }),
      ['north', 'south']
        .map(
          (server) =>
            `storage directory /srv/WK2 of WK2 lies in /srv of WK1 on ${server}; each cluster needs a directory of its own`,
        )
        .join('\n'),
    ],
    [
      'an engine at work in the storage of another cluster',
      (s: SiteDocument) => (s.clusters[1]!.members[0]!.engine.workingDirectory = '/srv/WK1/engine'),
      'working directory /srv/WK1/engine of the engine of WK2 lies in the storage /srv/WK1 of WK1 on north',
    ],
    [
      'one index for two clusters',
      (s: SiteDocument) => (s.clusters[1]!.index = 0),
      'cluster index 0 is used twice',
    ],
    [
      'one server twice under a cluster',
      (s: SiteDocument) => (s.clusters[0]!.members[1]!.server = 'north'),
      'member of WK1 north is used twice',
    ],
    [
      'one port twice on a server',
      (s: SiteDocument) => (s.clusters[1]!.members[0]!.engine.apiPort = 7670),
      'port of a member 10.77.0.11 port 7670 is used twice',
    ],
    [
      'one engine for two clusters',
      (s: SiteDocument) =>
        (s.clusters[1]!.members[0]!.engine.service = s.clusters[0]!.members[0]!.engine.service),
      'engine service north iguanax-WK1.service is used twice',
    ],
    [
      'one working directory for two engines of a server',
      (s: SiteDocument) => (s.clusters[1]!.members[1]!.engine.workingDirectory = '/srv/WK1/'),
      'working directory of an engine south /srv/WK1 is used twice',
    ],
    [
      'one machine under two names',
      (s: SiteDocument) => (s.servers[2]!.address = s.servers[0]!.address),
      'server address 10.77.0.11 is used twice: by ig-north and ig-wit',
    ],
    [
      'one name for two servers',
      (s: SiteDocument) => (s.servers[1]!.name = 'ig-north'),
      'server name ig-north is used twice',
    ],
    [
      'a balancer port twice',
      (s: SiteDocument) => (s.clusters[1]!.listeners[0]!.frontendPort = 7660),
      'balancer port 7660 is used twice',
    ],
    [
      'a balancer without an address for a cluster',
      (s: SiteDocument) => (s.loadBalancer = { kind: 'f5', addresses: { WK1: '10.77.0.99' } }),
      'the address that the senders of WK2 know is missing',
    ],
    [
      'an address of senders that belongs to a member',
      (s: SiteDocument) =>
        (s.loadBalancer = { kind: 'f5', addresses: { WK1: '10.77.0.11', WK2: '10.77.0.99' } }),
      '10.77.0.11 of WK1 is the address of north',
    ],
    [
      'an address for a cluster that is none',
      (s: SiteDocument) =>
        (s.loadBalancer = {
          kind: 'nginx',
          addresses: { WK1: '10.77.0.98', WK2: '10.77.0.99', WK9: '10.77.0.97' },
        }),
      'WK9 has an address, but is no cluster of the site',
    ],
    [
      'one virtual address for two clusters',
      (s: SiteDocument) =>
        (s.loadBalancer = { kind: 'keepalived', addresses: { WK1: '10.77.0.99', WK2: '10.77.0.99' } }),
      'virtual address 10.77.0.99 is used twice',
    ],
    [
      'other ports for senders where nobody translates them',
      (s: SiteDocument) =>
        (s.loadBalancer = { kind: 'keepalived', addresses: { WK1: '10.77.0.98', WK2: '10.77.0.99' } }),
      'WK1: keepalived moves an address and translates no ports, and ADT has another port on north than 7660',
    ],
    [
      'the lease store on a member',
      (s: SiteDocument) => (s.leaseStore = { kind: 'witness', server: 'north', port: 7660 }),
      'must be a third machine',
    ],
    [
      'two preferred members',
      (s: SiteDocument) => (s.clusters[0]!.members[1]!.preferred = true),
      'more than one member is preferred',
    ],
    [
      'a server that is not listed',
      (s: SiteDocument) => (s.clusters[0]!.members[1]!.server = 'east'),
      'server east is named but not listed',
    ],
    [
      'unsafe timing',
      (s: SiteDocument) =>
        (s.clusters[0]!.timing = { T: 3, H: 1, O: 1, K: 1, D: 0.4, emergencyStop: 'kill' }),
      'timing breaks max(H, O)',
    ],
  ])('refuses %s', (_what, edit, words) => {
    expect(change(edit)).toContain(words);
  });

  it.each(['../etc', 'a b', '', '-x', 'ä'])('does not accept %j as a name that becomes a path', (id) => {
    expect(SiteDocument.safeParse({ ...site, id }).success).toBe(false);
  });

  it('does not accept a name look-up where an address is needed', () => {
    const copy = structuredClone(site);
    copy.servers[0]!.address = 'ig-north.example';
    expect(SiteDocument.safeParse(copy).success).toBe(false);
  });

  it('gives each cluster its own ports by index, unless a member overrides them', () => {
    expect(memberPorts(site.clusters[1]!, site.clusters[1]!.members[0]!)).toEqual({
      api: 7680,
      active: 7681,
      listeners: { ADT: 6661 },
    });
  });
});

describe('member configuration', () => {
  const paths = { state: '/s', run: '/r', certificates: '/c', scripts: '/x', enginePasswordFile: '/p' };

  it('is cut out of the site for one member, with its peer and its store', () => {
    const config = memberConfig(site, 'WK1', 'south', { paths });
    expect(config.peer).toMatchObject({ server: 'north', address: '10.77.0.11', port: 7670 });
    expect(config.store).toEqual({ server: 'wit', address: '10.77.0.13', port: 7660 });
    expect([config.preferred, config.timing.T]).toEqual([false, 4]);
  });

  it('goes through a route where one is given', () => {
    const routes = { 'wit:7660': { address: '127.0.0.1', port: 9 } };
    expect(memberConfig(site, 'WK1', 'south', { paths, routes }).store).toEqual({
      server: 'wit',
      address: '127.0.0.1',
      port: 9,
    });
  });

  it('tells the witness its clusters and who may ask for them', () => {
    expect(witnessConfig(site, { state: '/s', certificates: '/c' }).clusters).toEqual([
      { id: 'WK1', T: 4, members: ['north', 'south'] },
      { id: 'WK2', T: 4, members: ['north', 'south'] },
    ]);
  });

  it('does not exist for a server that is not a member', () => {
    expect(() => memberConfig(site, 'WK1', 'wit', { paths })).toThrow('no member WK1 on wit');
  });
});

describe('identity', () => {
  const identities: Identity[] = [
    { kind: 'member', site: 's', cluster: 'WK1', server: 'north' },
    { kind: 'witness', site: 's', server: 'wit' },
    { kind: 'console', site: 's', role: 'operator', name: 'admin-1' },
  ];
  it.each(identities)('survives its own URI: %j', (identity) => {
    expect(parseIdentityUri(identityUri(identity))).toEqual(identity);
  });

  it.each([
    'ixha://s/member/WK1',
    'ixha://s/member/WK1/a/b',
    'ixha://s/console/root/x',
    'http://s/witness/w',
    'ixha://s/witness/..',
  ])('does not read %s', (uri) => {
    expect(parseIdentityUri(uri)).toBeUndefined();
  });

  it('does not choose between two identities in one certificate', () => {
    expect(identityOfSubjectAltName('URI:ixha://s/witness/a, URI:ixha://s/witness/b')).toBeUndefined();
    expect(identityOfSubjectAltName('DNS:a, URI:ixha://s/witness/a')).toMatchObject({ server: 'a' });
    expect(identityOfSubjectAltName(undefined)).toBeUndefined();
  });
});
