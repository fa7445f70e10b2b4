import { describe, expect, it } from 'vitest';
import {
  faultsTold,
  SiteBehaviour,
  siteBehaviour,
  behaviourChanges,
} from '../../../shared/behaviour/behaviour-site.ts';
import { messagesSentence, othersSentence } from '../../../shared/behaviour/course-words.ts';
import { faultGroups } from '../../../shared/behaviour/fault.ts';
import { faults } from '../../../shared/behaviour/faults.ts';
import { faultCourses } from '../../../shared/behaviour/fault-course.ts';
import {
  clockDriftBound,
  leaseInstants,
  leaseRunOut,
  timingPresetNames,
  timingPresets,
} from '../../../shared/lease/timing.ts';
import { ruleTable } from '../../../shared/failover/rules.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import { sampleSite } from '../host/samples.ts';

const behaviour = siteBehaviour(sampleSite());
const cluster = behaviour.clusters[0]!;
const copied = { ...cluster, storage: 'copied', lagLimitSeconds: 60 } as const;
const ends = (of: Parameters<typeof faultCourses>[0]) =>
  Object.fromEntries(faultCourses(of, behaviour, nothingMeasured).map(({ fault, end }) => [fault.id, end]));

const course = (of: Parameters<typeof faultCourses>[0], id: string, site: Site = behaviour) =>
  faultCourses(of, site, nothingMeasured).find(({ fault }) => fault.id === id)!;
type Site = Parameters<typeof faultCourses>[1];
const observed = { ...behaviour, mode: 'observe' } as const;
const neverPassive = {
  ...cluster,
  members: cluster.members.map((member) => ({ ...member, mustNot: !member.preferred })),
};

describe('what happens at a fault', () => {
  it('ends as the catalogue of faults says, by the decisions of the rules', () => {
    expect(ends(cluster)).toEqual({
      power: 'moves',
      'both-down': 'restarts',
      'both-down-one-back': 'moves',
      'second-fault': 'restarts',
      starved: 'stays',
      'one-for-all': 'moves',
      cloned: 'person',
      'engine-stands-still': 'person',
      'components-off': 'person',
      'engine-half-started': 'moves',
      'stop-refused': 'planned',
      'engine-outside': 'person',
      'agent-loop': 'moves',
      'agent-and-engine': 'restarts',
      'guard-dead': 'stays',
      'guards-dead': 'restarts',
      'guards-gone': 'moves',
      'passive-cut-off': 'person',
      'link-one-way': 'stays',
      'active-cut-one-way': 'moves',
      'poor-network': 'stays',
      'store-slow': 'stays',
      'store-restarted': 'stays',
      'store-empty': 'person',
      'store-then-peer': 'person',
      'storage-hangs': 'person',
      'storage-full': 'person',
      'storage-kills-engine': 'moves',
      'state-disk-full': 'restarts',
      'state-disk-hangs': 'moves',
      'state-damaged': 'moves',
      'balancer-down': 'person',
      'balancer-blind': 'person',
      'balancer-late': 'stays',
      'clock-jumps': 'stays',
      'certificate-ended': 'person',
      'certificate-refused': 'person',
      'start-by-hand': 'stays',
      'move-fails': 'restarts',
      'move-agent-dies': 'planned',
      'console-off': 'stays',
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
      if (course.fault.id === 'power') {
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

  it('counts the time without an Active of one that serves on until it stops from that stop', () => {
    const { T, D } = cluster.timing;
    const drift = clockDriftBound(T);
    const gapOf = (id: string) => course(cluster, id).withoutActive;
    expect(gapOf('agent-frozen')?.typical).toBeCloseTo(D + 2 * drift, 6);
    expect(course({ ...cluster, timing: timingPresets.normal }, 'active-cut-off').withoutActive?.best).toBe(
      leaseInstants(timingPresets.normal).freeMs / 1000 -
        leaseInstants(timingPresets.normal).ownStopMs / 1000,
    );
  });

  it('gives each fault a number and a name of its own, in its group', () => {
    const numbers = faults.map(({ number }) => number).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: faultsTold }, (_, index) => index + 1));
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faultsTold);
    const groups = faults.map(({ group }) => group).filter((group, index, all) => group !== all[index - 1]);
    expect(groups).toEqual(faultGroups);
  });

  it('restarts under guards that beat again, and hands over where none can be brought to beat', () => {
    const rules = (id: string) => course(cluster, id).events.flatMap(({ rule }) => rule?.id ?? []);
    expect(rules('guard-dead')).toEqual(['R06']);
    expect(rules('guards-dead')).toEqual(['R05', 'R47', 'R23']);
    expect(rules('guards-gone')).toEqual(['R05', 'R20', 'R64']);
    const { O } = cluster.timing;
    // Three tries of 1.5 s, pauses of 0.5 s and 1 s between them, then the grant with its limit.
    expect(course(cluster, 'guards-gone').withoutActive!.worst).toBeGreaterThan(3 * 1.5 + 1.5 + O);
  });

  it('decides over a copied directory that came from before a boot, or of an epoch that has passed', () => {
    expect(course(copied, 'both-down-one-back')).toMatchObject({ end: 'person', withoutActive: null });
    expect(course(copied, 'second-fault')).toMatchObject({ end: 'person', withoutActive: null });
    expect(course(copied, 'power').mayLose).toBe(true);
    expect(course(copied, 'engine-crashes').mayLose).toBe(false);
    expect(messagesSentence(course(copied, 'power'), copied)).toContain('the last complete copy may be lost');
    expect(messagesSentence(course(cluster, 'power'), cluster)).toContain('lies in the shared directory');
    expect(messagesSentence(course(cluster, 'balancer-down'), cluster)).toContain('none arrives');
  });

  it('has an etcd lose one machine only where an etcd keeps the leases, and one server carry all only beside others', () => {
    const etcd = { ...behaviour, leaseStore: 'etcd' } as const;
    expect(course(cluster, 'etcd-minority')).toBeUndefined();
    expect(course(cluster, 'etcd-minority', etcd)).toMatchObject({ end: 'stays' });
    expect(course(cluster, 'one-for-all', { ...behaviour, clusters: [cluster] })).toBeUndefined();
  });

  it('says what each fault means for a cluster that is Active on the other server', () => {
    const told = (id: string) => othersSentence(course(cluster, id).fault, cluster, behaviour);
    expect(told('power')).toBe('WK2: Active on the other server, and stays there.');
    expect(told('passive-down')).toMatch(/^WK2: Active on the same server/);
    expect(told('both-down')).toMatch(/^WK2: loses both servers too/);
    expect(told('balancer-down')).toMatch(/the same balancer/);
  });

  it('hands over at the first crash where no local restart is allowed', () => {
    expect(ends({ ...cluster, localRestarts: 0 })['engine-killed']).toBe('moves');
  });
});

describe('what settings of a site change', () => {
  it('moves the cluster back by itself after the minutes that the site says, by the rules', () => {
    const { end, events, withoutActive } = course({ ...cluster, failbackMinutes: 20 }, 'returns');
    expect(end).toBe('back');
    expect(withoutActive).toMatchObject({ best: 0, atLeast: true });
    const told = events.map(({ at, who, rule, says }) => [at?.typical, who, rule?.id ?? says]);
    expect(told).toEqual([
      [0, 'ig-north', 'Its agent is started again, and the gate lets nobody start its engine.'],
      [0.05, 'ig-north', 'R52'],
      [0.05, 'ig-south', 'R33'],
      [1200, 'ig-south', 'R38'],
      [1200, 'ig-south', 'R12'],
      [1200, 'ig-south', 'R13'],
      [1200, 'ig-north', 'R64'],
      [1200, 'ig-north', expect.stringMatching(/^It serves again/)],
    ]);
    expect(events[2]!.says).toContain('it moves back to ig-north in 20 min if that stays fit');
    expect(course(cluster, 'returns')).toMatchObject({ end: 'stays', withoutActive: { worst: 0 } });
  });

  it('sends the last copy of a copied directory before it moves back', () => {
    const { events } = course({ ...copied, failbackMinutes: 20 }, 'returns');
    const rules = events.flatMap(({ rule }) => (rule === null ? [] : [rule.id]));
    expect(rules).toEqual(['R52', 'R33', 'R38', 'R12', 'R68', 'R13', 'R64']);
  });

  it('says of every failover by rule that it will be undone, where the site says so', () => {
    const { events } = course({ ...cluster, failbackMinutes: 20 }, 'power');
    expect(events.at(-1)).toMatchObject({ phase: 'noticed', who: 'ig-south', rule: { id: 'R33' } });
    expect(events.at(-1)!.says).toContain('it moves back to ig-north in 20 min');
  });

  it('lets a Passive that must not never serve', () => {
    const { end, events, withoutActive } = course(neverPassive, 'power');
    expect({ end, withoutActive }).toEqual({ end: 'person', withoutActive: null });
    expect(events.some(({ phase }) => phase === 'new-starts')).toBe(false);
    expect(events.at(-1)!.says).toBe('Brings ig-north back: until then nobody serves.');
    expect(ends(neverPassive)['returns']).toBeUndefined();
    expect(ends(neverPassive)).toMatchObject({
      'storage-kills-engine': 'person',
      'engine-crashes': 'restarts',
      'agent-frozen': 'person',
    });
  });

  it('tells of a site that is only observed what its agents would decide, and that nothing is done', () => {
    const { end, events, withoutActive } = course(cluster, 'power', observed);
    expect({ end, withoutActive }).toEqual({ end: 'observed', withoutActive: null });
    expect(events.find(({ rule }) => rule?.id === 'R70')?.says).toContain('armed, it would decide');
    const frozen = course(cluster, 'agent-frozen', observed);
    expect(frozen.withoutActive?.worst).toBe(0);
    expect(frozen.events.some(({ says }) => says.includes('guards kill'))).toBe(false);
  });

  it('counts how long a takeover waits for a cut and a mount, in the worst case', () => {
    const waiting = { ...cluster, cutSeconds: 30, mountSeconds: 60 };
    const worst = (id: string, of = waiting) => course(of, id).withoutActive!.worst;
    expect(worst('power') - worst('power', { ...cluster, cutSeconds: 0, mountSeconds: 0 })).toBeCloseTo(90);
    // The other one says that its engine has stopped: it is not cut off.
    expect(
      worst('engine-crashes') - worst('engine-crashes', { ...cluster, cutSeconds: 0, mountSeconds: 0 }),
    ).toBeCloseTo(60);
    expect(
      course(waiting, 'power')
        .events.map(({ says }) => says)
        .join('\n'),
    ).toMatch(/cut off from the storage by the program of the site, for which it waits up to 30 s/);
  });
});

describe('an accepted plan', () => {
  it('is the same while the settings are', () => {
    expect(behaviourChanges(behaviour, siteBehaviour(sampleSite()))).toEqual([]);
    const { faults: _told, ...fromBefore } = behaviour;
    expect(behaviourChanges(fromBefore, behaviour)).toEqual([
      `The number of faults that are told of was 21, and is ${faultsTold}.`,
    ]);
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

  it('does not hold for a site that was armed since, or that waits for a cut or a mount since', () => {
    const site = sampleSite();
    const storage = { kind: 'shared', directory: '/srv/WK1', mustBeMount: true } as const;
    const now = siteBehaviour({
      ...site,
      clusters: site.clusters.map((one) => ({
        ...one,
        storage: { ...storage, cut: { program: '/usr/local/sbin/cut' }, mount: { by: 'agent', seconds: 40 } },
      })),
    });
    const first = behaviourChanges({ ...behaviour, mode: 'observe' }, now).slice(0, 3);
    expect(first).toEqual([
      'The site was only observed, and is armed.',
      'The longest wait for the program that cuts storage off of WK1 was none, and is 3 s.',
      'The longest wait for the mount of the directory of WK1 was none, and is 40 s.',
    ]);
    expect(SiteBehaviour.safeParse(now).success).toBe(true);
    expect(siteBehaviour({ ...site, mode: 'observe' }).mode).toBe('observe');
  });
});
