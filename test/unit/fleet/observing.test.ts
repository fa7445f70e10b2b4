import { describe, expect, it } from 'vitest';
import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { siteSentence } from '../../../shared/fleet/site-sentence.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { clusterSight, sightOf } from './sight-of-fixture.ts';

describe('a cluster that is only observed', () => {
  it('is said to be so, with what speaks against arming it, and never counts as ready', () => {
    const verdict = clusterVerdict(clusterSight(fixtures.observing(), 'WK1'));
    expect(verdict).toMatchObject({ kind: 'observing', label: 'Observing', recovery: null });
    expect(isReady(verdict)).toBe(false);
    expect(verdict.detail).toContain('It cannot be armed yet. ig-south: Its storage is not proven');
    expect(verdict.findings.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'WK1 is only observed',
        expect.stringContaining('WK1 cannot be armed, ig-south'),
      ]),
    );
    expect(verdict.findings.some(({ severity }) => severity === 'danger')).toBe(false);
  });

  it('says how it goes on where nothing speaks against arming, and that arming has begun', () => {
    const snapshot = fixtures.observing();
    expect(clusterVerdict(clusterSight(snapshot, 'WK2')).detail).toContain(
      'Nothing speaks against arming it',
    );
    delete clusterOf(snapshot, 'WK2').members[1]!.snapshot!.mode;
    expect(clusterVerdict(clusterSight(snapshot, 'WK2'))).toMatchObject({
      kind: 'observing',
      label: 'Observing, arming begun',
    });
  });

  it('is a conflict all the same when its engine runs twice', () => {
    const snapshot = fixtures.observing();
    for (const { snapshot: told } of clusterOf(snapshot, 'WK1').members) told!.role.observed = 'active';
    expect(clusterVerdict(clusterSight(snapshot, 'WK1')).kind).toBe('conflict');
  });

  it('makes the sentence of the site quiet, but not fine', () => {
    const said = siteSentence(sightOf(fixtures.observing()));
    expect(said.tone).toBe('maintenance');
    expect(said.sentence).toContain('only observed, nothing is done');
  });
});
