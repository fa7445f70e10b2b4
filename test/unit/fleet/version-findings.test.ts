import { describe, expect, it } from 'vitest';
import { siteProblems } from '../../../shared/fleet/problems.ts';
import { versionWords } from '../../../shared/fleet/version-findings.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { lostFor } from '../../screens/site-fixture.ts';
import { sightOf } from './sight-of-fixture.ts';

/** A healthy site whose agents on these servers still run 0.0.9. */
function halfUpgraded(older: readonly string[]) {
  const snapshot = fixtures.healthy();
  const { clusters, witness } = snapshot.site!;
  for (const { server, snapshot: said } of [...clusters.flatMap(({ members }) => members), witness!]) {
    said!.productVersion = older.includes(server) ? '0.0.9' : '0.1.0';
  }
  return snapshot;
}

/** Goal: an upgrade that was left half-way is seen. Method: a healthy site with two versions on it. */
describe('versions that differ', () => {
  it('are one problem of the site, and no danger', () => {
    const [first, ...others] = siteProblems(sightOf(halfUpgraded(['ig-north'])));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ severity: 'warn', clusters: ['WK1', 'WK2'] });
    expect(first?.title).toBe(
      'Agents run different versions: 0.0.9 on ig-north, 0.1.0 on ig-south and ig-witness',
    );
    expect(first?.text).toContain('npm run site -- upgrade');
  });

  it('are told of the lease store too', () => {
    const problems = siteProblems(sightOf(halfUpgraded(['ig-north', 'ig-south'])));
    expect(problems.map(({ title }) => title)).toEqual([
      'Agents run different versions: 0.0.9 on ig-north and ig-south, 0.1.0 on ig-witness',
    ]);
  });

  it('are not judged of an agent that does not answer', () => {
    const snapshot = halfUpgraded(['ig-witness']);
    snapshot.site!.witness!.link = lostFor(60_000);
    const titles = siteProblems(sightOf(snapshot)).map(({ title }) => title);
    expect(titles.filter((title) => title.includes('versions'))).toEqual([]);
  });

  it('name each server once', () => {
    const agent = (name: string, productVersion: string) => ({ name, productVersion });
    expect(versionWords([agent('a', '1.0.0'), agent('a', '1.0.0')])).toBeNull();
    expect(versionWords([agent('b', '1.0.0'), agent('a', '2.0.0'), agent('b', '1.0.0')])?.title).toBe(
      'Agents run different versions: 2.0.0 on a, 1.0.0 on b',
    );
  });
});
