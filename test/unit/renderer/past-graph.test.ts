import { describe, expect, it } from 'vitest';
import { partsThen, pathsThen } from '../../../renderer/features/timeline/past-graph.ts';
import { siteThen } from '../../../shared/history/site-then.ts';
import { failbackJournal, failoverJournal, written } from '../history/journals.ts';

const name = (server: string) => server;

/** WK1 so many milliseconds after the beginning of the journals. */
function then(atMs: number) {
  const records = [
    written('ig-north', 10, 'role', 'ig-north is Active with epoch 1.', { verdict: 'active', epoch: 1 }),
    ...failoverJournal(),
    written('ig-south', 27_300, 'role', 'ig-south is Active with epoch 2.', { verdict: 'active' }),
    ...failbackJournal(),
  ];
  const at = new Date(Date.parse('2026-03-14T04:31:00.000Z') + atMs).toISOString();
  return siteThen(records, at, [
    { cluster: 'WK1', server: 'ig-north' },
    { cluster: 'WK1', server: 'ig-south' },
  ]).clusters[0]!;
}

const styles = (atMs: number) =>
  Object.fromEntries(pathsThen(then(atMs), 'split').map(({ id, style }) => [id, style]));

describe('the topology of an instant', () => {
  it('draws what the journals tell of each path', () => {
    expect(styles(20_000)).toMatchObject({ beat: 'silent', 'storage ig-north': 'carries' });
    expect(styles(27_400)).toMatchObject({
      'store ig-south': 'carries',
      'storage ig-south': 'carries',
      // It died, and another one became Active with a higher epoch: whether it writes is not known.
      'storage ig-north': 'unknown',
    });
  });

  it('draws what no journal tells as not known, and never as working', () => {
    expect(new Set(Object.values(styles(1)))).toEqual(new Set(['unknown']));
    const full = pathsThen(then(27_400), 'full');
    expect(full.filter(({ kind }) => kind === 'senders' || kind === 'balancer')).toHaveLength(3);
    for (const path of full.filter(({ kind }) => kind === 'senders' || kind === 'balancer'))
      expect(path.style).toBe('unknown');
  });

  it('tells who held the lease and who used the storage', () => {
    expect(partsThen(then(27_400), name).store).toMatchObject({
      lines: ['held by ig-south, epoch 2'],
      silent: false,
    });
    expect(partsThen(then(27_400), name).storage.lines).toEqual(['used by ig-south']);
    expect(partsThen(then(1), name).store).toMatchObject({ lines: ['no holder is told'], silent: true });
  });
});
