import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { siteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { faultCourses, type CourseEnd } from '../../../shared/behaviour/fault-course.ts';
import { faults } from '../../../shared/behaviour/faults.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import { sampleSite } from '../host/samples.ts';
import { scenarios } from '../../lab/scenarios/all-scenarios.ts';

/**
 * Goal: what is told of a fault is what happened when it was made on real hosts, and no fault of the catalogue is left
 * out unsaid. Method: ends beside the journeys that the lab demands of its scenarios; the table of the document.
 */
const behaviour = siteBehaviour(sampleSite());
const etcd = { ...behaviour, leaseStore: 'etcd' } as const;
const [cluster] = behaviour.clusters;

/** Faults that the lab makes as they are told, by the name of the scenario; its WK1 is the cluster that is told of. */
const made: Readonly<Record<string, string>> = {
  power: 'power-off',
  frozen: 'host-frozen',
  shutdown: 'reboot-in-order',
  'both-down': 'both-power-off-both-return',
  'both-down-one-back': 'both-power-off-one-returns',
  cloned: 'cloned-server',
  'engine-killed': 'engine-killed',
  'engine-silent': 'engine-running-but-silent',
  'engine-half-started': 'engine-in-safe-mode',
  'stop-refused': 'engine-refuses-to-stop',
  'engine-outside': 'engine-outside-its-service',
  'agent-killed': 'agent-killed',
  'agent-frozen': 'agent-frozen',
  'agent-loop': 'agent-killed-in-a-loop',
  'agent-and-engine': 'agent-and-engine-killed-once',
  'guard-dead': 'guard-killed',
  'link-cut': 'peer-link-cut',
  'link-one-way': 'peer-link-cut-one-way',
  'active-cut-off': 'active-isolated',
  'active-cut-one-way': 'active-isolated-one-way',
  'active-store-cut': 'active-cut-from-the-store',
  'passive-cut-off': 'passive-cut-off',
  'poor-network': 'loss-of-30-percent',
  'store-slow': 'store-slow',
  'store-down': 'store-down',
  'store-restarted': 'store-restarted',
  'store-empty': 'store-replaced-by-an-empty-one',
  'store-then-peer': 'store-lost-then-peer-lost',
  'etcd-minority': 'etcd-minority-lost',
  'storage-hangs': 'storage-hangs-on-the-active',
  'storage-full': 'storage-full',
  'storage-kills-engine': 'storage-read-only-on-the-active',
  'state-damaged': 'state-truncated',
  'late-write': 'late-writer',
  'clock-jumps': 'wall-clock-jumps',
  'certificate-refused': 'certificate-revoked',
  'start-by-hand': 'start-by-hand-on-the-passive',
  'move-fails': 'target-loses-storage-in-a-switchover',
};

/** Where engine processes run in the end, as the lab writes it. */
const journeys: Readonly<Record<CourseEnd, readonly string[]>> = {
  stays: ['first'],
  person: ['first'],
  restarts: ['first → first'],
  moves: ['first → other', 'first → first → other'],
  planned: ['first → other'],
  back: [],
  stops: [],
  observed: [],
};

describe('a fault beside what was made on real hosts', () => {
  const courses = faultCourses(cluster!, etcd, nothingMeasured);

  it.each(Object.entries(made))('%s ends where %s did', (id, name) => {
    const scenario = scenarios.find((one) => one.name === name);
    const course = courses.find(({ fault }) => fault.id === id);
    const { WK1: demanded } = scenario!.journeys;
    const allows = (journey: string) =>
      demanded instanceof RegExp ? demanded.test(journey) : demanded.join(' → ') === journey;
    expect(journeys[course!.end].some(allows), `${course!.end}, ${String(demanded)}`).toBe(true);
  });
});

describe('the table of the catalogue', () => {
  const rows = readFileSync(new URL('../../../docs/behaviour.md', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => /^\| (\d+) +\| (.+?) +\| (.+?) +\|$/.exec(line))
    .filter((row) => row !== null)
    .map(([, number, fault, told]) => ({ number: Number(number), fault, told: told! }));
  const named = rows.flatMap(({ told }) => [...told.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id));

  it('has every row, each with faults of the page or with the reason why it is none', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 43 }, (_, index) => index + 1));
    for (const { number, told } of rows)
      expect({ number, told }).toMatchObject({ told: expect.stringMatching(/`|^none: /) as string });
  });

  it('names faults that there are, and each of them', () => {
    expect([...new Set(named)].sort()).toEqual(faults.map(({ id }) => id).sort());
  });
});
