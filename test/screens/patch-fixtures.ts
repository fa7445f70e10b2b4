import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { siteSight } from '../../shared/fleet/sight.ts';
import { planPatch } from '../../shared/patching/patch-plan.ts';
import { patchWhy } from '../../shared/patching/patch-why.ts';
import type { PatchDirection, PatchRun, PatchView } from '../../shared/patching/patch-view.ts';
import { cluster, clusterOf, healthy, lostFor } from './site-fixture.ts';

const heldMs = 2_940_000;

/** Nobody takes this cluster over by itself, so that ig-north can be patched. */
export function holdForPatch(snapshot: ConsoleSnapshot, id: string, server = 'ig-north'): void {
  const why = patchWhy(server, 'kernel patch');
  for (const member of clusterOf(snapshot, id).members) {
    member.snapshot!.automaticFailover = {
      ...{ state: 'blocked', reason: `Blocked by admin-1: ${why}.`, untilMs: heldMs },
      block: { by: 'admin-1', why },
    };
  }
}

/** WK1 has been moved to ig-south, which carries both clusters; WK1 still prefers ig-north. */
export function bothOnSouth(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = cluster('WK1', 'Admissions and laboratory', 'ig-south', 'ig-north', 48, 18.4, 96);
  for (const member of wk1.members) member.snapshot!.preferred = member.server === 'ig-north';
  const at = snapshot.site!.clusters.findIndex(({ id }) => id === 'WK1');
  snapshot.site!.clusters[at] = wk1;
  return snapshot;
}

/** ig-north may be patched. */
export function heldOut(): ConsoleSnapshot {
  const snapshot = bothOnSouth();
  holdForPatch(snapshot, 'WK1');
  holdForPatch(snapshot, 'WK2');
  return snapshot;
}

/** The same while ig-north starts anew. */
export function heldOutAndDown(): ConsoleSnapshot {
  const snapshot = heldOut();
  for (const { members } of snapshot.site!.clusters) {
    const north = members.find(({ server }) => server === 'ig-north')!;
    north.link = lostFor(42_000);
    const south = members.find(({ server }) => server === 'ig-south')!.snapshot!;
    south.peer = { ...south.peer, reachable: false, answeredMs: 42_000, lossPercent: 100, why: 'no answer' };
  }
  return snapshot;
}

/** The console that worked on it was closed after WK1 had moved and WK2 was held. */
export function partlyOut(): ConsoleSnapshot {
  const snapshot = bothOnSouth();
  holdForPatch(snapshot, 'WK2');
  return snapshot;
}

/** A run as planned on `snapshot`, its first `done` steps done and the next one under way. */
export function patchRun(snapshot: ConsoleSnapshot, direction: PatchDirection, done: number): PatchRun {
  const asker = { role: 'admin', connected: true } as const;
  const plan = planPatch(siteSight(snapshot.site!, 0), 'ig-north', direction, asker)!;
  return {
    ...{ server: 'ig-north', serverName: 'ig-north', direction, by: 'admin-1', reason: 'kernel patch' },
    ...{ startedAt: '2026-03-14T04:31:24.000Z', state: 'running' },
    sentence: `${plan.steps[done]?.title ?? 'The last step'}: under way.`,
    steps: plan.steps.map(({ kind, cluster: id, title, usualMs }, at) => ({
      ...{ kind, cluster: id, title, usualMs },
      state: at < done ? 'done' : at === done ? 'running' : 'pending',
      at: at <= done ? '2026-03-14T04:31:24.000Z' : null,
      tookMs: at < done ? 4_180 + at * 90 : null,
      evidence: at < done ? evidence[kind] : '',
      operation: (kind === 'move' || kind === 'return') && at <= done ? 'op-20260314-0431' : null,
    })),
  };
}

const evidence = {
  move: 'ig-south is Active under epoch 48',
  return: 'ig-north is Active under epoch 49',
  hold: 'the lease store has it for 60 min, by admin-1',
  allow: 'the members act by themselves again',
  stopped: 'every engine on ig-north is seen stopped, and its gate holds it back',
  ready: 'WK1 can fail over now; WK2 can fail over now',
};

function stopped(): PatchRun {
  const run = patchRun(healthy(), 'out', 1);
  const steps = run.steps.map((step, at) =>
    at === 1
      ? {
          ...{ ...step, state: 'failed' as const, tookMs: 812 },
          evidence: 'The lease store has not taken it: its disk is full.',
        }
      : step,
  );
  const sentence =
    'The lease store has not taken it: its disk is full. It ended there, and nothing more was asked for: WK1 is Active on ig-south, WK2 is Active on ig-south.';
  return { ...run, steps, state: 'stopped', sentence };
}

export const patchFixtures = {
  none: { run: null },
  running: { run: patchRun(healthy(), 'out', 1) },
  stopped: { run: stopped() },
  back: {
    run: {
      ...patchRun(heldOut(), 'back', 4),
      state: 'done',
      sentence: 'ig-north is back in service: every cluster is where it belongs and can fail over.',
    },
  },
} satisfies Record<string, PatchView>;
export type PatchFixtureName = keyof typeof patchFixtures;
