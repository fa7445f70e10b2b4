import { describe, expect, it } from 'vitest';
import { etcdLookRefusals, type EtcdLook } from '../../../shared/site/etcd-look.ts';
import { memberConfig, MemberConfig, type MemberConfigOptions } from '../../../shared/site/member-config.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import { sampleEtcdSite } from '../host/install/install-samples.ts';

type EtcdStore = Extract<SiteDocument['leaseStore'], { kind: 'etcd' }>;

function refusals(change: (store: EtcdStore, site: SiteDocument) => void = () => undefined): string {
  const site = sampleEtcdSite();
  change(site.leaseStore as EtcdStore, site);
  return siteRefusals(site).join('\n');
}

const at = (...last: number[]) => last.map((byte) => ({ address: `192.0.2.${byte}`, port: 2379 }));

describe('an etcd as the lease store of a site', () => {
  it('may be of one, three or five, and needs no third server', () => {
    for (const endpoints of [at(21), at(21, 22, 23), at(21, 22, 23, 24, 25)])
      expect(refusals((store) => (store.endpoints = endpoints))).toBe('');
    expect(refusals((_, site) => (site.servers = site.servers.filter(({ id }) => id !== 'third')))).toBe('');
  });

  it('may have one of three members on each server: the loss of one leaves a quorum', () => {
    expect(refusals((store) => (store.endpoints = at(11, 12, 21)))).toBe('');
  });

  it.each([
    ['of two', at(21, 22), 'an etcd of 2 goes on without 0 of them, as one of 1 does'],
    ['of four', at(21, 22, 23, 24), 'an etcd of 4 goes on without 1 of them, as one of 3 does'],
    ['of seven', at(21, 22, 23, 24, 25, 26, 27), 'name 1, 3 or 5'],
    ['on a member alone', at(11), '1 of 1 etcd endpoints are on north, which is a member'],
    [
      'with a quorum on a member',
      [...at(11, 21), { address: '192.0.2.11', port: 2479 }],
      '2 of 3 etcd endpoints are on north',
    ],
    ['named twice', at(21, 21, 22), 'etcd endpoint 192.0.2.21:2379 is used twice'],
    ['on loopback', [{ address: '127.0.0.1', port: 2379 }], 'means another machine on each server'],
  ])('is refused when it is %s', (_, endpoints, why) => {
    expect(refusals((store) => (store.endpoints = endpoints))).toContain(why);
  });

  it('keeps its records below the id of the site, so that two sites never share a lease', () => {
    expect(refusals((store) => (store.prefix = '/ixha'))).toContain(
      "must end with the site's id (such as /ixha/sample)",
    );
  });

  it('is written into the configuration of a member with the paths of its files', () => {
    const site = sampleEtcdSite();
    site.clusters[0]!.failoversPerHour = 5;
    const options: MemberConfigOptions = {
      paths: { state: '/s', run: '/r', certificates: '/c', scripts: '/x', enginePasswordFile: '/p' },
      etcd: { certificates: '/e', passwordFile: '/e/password' },
    };
    const config = memberConfig(site, 'WK1', 'north', options);
    expect(MemberConfig.parse(config).store).toEqual({
      ...site.leaseStore,
      certificates: '/e',
      passwordFile: '/e/password',
      failoversPerHour: 5,
    });
  });
});

const answers = (endpoint: string, change: Partial<EtcdLook['endpoints'][number]> = {}) => ({
  ...{ endpoint, version: '3.4.23', clusterId: '7', why: null },
  ...change,
});
const silent = (endpoint: string) =>
  answers(endpoint, { version: null, clusterId: null, why: 'no answer for 10.0 s' });
const look = (endpoints: EtcdLook['endpoints'], record: EtcdLook['record'] = { kind: 'missing' }) =>
  etcdLookRefusals({ endpoints, record, seeded: false }).join('\n');

describe('what a member saw of an etcd', () => {
  it('is enough with a quorum of one version and one cluster', () => {
    expect(look([answers('a'), answers('b', { version: '3.6.1' }), silent('c')])).toBe('');
    expect(look([answers('a', { version: '4.0.0' })])).toBe('');
  });

  it('is not enough with less, and every silent endpoint is named', () => {
    expect(look([answers('a'), silent('b'), silent('c')])).toBe(
      '1 of 3 etcd endpoints answer, 2 are needed\nb: no answer for 10.0 s\nc: no answer for 10.0 s',
    );
  });

  it.each(['3.3.27', '2.3.8', null])('is refused in version %s', (version) => {
    expect(look([answers('a', { version })])).toContain('3.4 or newer is needed');
  });

  it('is refused when its endpoints are of two etcds, or its record cannot be used', () => {
    expect(look([answers('a'), answers('b', { clusterId: '8' }), silent('c')])).toContain(
      '2 different etcd clusters',
    );
    expect(look([answers('a')], { kind: 'unusable', why: 'it is a copy' })).toBe('its record: it is a copy');
  });
});
