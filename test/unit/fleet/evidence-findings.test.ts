import { describe, expect, it } from 'vitest';
import { clusterFindings } from '../../../shared/fleet/findings.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { clusterSight } from './sight-of-fixture.ts';

describe('evidence among the problems', () => {
  const titles = (snapshot = fixtures['evidence-bad']()) =>
    clusterFindings(clusterSight(snapshot, 'WK1')).map(({ title, severity }) => `${severity}: ${title}`);

  it('a late writer, an engine in trouble and queues that did not go on are told', () => {
    expect(titles()).toEqual([
      'danger: WK1: somebody writes late to its storage, seen on ig-north',
      'warn: WK1: not every queue went on where it stood at the move to ig-north',
      'warn: WK1: trouble with the engine on ig-north',
    ]);
  });

  it('an engine that does not answer is told once, by the name of its trouble', () => {
    const snapshot = fixtures['evidence-bad']();
    const north = clusterOf(snapshot, 'WK1').members[0]!.snapshot!;
    north.engine.api = { value: null, why: 'no answer', source: 'API', ageMs: 31_000 };
    expect(titles(snapshot).filter((title) => title.includes('engine'))).toHaveLength(1);
  });

  it('nothing is made of what a silent member said last', () => {
    const snapshot = fixtures['evidence-bad']();
    clusterOf(snapshot, 'WK1').members[0]!.link = {
      state: 'lost',
      sinceMs: 9_000,
      heardMs: 9_000,
      error: null,
    };
    expect(titles(snapshot).join()).not.toMatch(/late|trouble|queue/);
  });
});
