import { describe, expect, test } from 'vitest';
import { patchLines } from '../../../electron/host/site-command/patch-verb.ts';
import { formatMeasured, formatRange } from '../../../shared/fleet/age.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { planPatch } from '../../../shared/patching/patch-plan.ts';
import { patchStanding } from '../../../shared/patching/patch-standing.ts';
import { patchWhy, readPatchWhy } from '../../../shared/patching/patch-why.ts';
import { standingWords } from '../../../shared/patching/patch-words.ts';
import type { PatchDirection } from '../../../shared/patching/patch-view.ts';
import { fixtures } from '../../screens/fixtures.ts';
import type { ScheduledMove } from '../../../shared/scheduling/scheduled-move.ts';
import { scheduled } from '../../screens/schedule-fixtures.ts';
import { runningSwitchover } from '../../screens/operation-fixture.ts';
import { clusterOf, lostFor } from '../../screens/site-fixture.ts';
import { usualFixture } from '../../screens/usual-fixture.ts';

/** Goal: a patch plans only what is left, and nothing that is not clear. Method: the plan of pictured sites. */
const admin = { role: 'admin', connected: true } as const;
const plan = (snapshot: ConsoleSnapshot, direction: PatchDirection, server = 'ig-north', asker = admin) =>
  planPatch(siteSight(snapshot.site!, 0), server, direction, asker)!;
const kinds = (snapshot: ConsoleSnapshot, direction: PatchDirection) =>
  plan(snapshot, direction).steps.map(({ kind, cluster }) => `${kind} ${cluster ?? 'server'}`);
const standing = (snapshot: ConsoleSnapshot) => patchStanding(siteSight(snapshot.site!, 0), 'ig-north')!;

describe('what a patch plans', () => {
  test('moves what is Active on the server, then holds every cluster, then looks at its engines', () => {
    const healthy = fixtures.healthy();
    expect(kinds(healthy, 'out')).toEqual(['move WK1', 'hold WK1', 'hold WK2', 'stopped server']);
    expect(plan(healthy, 'out').refusals).toEqual([]);
    const [move] = plan(healthy, 'out').steps;
    expect(move?.usualMs).toBeGreaterThan(0);
    expect(plan(healthy, 'out').cautions.map(({ title }) => title)).toEqual([
      'ig-south will carry WK1 and WK2 at once',
      'While ig-north is out, nobody takes over',
    ]);
  });

  test('plans with what is usual on this site, and the command line tells it', () => {
    const site = siteSight(fixtures.healthy().site!, 0);
    const usual = { ...site, clusters: site.clusters.map((sight) => ({ ...sight, usual: usualFixture() })) };
    const [last] = planPatch(site, 'ig-north', 'out', admin)!.steps;
    const planned = planPatch(usual, 'ig-north', 'out', admin)!;
    const [move] = planned.steps;
    expect(move?.withoutActive?.history?.count).toBeGreaterThan(1);
    expect(move?.usualMs).not.toBe(last?.usualMs);
    const line = patchLines(planned).find((told) => told.startsWith('  1. '));
    expect(line).toBe(
      `  1. Switch WK1 over to ig-south (usually ${formatMeasured(move!.usualMs!)}, without an Active for ${formatRange(move!.withoutActive!.bestMs, move!.withoutActive!.worstMs)})`,
    );
    expect(patchLines(planned).find((told) => told.startsWith('  2. '))).not.toContain('usually');
  });

  test('brings back only those clusters that prefer the server', () => {
    expect(kinds(fixtures['patch-out'](), 'back')).toEqual([
      'allow WK1',
      'allow WK2',
      'return WK1',
      'ready server',
    ]);
    expect(plan(fixtures['patch-out'](), 'back').refusals).toEqual([]);
  });

  test('plans only what is left after a run that was interrupted', () => {
    const part = fixtures['patch-part']();
    expect(kinds(part, 'out')).toEqual(['hold WK1', 'hold WK2', 'stopped server']);
    expect(kinds(part, 'back')).toEqual(['allow WK2', 'return WK1', 'ready server']);
  });

  test('has nothing to bring back to a server that is in service', () => {
    expect(plan(fixtures.healthy(), 'back').refusals.map(({ code }) => code)).toEqual(['nothing-to-do']);
  });

  test('a server without members has no plan', () => {
    expect(planPatch(siteSight(fixtures.healthy().site!, 0), 'ig-witness', 'out', admin)).toBeNull();
  });
});

describe('what stands in the way', () => {
  const codes = (snapshot: ConsoleSnapshot, direction: PatchDirection) =>
    plan(snapshot, direction).refusals.map(({ code }) => code);

  test('a viewer only looks', () => {
    const viewer = { role: 'viewer', connected: true } as never;
    expect(plan(fixtures.healthy(), 'out', 'ig-north', viewer).refusals.map(({ code }) => code)).toEqual([
      'command.forbidden',
    ]);
  });

  test('another cluster that moves, wherever in the site', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK2').operations = [runningSwitchover()];
    expect(codes(snapshot, 'out')).toEqual(['operation.running']);
    expect(codes(snapshot, 'back')).toContain('operation.running');
  });

  test('every cluster is told with its own blockers, each with its remedy', () => {
    const { refusals } = plan(fixtures['dead-server'](), 'out', 'ig-south');
    expect(refusals.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([expect.stringMatching(/WK1/), expect.stringMatching(/WK2/)]),
    );
    for (const { remedy } of refusals) expect(remedy).not.toBe('');
  });

  test('a block for another reason, and maintenance', () => {
    expect(codes(fixtures['failover-blocked'](), 'out')).toEqual(['WK1 blocked-already']);
    expect(codes(fixtures.maintenance(), 'out')).toEqual(['WK1 in-maintenance']);
  });

  test('a move onto the server that is scheduled, and not one away from it or one that is over', () => {
    const to = (server: string, state: ScheduledMove['state'] = 'waiting') =>
      scheduled({ to: server, state });
    const [blocker, ...more] = plan(to('ig-south'), 'out', 'ig-south').refusals;
    expect(more).toEqual([]);
    expect(blocker).toEqual({
      code: 'WK1 scheduled',
      reason:
        'admin-1 has scheduled a switchover of WK1 to ig-south, between 2026-03-14T22:00:00.000Z and 2026-03-14T23:00:00.000Z.',
      remedy: 'Call it off first: Show it on the page of WK1, or ixha cancel-schedule WK1.',
    });
    expect(codes(to('ig-south'), 'out')).toEqual([]);
    expect(plan(to('ig-south', 'skipped'), 'out', 'ig-south').refusals).toEqual([]);
  });

  test('a server that does not answer yet is not brought back', () => {
    expect(codes(fixtures['patch-out-down'](), 'back')).toEqual(
      expect.arrayContaining(['WK1 target.silent', 'WK2 target.silent']),
    );
  });

  test('a server that is not fit in a cluster that stays elsewhere is not brought back', () => {
    const snapshot = fixtures['patch-out']();
    const member = clusterOf(snapshot, 'WK2').members.find(({ server }) => server === 'ig-north')!;
    member.snapshot!.blockers = [
      { code: 'guards', reason: '1 of 2 guards beat.', remedy: 'Start the guards.' },
    ];
    expect(codes(snapshot, 'back')).toEqual(['WK2 guards']);
  });
});

describe('where a server stands', () => {
  test('is read from the agents, also while it is down', () => {
    expect(standing(fixtures.healthy()).phase).toBe('in-service');
    expect(standing(fixtures['patch-moved']()).phase).toBe('in-service');
    expect(standing(fixtures['patch-part']()).phase).toBe('part');
    expect(standing(fixtures['patch-out']())).toMatchObject({
      phase: 'out',
      hold: { by: 'admin-1', reason: 'kernel patch', leftMs: 2_939_700 },
    });
    expect(standing(fixtures['patch-out-down']()).phase).toBe('out');
    expect(standingWords(standing(fixtures['patch-out']()))).toBe(
      'WK1 is Active on ig-south, held, WK2 is Active on ig-south, held',
    );
  });

  test('is never out while who is Active is not known', () => {
    const snapshot = fixtures['patch-out']();
    for (const member of clusterOf(snapshot, 'WK1').members) member.link = lostFor(60_000);
    expect(standing(snapshot).phase).not.toBe('out');
  });

  test('a hold for another server is another reason', () => {
    const found = patchStanding(siteSight(fixtures['patch-out']().site!, 0), 'ig-south')!;
    expect(found.phase).toBe('in-service');
    expect(found.clusters.map(({ blockedBy }) => blockedBy)).toEqual([
      expect.stringContaining('patching ig-north'),
      expect.stringContaining('patching ig-north'),
    ]);
  });

  test('reads back what it has written, and nothing else', () => {
    expect(readPatchWhy(patchWhy('ig-north', 'a: b'))).toEqual({ server: 'ig-north', reason: 'a: b' });
    expect(readPatchWhy('3 automatic failovers within an hour')).toBeNull();
    expect(readPatchWhy('we are patching ig-north: now')).toBeNull();
  });
});
