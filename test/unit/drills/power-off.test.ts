import { describe, expect, it } from 'vitest';
import { carryOutDrill, prepareDrill } from '../../../electron/host/drills/carry-out-drill.ts';
import type { DrillPorts } from '../../../electron/host/drills/drill-run.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { awaitedWords } from '../../../shared/drills/awaited-words.ts';
import { planDrill } from '../../../shared/drills/drill-plan.ts';
import type { DrillAwaited, DrillRecord } from '../../../shared/drills/drill-record.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { fixtures, type FixtureName } from '../../screens/fixtures.ts';
import { heldOutAndDown, bothOnSouth } from '../../screens/patch-fixtures.ts';
import { cluster, clusterOf, lostFor } from '../../screens/site-fixture.ts';
import { fastTime } from './drill-world.ts';

function planOf(snapshot: ConsoleSnapshot, role: 'admin' | 'viewer' = 'admin') {
  const [own, ...others] = siteSight(snapshot.site!, 0).clusters;
  const asked = { asker: { role, connected: true }, goalSeconds: 60, running: null, others };
  return planDrill(own!, 'power-off', asked);
}

/** Goal: nobody pulls a plug that takes more along than was thought. Method: plans over sites that are well and that are not. */
describe('the plan of a power cut by a person', () => {
  it('says what to have at hand, who must agree, how long it should take, and asks for the name', () => {
    const plan = planOf(fixtures.healthy());
    const said = plan.prose.join(' ');
    expect(plan).toMatchObject({ refusals: [], typed: 'ig-north' });
    for (const part of ['Have at hand', 'Agree before', /That is expected \d.* after the power is gone/])
      expect(said).toMatch(part);
    expect(said).toContain('WK2 stays where it is, and nobody could take it over meanwhile');
  });

  it('refuses it where the Passive could not take over, with reason and remedy', () => {
    for (const name of ['dead-server', 'maintenance', 'failover-blocked'] satisfies FixtureName[]) {
      const { refusals } = planOf(fixtures[name]());
      expect([name, refusals.length > 0]).toEqual([name, true]);
    }
  });

  it('refuses it for another cluster of the server that could not fail over either', () => {
    const snapshot = bothOnSouth();
    const wk2 = clusterOf(snapshot, 'WK2').members.find(({ server }) => server === 'ig-north')!;
    expect(planOf(snapshot).refusals).toEqual([]);
    wk2.link = lostFor(40_000);
    const refusal = planOf(snapshot).refusals.find(({ code }) => code === 'goes-along');
    expect(refusal?.reason).toMatch(/^ig-south has WK2 too/);
    expect(refusal?.remedy).toContain('takes every cluster of a server along');
  });
});

/** Goal: a person is told what to do, and what to look at when nothing comes of it. Method: times before and after it is due. */
describe('what is awaited of a person', () => {
  const awaited = (what: DrillAwaited['what']): DrillAwaited => ({
    ...{ what, server: 'ig-north', other: 'ig-south' },
    ...{ since: '2026-03-14T04:31:00.000Z', by: '2026-03-14T04:31:14.000Z' },
  });
  const at = (what: DrillAwaited['what'], afterMs: number) =>
    awaitedWords(awaited(what), Date.parse('2026-03-14T04:31:00.000Z') + afterMs);

  it('counts from when it is awaited, and is late only after its time', () => {
    expect(at('power-off', 9_000)).toMatchObject({ title: 'Now cut the power of ig-north', waited: '9.0 s' });
    expect(at('takeover', 4_000)).toMatchObject({
      title: 'ig-north is silent: ig-south should serve within 14 s',
      overdue: false,
    });
    expect([at('takeover', 14_000).overdue, at('takeover', 14_001).overdue]).toEqual([false, true]);
  });

  it('tells a power cut that was not made from a failover that did not come', () => {
    expect(at('power-off', 15_000).title).toBe('ig-north still answers: was its power cut?');
    expect(at('takeover', 15_000).meaning).toContain('The failover has not come');
    expect(at('power-on', 15_000).title).toBe('ig-north has not come back yet');
  });

  it('is never late where the time is not known', () => {
    expect(awaitedWords(awaited('power-on'), null)).toMatchObject({ overdue: false, waited: '0.0 s' });
  });
});

const opened: JournalRecord = {
  ...{ seq: 500, wallTime: '2026-03-14T00:00:20.000Z', bootMs: 20_000, cluster: 'WK1', server: 'ig-south' },
  ...{
    epoch: 48,
    kind: 'step',
    ruleId: null,
    verdict: null,
    sentence: 'The way is open.',
    requestedBy: null,
  },
  ...{ step: 'open-active', result: 'ok', operation: 'op-48', tookMs: 10, previous: '' },
};

/** Nothing on ig-north answers, and ig-south has not taken WK1 over. */
function northSilent(): ConsoleSnapshot {
  const snapshot = fixtures.healthy();
  for (const { members } of snapshot.site!.clusters)
    members.find(({ server }) => server === 'ig-north')!.link = lostFor(4_000);
  return snapshot;
}

/** WK2 has moved to ig-north as well, and its member on ig-south is silent. */
function bothOnNorthAndWk2Alone(): ConsoleSnapshot {
  const snapshot = fixtures.healthy();
  const wk2 = cluster('WK2', 'Radiology', 'ig-north', 'ig-south', 48, 18.4, 96);
  wk2.members.find(({ server }) => server === 'ig-south')!.link = lostFor(40_000);
  const at = snapshot.site!.clusters.findIndex(({ id }) => id === 'WK2');
  snapshot.site!.clusters[at] = wk2;
  return snapshot;
}

interface World {
  seen: ConsoleSnapshot;
  journal: JournalRecord[];
  /** What happens so many milliseconds after it was said. */
  later: [number, () => void][];
}

/** Makes the drill in a world that `turn` changes with what the drill waits for. */
async function made(
  turn: (what: DrillAwaited['what'], world: World) => void,
  ends: () => string | null = () => null,
) {
  const world: World = { seen: fixtures.healthy(), journal: [], later: [] };
  const asks: string[] = [];
  const rechecked: string[] = [];
  const told: DrillRecord[] = [];
  const asked = new Set<DrillAwaited['what']>();
  const verification = { lines: [], operation: 'op-48' };
  const site = {
    watch: { site: world.seen.site, view: () => world.seen.site, agents: () => [] },
    ask: () => Promise.reject((asks.push('an agent was asked'), new Error('an agent was asked'))),
    history: () => Promise.resolve({ database: { head: () => 0, find: () => world.journal } }),
    verification: () =>
      Promise.resolve({
        keeper: {
          checkAgain: (_cluster: string, operation: string) => rechecked.push(operation),
          state: () => ({ progress: null, kept: { verification } }),
        },
      }),
    profileDirectory: '/nowhere',
    me: { name: 'admin-1', role: 'admin' },
  } as unknown as DrillPorts['site'];
  const time = fastTime((passedMs) => {
    world.later = world.later.flatMap(([leftMs, happens]): World['later'] => {
      if (leftMs > passedMs) return [[leftMs - passedMs, happens]];
      happens();
      return [];
    });
  });
  const order = { cluster: 'WK1', kind: 'power-off', reason: 'yearly' } as const;
  const standing = { goalSeconds: 60, running: null };
  const unconfirmed = prepareDrill({ ...order, typedName: 'ig-south' }, site, standing, time);
  const prepared = prepareDrill({ ...order, typedName: 'ig-north' }, site, standing, time);
  if (!prepared.ok) throw new Error(prepared.error.details?.join(' ') ?? prepared.error.message);
  const record = await carryOutDrill(prepared.value, {
    ...{ site, time, ends },
    tell: (now) => {
      told.push(now);
      const what = now.awaited?.what;
      if (what !== undefined && !asked.has(what)) turn(what, world);
      if (what !== undefined) asked.add(what);
      return Promise.resolve();
    },
  });
  const happened = Object.fromEntries(record.lines.map(({ id, verdict }) => [id, verdict]));
  return { record, happened, asks, rechecked, told, unconfirmed };
}

/** Goal: the drill asks, watches and compares, and never takes silence for success. Method: worlds in which a person does something, or does not. */
describe('a power cut by a person', () => {
  it('is followed from the cut to the return, and the takeover is verified anew', async () => {
    const { record, happened, asks, rechecked, told, unconfirmed } = await made((what, world) => {
      if (what === 'power-off') world.seen = heldOutAndDown();
      if (what === 'takeover') world.journal = [opened];
      if (what === 'power-on') world.seen = bothOnSouth();
    });
    expect(unconfirmed).toMatchObject({ ok: false, error: { code: 'drill.unconfirmed' } });
    expect(happened).toMatchObject({ cut: 'met', takes: 'met', back: 'met', proof: 'met', ready: 'met' });
    expect(record.steps.map(({ state }) => state)).toEqual(record.steps.map(() => 'done'));
    expect(record).toMatchObject({ operations: ['op-48'], awaited: null });
    expect(told.some(({ sentence }) => sentence === 'Now cut the power of ig-north.')).toBe(true);
    expect([asks, rechecked]).toEqual([[], ['op-48']]);
  });

  it('is no failure where nobody cut the power, and says so', async () => {
    const { record } = await made(() => undefined);
    expect(record.verdict).toBe('interrupted');
    expect(record.sentence).toMatch(
      /^A power cut of ig-north was not seen within 1200 s\. Nothing was done yet/,
    );
  });

  it('is called off, and says not to cut, once the cluster or one that goes along cannot fail over', async () => {
    const blocked = await made((what, world) => {
      if (what === 'power-off') world.seen = fixtures['failover-blocked']();
    });
    expect(blocked.record).toMatchObject({ verdict: 'interrupted', awaited: null });
    expect(blocked.record.sentence).toMatch(/^Do not cut the power of ig-north: WK1 cannot fail over\./);
    const along = await made((what, world) => {
      if (what === 'power-off') world.seen = bothOnNorthAndWk2Alone();
    });
    expect(along.record.verdict).toBe('interrupted');
    expect(along.record.sentence).toMatch(/^Do not cut the power of ig-north: ig-north has WK2 too/);
  });

  it('goes on where the failover was in doubt for a moment only, as before a server is seen gone', async () => {
    const { record, happened } = await made((what, world) => {
      if (what === 'power-off') {
        world.seen = fixtures['failover-blocked']();
        world.later.push([5_000, () => (world.seen = heldOutAndDown())]);
      }
      if (what === 'takeover') world.journal = [opened];
      if (what === 'power-on') world.seen = bothOnSouth();
    });
    expect(happened).toMatchObject({ cut: 'met', takes: 'met', back: 'met' });
    expect(record.steps.every(({ state }) => state === 'done')).toBe(true);
  });

  it('tells a server that came back too soon from a failover that did not come', async () => {
    const { record } = await made((what, world) => {
      if (what === 'power-off') world.seen = northSilent();
      if (what === 'takeover') world.seen = fixtures.healthy();
    });
    expect(record.verdict).toBe('not-passed');
    expect(record.sentence).toContain('its power was not cut, or not for long enough');
  });

  it('asks for the power also when the failover did not come, and does not pass', async () => {
    const { record, happened } = await made((what, world) => {
      if (what === 'power-off') world.seen = northSilent();
      if (what === 'power-on') world.seen = fixtures.healthy();
    });
    expect(record.verdict).toBe('not-passed');
    expect(happened).toMatchObject({
      cut: 'met',
      takes: 'not-met',
      back: 'not-met',
      ready: 'met',
      proof: 'open',
    });
  });

  it('is told as interrupted when it is ended, with what to do about the power', async () => {
    let isEnded = false;
    const { record } = await made(
      (what, world) => {
        if (what === 'power-off') world.seen = heldOutAndDown();
        if (what === 'takeover') world.journal = [opened];
        if (what === 'power-on') isEnded = true;
      },
      () => (isEnded ? 'admin-1 ended it.' : null),
    );
    expect(record.verdict).toBe('interrupted');
    expect(record.sentence).toMatch(/Done last: WK1 taken over by ig-south\. Give the server its power back/);
  });
});
