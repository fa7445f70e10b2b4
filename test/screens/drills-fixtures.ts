import { dueDrills } from '../../shared/drills/drill-calendar.ts';
import { planDrill } from '../../shared/drills/drill-plan.ts';
import { awaitedWords } from '../../shared/drills/awaited-words.ts';
import type { DrillAwaited, DrillKind, DrillRecord } from '../../shared/drills/drill-record.ts';
import type { DrillsView } from '../../shared/drills/drills-view.ts';
import {
  concludeDrill,
  interruptDrill,
  withHappened,
  withOutage,
} from '../../shared/drills/drill-verdict.ts';
import { siteSight } from '../../shared/fleet/sight.ts';
import { workWaitsWords } from '../../shared/second-person/told-request.ts';
import { fixtures } from './fixtures.ts';

export const drillsNow = '2026-03-14T04:31:24.000Z';

/** A drill of a site that is well, as it begins. */
export function begunDrill(kind: DrillKind, cluster: string, startedAt: string): DrillRecord {
  const site = fixtures.healthy().site!;
  const { clusters } = siteSight(site, 0);
  const sight = clusters.find((one) => one.cluster.id === cluster)!;
  const others = clusters.filter((one) => one !== sight);
  const asker = { role: 'admin', connected: true } as const;
  const plan = planDrill(sight, kind, { asker, goalSeconds: 60, running: null, others });
  return {
    schema: 'ixha-drill/1',
    id: `${cluster}-${startedAt.slice(0, 10)}-${kind}`,
    ...{ site: site.id, siteName: site.name, cluster, kind, reason: 'quarterly drill' },
    by: { name: 'admin-1', role: 'admin' },
    ...{ startedAt, aliveAt: startedAt, endedAt: null, state: 'running', goalSeconds: 60 },
    ...{ prose: [...plan.prose], expectation: plan.expectation, lines: [...plan.lines] },
    steps: plan.steps.map((title) => ({ title, state: 'pending', at: null, tookMs: null, evidence: '' })),
    ...{ operations: [], outage: null, loss: null, verdict: null, sentence: 'It begins.' },
  };
}

/** The same as it ended: everything as expected, without service for so long. */
export function endedDrill(begun: DrillRecord, outageMs: number): DrillRecord {
  const done: DrillRecord = {
    ...begun,
    steps: begun.steps.map((step, at) => ({
      ...step,
      ...{ state: 'done', at: begun.startedAt, tookMs: 1_200 + at * 900, evidence: 'seen by both members' },
    })),
    lines: begun.lines.reduce((lines, { id }) => withHappened(lines, id, 'as expected', 'met'), begun.lines),
    operations: ['op-41', 'op-42'],
    loss: {
      lost: 0,
      sentence:
        'Of 412 messages acknowledged during the drill none is missing, and their order was kept, by their numbers.',
    },
  };
  const outage = {
    ms: outageMs,
    by: 'acknowledged-messages' as const,
    atLeast: false,
    sentence: `The longest time without an acknowledged message was ${(outageMs / 1000).toFixed(1)} s, by the senders of numbered messages.`,
  };
  return concludeDrill(withOutage(done, outage), begun.startedAt);
}

function running(): DrillRecord {
  const begun = begunDrill('switchover-and-back', 'WK1', drillsNow);
  const [first, second, ...rest] = begun.steps;
  return {
    ...begun,
    steps: [
      {
        ...first!,
        state: 'done',
        at: drillsNow,
        tookMs: 5_400,
        evidence: 'ig-south is Active under epoch 42',
      },
      { ...second!, state: 'running', at: drillsNow },
      ...rest,
    ],
    lines: withHappened(begun.lines, 'there', 'ig-south is Active', 'met'),
    sentence: 'Verified on ig-south is under way.',
  };
}

/** One whose first move waits for a second person. */
function waiting(): DrillRecord {
  const begun = begunDrill('switchover-and-back', 'WK1', drillsNow);
  const [first, ...rest] = begun.steps;
  const step = { ...first!, state: 'running' as const, at: drillsNow, evidence: workWaitsWords('WK1') };
  return { ...begun, steps: [step, ...rest], sentence: `${first!.title}: waits for a second person.` };
}

/** A cut whose end is counted down, and one of which it is not known. */
function cutting(by: string | null): DrillRecord {
  const begun = begunDrill('cut-off', 'WK1', drillsNow);
  const [first, ...rest] = begun.steps;
  const step = { ...first!, state: 'running' as const, at: drillsNow };
  const sentence = `${first!.title} is under way.`;
  return { ...begun, steps: [step, ...rest], sentence, healing: { who: 'ig-north', by } };
}

/** One in which a person has something to do: step number `at`, which it waits for until then. */
function byPerson(at: number, what: DrillAwaited['what'], byMs: number): DrillRecord {
  const begun = begunDrill('power-off', 'WK1', drillsNow);
  const since = new Date(Date.parse(drillsNow) - 20_000).toISOString();
  const by = new Date(Date.parse(drillsNow) + byMs).toISOString();
  const awaited = { what, server: 'ig-north', other: 'ig-south', since, by };
  const steps = begun.steps.map((step, index) => {
    if (index > at) return step;
    if (index === at) return { ...step, state: 'running' as const, at: since };
    return { ...step, state: 'done' as const, at: since, tookMs: 9_000, evidence: 'seen by this console' };
  });
  return { ...begun, steps, awaited, sentence: `${awaitedWords(awaited, null).title}.` };
}

const records = [
  endedDrill(begunDrill('switchover-and-back', 'WK1', '2026-03-02T21:05:00.000Z'), 5_900),
  interruptDrill(
    begunDrill('engine-kill', 'WK2', '2026-02-20T21:05:00.000Z'),
    '2026-02-20T21:05:09.000Z',
    'The console was closed.',
  ),
  endedDrill(begunDrill('switchover-and-back', 'WK1', '2025-12-04T21:05:00.000Z'), 8_200),
  endedDrill(begunDrill('engine-kill', 'WK1', '2025-09-02T21:05:00.000Z'), 61_000),
];

/** One whose time lies between two clocks, and one that was at least so long. */
const unmeasured = records.map((record, index): DrillRecord => {
  const changed = [{ betweenClocks: true, ms: 0 }, {}, { atLeast: true }, {}][index];
  return { ...record, outage: record.outage && { ...record.outage, ...changed } };
});

function viewOf(shown: DrillRecord[], siteMadeAt: string | null = null): DrillsView {
  return {
    records: shown,
    due: dueDrills(['WK1', 'WK2'], [], shown, siteMadeAt, drillsNow),
    goalSeconds: 60,
    toldAt: drillsNow,
    trouble: null,
  };
}

/** The drills of a site, by name. */
export const drillsFixtures = {
  none: viewOf([]),
  /** Of a site that was made the day before. */
  young: viewOf([], new Date(Date.parse(drillsNow) - 24 * 3_600_000).toISOString()),
  some: viewOf(records),
  unmeasured: viewOf(unmeasured),
  running: viewOf([running(), ...records]),
  waiting: viewOf([waiting(), ...records]),
  cutting: viewOf([cutting(new Date(Date.parse(drillsNow) + 38_000).toISOString()), ...records]),
  cuttingUnknown: viewOf([cutting(null), ...records]),
  /** A person is to cut the power; the failover does not come; a person is to give the power back. */
  powerOff: viewOf([byPerson(0, 'power-off', 280_000), ...records]),
  powerOffLate: viewOf([byPerson(1, 'takeover', -6_000), ...records]),
  powerOn: viewOf([byPerson(2, 'power-on', 880_000), ...records]),
};
export type DrillsFixtureName = keyof typeof drillsFixtures;
