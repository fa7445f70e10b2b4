import { describe, expect, it } from 'vitest';
import { factsCommand } from '../../../electron/host/install/facts-script.ts';
import type { ServerFacts, ShareFacts } from '../../../shared/preflight/server-facts.ts';
import { storageChecks } from '../../../shared/preflight/storage-checks.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { freshFacts, sampleSite, sampleWanted } from '../host/install/install-samples.ts';

const document = SiteDocument.parse({
  ...sampleSite(),
  clusters: sampleSite().clusters.map((cluster) => ({
    ...cluster,
    storage: { kind: 'copied', directory: `/srv/${cluster.id}`, mustBeMount: false },
  })),
});
const [cluster] = document.clusters;
const wanted = sampleWanted(cluster!.members[0]!.server, undefined, document);
const [engine] = wanted.engines;
const { directory, copied } = engine!.storage;
const share: ShareFacts = {
  answered: true,
  isDirectory: true,
  isMount: false,
  mark: undefined,
  generation: 0,
  mount: { kind: 'ext4', source: '/dev/sda1', options: ['rw'] },
  freeMb: 50_000,
  sizeMb: 100,
};
const programs = ['rsync', 'ssh', 'ssh-keygen', 'flock', 'xargs', 'awk', 'setsid'];
const way = `${copied!.peer.address} 22`;

function unwell(change: Partial<ServerFacts> = {}, of: Partial<ShareFacts> = {}): string[] {
  const facts: ServerFacts = {
    ...freshFacts(wanted),
    programs,
    ways: new Set([way]),
    shares: new Map([[directory, { ...share, ...of }]]),
    ...change,
  };
  return storageChecks(facts, 'ig-north', engine!)
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ id, verdict }) => `${verdict} ${id}`);
}

describe('the storage of a cluster whose directory is copied', () => {
  const always = 'warning copy-loss';

  it('says that no loss is not guaranteed, also where everything fits', () => {
    expect(unwell()).toEqual([always]);
  });

  it.each([
    ['no rsync', unwell({ programs: programs.slice(1) }), 'failed copy-programs'],
    ['no way to the other server', unwell({ ways: new Set() }), 'failed copy-way'],
    [
      'a read-only disk',
      unwell({}, { mount: { ...share.mount!, options: ['ro'] } }),
      'failed storage-options',
    ],
    ['no room for two copies', unwell({}, { sizeMb: 30_000 }), 'warning storage-space'],
  ])('tells of %s', (_what, found, expected) => {
    expect(found).toContain(expected);
    expect(found).toHaveLength(2);
  });

  it('does not know whether there is room where nobody could tell how much lies there', () => {
    const { sizeMb: _, ...unmeasured } = share;
    const shares = new Map([[directory, unmeasured]]);
    expect(unwell({ shares })).toEqual(['unknown storage-space', always]);
  });

  it('is looked at with its size, and with the way to the other server', () => {
    const words = factsCommand(wanted);
    expect(words.at(-2)?.split('\n')).toContain(way);
    expect(words.at(-1)?.split('\n')).toContain(directory);
  });
});
