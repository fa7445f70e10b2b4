import { describe, expect, it } from 'vitest';
import { isOlder, productVersionOf } from '../../../shared/upgrade/program-version.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterOrder, serverOrder } from '../../../shared/upgrade/upgrade-order.ts';
import { sampleSite } from '../host/samples.ts';

/** Goal: a version that does not work meets a Passive first. Method: sample sites, who is Active where. */
describe('the order of an upgrade', () => {
  const site = sampleSite();
  const at = (wk1: string, wk2: string) => new Map([['WK1', wk1], ['WK2', wk2]]); // prettier-ignore

  it('begins with the lease store, then the server that is Active for the fewest clusters', () => {
    expect(serverOrder(site, at('north', 'north'))).toEqual(['third', 'south', 'north']);
    expect(serverOrder(site, at('south', 'south'))).toEqual(['third', 'north', 'south']);
    expect(serverOrder(site, at('north', 'south'))).toEqual(['third', 'north', 'south']);
  });

  it('names a server once that runs the lease store and engines', () => {
    const together = { ...site, leaseStore: { ...site.leaseStore, server: 'south' } };
    expect(serverOrder(together, at('north', 'south'))).toEqual(['south', 'north']);
  });

  it('has members only where an etcd keeps the leases', () => {
    const endpoints = [{ address: '192.0.2.21', port: 2379 }];
    const etcd: SiteDocument = {
      ...site,
      leaseStore: { kind: 'etcd', endpoints, prefix: '/ixha/test-site' },
    };
    expect(serverOrder(etcd, at('north', 'south'))).toEqual(['north', 'south']);
  });

  it('restarts on each server the agents first that it is Passive for', () => {
    expect(clusterOrder(site, 'north', at('north', 'south'))).toEqual(['WK2', 'WK1']);
    expect(clusterOrder(site, 'south', at('north', 'south'))).toEqual(['WK1', 'WK2']);
    expect(clusterOrder(site, 'third', at('north', 'south'))).toEqual([]);
  });
});

describe('versions of the program', () => {
  it('are read from the name of a folder', () => {
    expect(productVersionOf('0.1.0-3f2a9c')).toBe('0.1.0');
    expect(productVersionOf('current')).toBeNull();
  });

  it.each([
    ['0.1.0-a', '0.2.0-b', true],
    ['0.9.0', '0.10.0', true],
    ['1.0.0', '0.9.9', false],
    ['0.1.0-a', '0.1.0-b', false],
    ['nonsense', '0.1.0', false],
  ])('%s is older than %s: %s', (one, other, older) => expect(isOlder(one, other)).toBe(older));
});
