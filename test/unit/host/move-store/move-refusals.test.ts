import { describe, expect, it } from 'vitest';
import { moveRefusals, storeName } from '../../../../electron/host/move-store/move-refusals.ts';
import { planLines } from '../../../../electron/host/move-store/move-store.ts';
import type { SiteDocument } from '../../../../shared/site/site-document.ts';
import { sampleSite } from '../samples.ts';

/** The sample site with its witness on a server of its own. */
function movedSite(): SiteDocument {
  const site = sampleSite();
  return {
    ...site,
    version: 2,
    servers: [...site.servers, { id: 'fourth', name: 'ig-fourth', address: '127.0.0.4' }],
    leaseStore: { kind: 'witness', server: 'fourth', port: 7660 },
  };
}

describe('a site file for a move of the lease store', () => {
  it('names another lease store, and is otherwise the installed one', () => {
    expect(moveRefusals(sampleSite(), movedSite())).toEqual([]);
    expect(moveRefusals(movedSite(), sampleSite())).toEqual([]);
  });

  it('is refused when it names the store of now, or the same server', () => {
    expect(moveRefusals(sampleSite(), sampleSite())).toEqual(['The site file names the lease store of now']);
    const port: SiteDocument = {
      ...sampleSite(),
      leaseStore: { kind: 'witness', server: 'third', port: 7700 },
    };
    expect(moveRefusals(sampleSite(), port)).toEqual([
      'The witness would stay on third: a move leads to another server',
    ]);
  });

  it('is refused when it changes anything else, which is named', () => {
    const site = movedSite();
    const renamed = site.servers.map((server) =>
      server.id === 'north' ? { ...server, address: '127.0.0.9' } : server,
    );
    const clusters = site.clusters.map((cluster) => ({ ...cluster, localRestarts: 5 }));
    const [refusal] = moveRefusals(sampleSite(), { ...site, servers: renamed, clusters });
    expect(refusal).toContain('changes the clusters, the servers of its members');
  });

  it('may drop the server of the witness of before, unless it does something else', () => {
    const own = { ...movedSite(), loadBalancer: { kind: 'generic', addresses: {} } } as SiteDocument;
    const before = { ...sampleSite(), loadBalancer: own.loadBalancer };
    const without = { ...own, servers: own.servers.filter(({ id }) => id !== 'third') };
    expect(moveRefusals(before, without)).toEqual([]);
    const balancer = { ...movedSite(), servers: without.servers };
    expect(moveRefusals(sampleSite(), balancer)).not.toEqual([]);
  });
});

describe('the plan of a move', () => {
  it('says what changes on each server, and for how long nobody takes over by itself', () => {
    const lines = planLines(sampleSite(), movedSite());
    expect(lines[0]).toContain(storeName(movedSite()));
    expect(lines).toContain('fourth: the witness is installed');
    expect(lines).toContain('south: the agent of WK2 gets another configuration and is restarted');
    expect(lines.at(-1)).toBe('third: the witness is removed at the end');
    expect(lines.join('\n')).toContain('until 4.3 s after the first record in the witness on ig-fourth');
  });
});
