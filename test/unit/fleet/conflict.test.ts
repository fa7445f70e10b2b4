import { describe, expect, it } from 'vitest';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { clusterConflict } from '../../../shared/fleet/conflict.ts';
import { siteProblems } from '../../../shared/fleet/problems.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { clusterSight, sightOf } from './sight-of-fixture.ts';

const wordsOf = (name: keyof typeof fixtures) => clusterConflict(clusterSight(fixtures[name](), 'WK1'));

describe('a conflict is worded by its kind', () => {
  it('an engine without the lease beside the Active: its agent stops it', () => {
    expect(wordsOf('conflict')).toEqual({
      short: 'an engine runs without the lease',
      title: 'WK1: an engine runs without the lease on ig-south, beside ig-north, which is Active',
      meaning: 'Messages could be processed twice and out of order.',
      next: 'Its agent stops it at once. If it still runs after a few seconds, stop the service of the engine on ig-south by hand.',
    });
  });

  it('an engine outside its service: what was seen, and that a person ends it', () => {
    const words = wordsOf('conflict-outside');
    expect(words?.short).toBe('an engine runs outside its service');
    expect(words?.meaning).toContain('Seen: process 4711 listens on port 6661 of ADT.');
    expect(words?.next).toBe('Find out on ig-south who started it, and end it by hand.');
  });

  it('two Actives: the one with the lower epoch is stopped', () => {
    expect(wordsOf('conflict-two-active')).toMatchObject({
      short: 'two look Active',
      title: 'WK1: ig-north and ig-south both look Active',
      next: 'ig-south has the higher epoch, 1047: stop the engine on ig-north.',
    });
  });

  it('two Actives of one epoch: the lease store decides, and nobody is named while it is silent', () => {
    const snapshot = fixtures['conflict-two-active']();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.lease.epoch = 47;
    const next = () => clusterConflict(clusterSight(snapshot, 'WK1'))?.next;
    expect(next()).toBe('The lease store names ig-north: stop the engine on ig-south.');
    snapshot.site!.witness!.link = { ...snapshot.site!.witness!.link, state: 'lost', heardMs: 60_000 };
    expect(next()).toMatch(/the lease store does not tell now/);
  });

  it('is told once among the problems, with its next step', () => {
    const problems = siteProblems(sightOf(fixtures['conflict-outside']()));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.text).toContain('end it by hand');
  });
});

describe('an engine without the lease while nobody is Active', () => {
  function alone(sinceMs: number) {
    const snapshot = fixtures.conflict();
    const [north, south] = clusterOf(snapshot, 'WK1').members;
    north!.snapshot!.role = { observed: 'passive', wanted: 'passive', sinceMs: 5_000 };
    north!.snapshot!.engine.process.value = 'stopped';
    south!.snapshot!.decision.sinceMs = sinceMs;
    return clusterSight(snapshot, 'WK1');
  }

  it('is a conflict of its own when it lasts', () => {
    expect(clusterConflict(alone(4_000))?.title).toBe('WK1: an engine runs without the lease on ig-south');
  });

  it('is a member that stops, not yet a conflict, in the moment of its kill', () => {
    expect(clusterRole(alone(200)).kind).toBe('changing');
  });
});
