import { judgeReadiness } from '../../shared/readiness/judge.ts';
import { nothingKept, type KeptReadiness } from '../../shared/readiness/kept-readiness.ts';
import type { ReadinessView } from '../../shared/readiness/readiness-view.ts';
import { tally, type RunChange } from '../../shared/readiness/results.ts';
import type { SiteScene } from '../../shared/readiness/scene.ts';
import { siteSight } from '../../shared/fleet/sight.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { siteDocument } from './site-document-fixture.ts';
import { fixtures } from './fixtures.ts';

export const readinessNow = '2026-03-14T04:31:24.000Z';

/** What checks are judged from on a site that is well, seen over SSH and verified through its balancer. */
export function readinessScene(
  snapshot: ConsoleSnapshot = fixtures.healthy(),
  changes: Partial<SiteScene> = {},
): SiteScene {
  const site = snapshot.site!;
  const document = siteDocument();
  const members = document.clusters.flatMap(({ id, members: own }) =>
    own.map(({ server }) => ({ cluster: id, server })),
  );
  return {
    sight: siteSight(site, 0),
    document,
    wallTime: readinessNow,
    decided: null,
    accepted: null,
    goalSeconds: 60,
    preflight: null,
    balancer: {
      wallTime: '2026-03-12T09:10:00.000Z',
      checks: document.clusters.map(({ id }) => ({
        cluster: id,
        listener: `${id} admissions`,
        address: '10.20.4.20:6661',
        verdict: 'proven' as const,
        server: 'ig-north',
        finding: 'the Active answers, and its /active says 200',
        remedy: null,
      })),
    },
    journals: {
      journals: members.map((member) => ({
        ...member,
        head: 412,
        wanted: 412,
        missing: 0,
        chainBroken: false,
      })),
      clockJumps: [],
      lostLeases: [],
      moves: members.map(({ cluster, server }) => ({
        cluster,
        to: server,
        wallTime: '2026-02-20T22:04:00.000Z',
        takeover: server === 'ig-south',
        withoutActiveMs: 21_500,
      })),
    },
    pinned: document.servers.map(({ id }) => id),
    ...changes,
  };
}

const answered = (met: 'yes' | 'no', owner: string, note: string, expires = '2027-01-31') => ({
  met,
  owner,
  note,
  date: '2026-03-02',
  expires,
  attachment: '',
  by: 'admin-1',
});

/** What people have said: most of it, with one open answer, one that runs out, and one put aside. */
export const keptAnswers: KeptReadiness = {
  ...nothingKept,
  goalSeconds: 60,
  answers: [
    { check: 'D01', subject: '', answer: answered('yes', 'A. Berger', 'Minutes of 4 September') },
    { check: 'O01', subject: '', answer: answered('no', 'admin-1', 'Phone of the deputy is missing') },
    { check: 'C02', subject: '', answer: answered('yes', 'admin-1', 'In both safes') },
    { check: 'O02', subject: '', answer: answered('yes', 'A. Berger', 'Printed, room 2.14', '2026-03-20') },
    { check: 'O07', subject: '', answer: answered('yes', 'M. Øst', 'Switched over on 20 February') },
  ],
  snoozes: [
    {
      check: 'S02',
      subject: '',
      snooze: { reason: 'Patch window on 21 March', by: 'admin-1', since: '2026-03-02', until: '2026-03-21' },
    },
  ],
};

/** The page's view of a scene and of what people have said. */
export function readinessView(scene: SiteScene, kept: KeptReadiness): ReadinessView {
  const results = judgeReadiness(scene, kept);
  return {
    checks: results.map((result) => ({ result, judgedAgoMs: 400 })),
    lastRun: { wallTime: readinessNow, by: 'admin-1', tookMs: 310, agoMs: 400 },
    running: null,
    goalSeconds: kept.goalSeconds,
    runs: [
      { wallTime: readinessNow, by: 'admin-1', tally: tally(results) },
      { wallTime: '2026-03-07T04:31:24.000Z', by: 'admin-1', tally: { ...tally(results), met: 30 } },
      { wallTime: '2026-02-28T04:31:24.000Z', by: 'M. Øst', tally: { ...tally(results), met: 24 } },
    ],
    baseline: {
      wallTime: '2026-01-05T10:00:00.000Z',
      by: 'admin-1',
      tally: { ...tally(results), met: 20 },
    },
    trouble: null,
  };
}

/** How ready the site is, by name. */
export const readinessFixtures = {
  some: readinessView(readinessScene(), keptAnswers),
  'dead-server': readinessView(readinessScene(fixtures['dead-server']()), keptAnswers),
  running: {
    ...readinessView(readinessScene(), keptAnswers),
    checks: [],
    lastRun: null,
    running: { check: null, awaits: 'Agents and journals are asked', done: 0, of: 89, sinceMs: 600 },
  },
} as const satisfies Record<string, ReadinessView>;
export type ReadinessFixtureName = keyof typeof readinessFixtures;

export const readinessChanges: RunChange[] = [
  {
    check: 'T05',
    subject: 'WK2',
    before: { verdict: 'ok', finding: 'ig-south: 74 % full' },
    after: { verdict: 'warning', finding: 'ig-south: 82 % full' },
  },
  {
    check: 'D01',
    subject: '',
    before: { verdict: 'unknown', finding: 'Nobody has answered this yet' },
    after: { verdict: 'ok', finding: 'A. Berger, 2026-03-02: Minutes of 4 September' },
  },
];
