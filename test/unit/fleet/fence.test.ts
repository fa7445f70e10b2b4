import { describe, expect, it } from 'vitest';
import { memberFacts } from '../../../renderer/features/topology/member-facts.ts';
import { failoverSight } from '../../../shared/fleet/automatic-failover.ts';
import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { fenceOf } from '../../../shared/fleet/fence.ts';
import { clusterFindings } from '../../../shared/fleet/findings.ts';
import { matrixRows } from '../../../shared/fleet/matrix.ts';
import { siteProblems } from '../../../shared/fleet/problems.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterSight, sightOf } from './sight-of-fixture.ts';

describe('a server that must stay off until it is re-admitted', () => {
  const sight = clusterSight(fixtures['forced-alone'](), 'WK1');
  const [north, south] = sight.members;

  it('is told on that server, with who has stated it', () => {
    expect(fenceOf(sight, north!)).toMatchObject({ by: 'admin-1', mustStay: 'must stay powered off' });
    expect(fenceOf(sight, south!)).toBeNull();
    expect(memberFacts(sight, north!)[0]).toMatchObject({ name: 'Fence', text: 'must stay powered off' });
    const titles = clusterFindings(sight).map(({ title }) => title);
    expect(titles).toContain('WK1: ig-north must stay powered off until it is re-admitted');
    const row = matrixRows(sightOf(fixtures['forced-alone']())).find(({ server }) => server === 'ig-north');
    expect(row?.cells.find(({ cluster }) => cluster === 'WK1')?.detail).toBe('must stay powered off');
  });
});

describe('a member that was forced out and is back', () => {
  const sight = clusterSight(fixtures['forced-out'](), 'WK1');

  it('is one problem, with what comes first, and nobody says that automatic failover is on', () => {
    const problems = siteProblems(sightOf(fixtures['forced-out']()));
    expect(problems.map(({ title }) => title)).toEqual([
      'WK1: ig-north takes no part until it is re-admitted',
    ]);
    expect(problems[0]?.text).toContain('Re-admit ig-north.');
    expect(failoverSight(sight)).toMatchObject({ state: 'off', word: 'off' });
    expect(clusterVerdict(sight).kind).toBe('cannot');
  });
});
