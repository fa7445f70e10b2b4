import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultCourses, type FaultCourse } from '../../../shared/behaviour/fault-course.ts';
import { siteBehaviour, type ClusterBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { timingPresetNames, timingPresets } from '../../../shared/lease/timing.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import { sampleSite } from '../host/samples.ts';

/**
 * Goal: whatever a site's settings are, nothing is told to serve that the rules do not let serve. Method: sites with
 * settings by chance, and every course read against the verdicts that stand in it.
 */
const cluster = siteBehaviour(sampleSite()).clusters[0]!;
const anySite = fc.record({
  observed: fc.boolean(),
  preset: fc.constantFrom(...timingPresetNames),
  copied: fc.boolean(),
  neverActive: fc.constantFrom('north', 'south', 'nobody'),
  preferred: fc.constantFrom('north', 'south', 'nobody'),
  localRestarts: fc.integer({ min: 0, max: 10 }),
  failoversPerHour: fc.integer({ min: 1, max: 9 }),
  failbackMinutes: fc.option(fc.integer({ min: 1, max: 1440 })),
  pollers: fc.nat(3),
  cutSeconds: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  mountSeconds: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  leaseStore: fc.constantFrom('witness' as const, 'etcd' as const),
});
type AnySite = typeof anySite extends fc.Arbitrary<infer Value> ? Value : never;

function coursesOf(of: AnySite): FaultCourse[] {
  const { localRestarts, failoversPerHour, failbackMinutes, pollers, cutSeconds, mountSeconds } = of;
  const members = cluster.members.map((member) => ({
    ...member,
    mustNot: member.server === of.neverActive,
    preferred: member.server === of.preferred && of.preferred !== of.neverActive,
  }));
  const settings: ClusterBehaviour = {
    ...cluster,
    ...{ localRestarts, failoversPerHour, failbackMinutes, pollers, members },
    timing: timingPresets[of.preset],
    storage: of.copied ? 'copied' : 'shared',
    lagLimitSeconds: of.copied ? 60 : null,
    ...(!of.copied && { cutSeconds, mountSeconds }),
  };
  const site = {
    leaseStore: of.leaseStore,
    clusters: [settings, settings],
    ...(of.observed && { mode: 'observe' as const }),
  };
  return faultCourses(settings, site, nothingMeasured);
}

it('never tells that somebody serves where the rules block, wait or only observe', () => {
  fc.assert(
    fc.property(anySite, (site) => {
      for (const { events, end, withoutActive, fault } of coursesOf(site)) {
        events.forEach((event, index) => {
          if (event.phase !== 'new-starts') return;
          const decided = events.slice(0, index).findLast(({ rule }) => rule !== null);
          expect(decided?.rule?.verdict, `${fault.id}: ${event.says}`).toBe('act');
          expect(decided?.says).not.toMatch(/cannot take over|does not take over|only observes/);
        });
        const serves = events.some(({ phase }) => phase === 'new-starts');
        if (['moves', 'planned', 'back', 'restarts'].includes(end)) expect(serves, fault.id).toBe(true);
        if (site.observed) expect({ end, serves }).toEqual({ end: 'observed', serves: false });
        if (end === 'person' && events.some(({ phase }) => phase === 'old-ends')) {
          expect(withoutActive, fault.id).toBeNull();
        }
      }
    }),
    { numRuns: 80 },
  );
});

it('never lets a server serve that must never become Active', () => {
  fc.assert(
    fc.property(anySite, (site) => {
      const never = cluster.members.find(({ server }) => server === site.neverActive)?.name;
      for (const { events, fault } of coursesOf(site)) {
        const serving = events.filter(({ phase }) => phase === 'new-starts').map(({ who }) => who);
        expect(serving, fault.id).not.toContain(never);
      }
    }),
    { numRuns: 80 },
  );
});
