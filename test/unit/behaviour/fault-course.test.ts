import { describe, expect, it } from 'vitest';
import { siteBehaviour, behaviourChanges } from '../../../shared/behaviour/behaviour-site.ts';
import { faultCourses } from '../../../shared/behaviour/fault-course.ts';
import { leaseRunOut, timingPresetNames, timingPresets } from '../../../shared/lease/timing.ts';
import { ruleTable } from '../../../shared/failover/rules.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import { sampleSite } from '../host/samples.ts';

const behaviour = siteBehaviour(sampleSite());
const cluster = behaviour.clusters[0]!;
const copied = { ...cluster, storage: 'copied', lagLimitSeconds: 60 } as const;
const ends = (of: Parameters<typeof faultCourses>[0]) =>
  Object.fromEntries(faultCourses(of, behaviour, nothingMeasured).map(({ fault, end }) => [fault.id, end]));

describe('what happens at a fault', () => {
  it('ends as the catalogue of faults says, by the decisions of the rules', () => {
    expect(ends(cluster)).toEqual({
      power: 'moves',
      frozen: 'moves',
      shutdown: 'moves',
      'passive-down': 'stays',
      'engine-killed': 'restarts',
      'engine-crashes': 'moves',
      'engine-silent': 'person',
      'agent-killed': 'stays',
      'agent-frozen': 'moves',
      'link-cut': 'stays',
      'active-cut-off': 'moves',
      'active-store-cut': 'stays',
      'store-down': 'stays',
      'store-and-peer-down': 'stops',
      'storage-active': 'person',
      'storage-passive': 'person',
      'late-write': 'person',
      flapping: 'person',
      maintenance: 'person',
      returns: 'stays',
    });
  });

  it('asks a person where the copy is too old, and takes a fresh one over', () => {
    expect(ends(copied)).toMatchObject({ power: 'moves', 'copy-old': 'person' });
    expect(ends(copied)['late-write']).toBeUndefined();
  });

  it.each(timingPresetNames)('lets nobody serve before guards have killed the other one: %s', (name) => {
    for (const course of faultCourses(
      { ...cluster, timing: timingPresets[name] },
      behaviour,
      nothingMeasured,
    )) {
      const taken = course.events.find(({ rule }) => rule?.diagnosis === 'lease-free');
      const killed = course.events.find(({ says }) => says.startsWith('The guards kill'));
      if (taken?.at && killed?.at)
        expect(killed.at.worst).toBeLessThan(taken.at.best + timingPresets[name].H);
      if (course.end === 'moves' && !course.fault.handsOver) {
        expect(course.withoutActive?.best).toBeCloseTo(leaseRunOut(timingPresets[name]).best, 6);
      }
    }
  });

  it('names rules of the table only, and both members by their names', () => {
    const ids = new Set(ruleTable.map(({ id }) => id));
    const names = cluster.members.map(({ name }) => name);
    for (const { events } of faultCourses(cluster, behaviour, nothingMeasured)) {
      for (const { rule, who } of events) {
        if (rule === null) continue;
        expect(ids.has(rule.id)).toBe(true);
        expect(names).toContain(who);
      }
    }
  });

  it('hands over at the first crash where no local restart is allowed', () => {
    expect(ends({ ...cluster, localRestarts: 0 })['engine-killed']).toBe('moves');
  });
});

describe('an accepted plan', () => {
  it('is the same while the settings are', () => {
    expect(behaviourChanges(behaviour, siteBehaviour(sampleSite()))).toEqual([]);
  });

  it('says in sentences which settings have changed', () => {
    const [first, ...rest] = behaviour.clusters;
    const now = {
      ...behaviour,
      clusters: [{ ...first!, failoversPerHour: 9, storage: 'copied' as const }, ...rest],
    };
    expect(behaviourChanges(behaviour, now)).toEqual([
      `The storage of ${first!.cluster} was ${first!.storage}, and is copied.`,
      `The failovers allowed in an hour of ${first!.cluster} was ${first!.failoversPerHour}, and is 9.`,
    ]);
  });
});
