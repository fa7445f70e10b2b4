import { describe, expect, it } from 'vitest';
import type { ServerFacts } from '../../../../shared/preflight/server-facts.ts';
import { firstEpoch, seedingErrors } from '../../../../electron/host/install/seed-store.ts';
import type { ServerWork } from '../../../../electron/host/install/server-work.ts';
import { freshFacts, sampleWanted } from './install-samples.ts';
import { MemoryServer } from './memory-server.ts';

function work(server: string, change: Partial<ServerFacts> = {}): ServerWork {
  const wanted = sampleWanted(server);
  return { wanted, connection: new MemoryServer(server, []), facts: { ...freshFacts(wanted), ...change } };
}

const ran = { memories: new Map([['WK1', { cluster: 'WK1', epoch: 7 }]]) };

describe('the first records of a lease store', () => {
  it('are made for a site that never ran', () => {
    expect(seedingErrors(['WK1', 'WK2'], [work('north'), work('south'), work('third')])).toEqual([]);
  });

  it('are refused when a member remembers that its cluster ran, because epochs could repeat', () => {
    const errors = seedingErrors(['WK1', 'WK2'], [work('north', ran), work('south'), work('third')]);
    expect(errors.map((error) => error.code)).toEqual(['site.unsafe']);
    expect(errors[0]?.details?.[0]).toBe('ig-north remembers epoch 7');
  });

  it('are not needed when the store has them', () => {
    const store = work('third', { leases: new Set(['WK1', 'WK2']) });
    expect(seedingErrors(['WK1', 'WK2'], [work('north', ran), work('south', ran), store])).toEqual([]);
  });

  it('begin with the highest epoch that any shared directory was written under', () => {
    const share = { answered: true, isDirectory: true, isMount: true, mark: undefined };
    const shares = new Map([
      ['/share/wk1', { ...share, generation: 12 }],
      ['/share/wk2', { ...share, generation: 31 }],
    ]);
    expect(firstEpoch([work('north', { shares }), work('south'), work('third')])).toBe(31);
    expect(firstEpoch([work('third')])).toBe(0);
  });
});
