import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsoleSite } from '../../electron/host/console-site.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import { PatchKeeper } from '../../electron/host/patching/patch-keeper.ts';
import { sitePatch } from '../../electron/host/site-command/patch-verb.ts';
import { siteSight } from '../../shared/fleet/sight.ts';
import { patchStanding } from '../../shared/patching/patch-standing.ts';
import type { PatchDirection, PatchOrder, PatchRun } from '../../shared/patching/patch-view.ts';
import { until, upToThrice } from './demo-harness.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

/**
 * Goal: both clusters go to one server and back without a lost message, and a run that was interrupted is found and
 * gone on with from what the agents tell. Method: the whole demo with real agents, guards and messages.
 */
const demo = new DemoSiteBench();
const time = systemTime();
let site: ConsoleSite;

const order = (direction: PatchDirection): PatchOrder => ({
  ...{ server: 'ig-north', direction, minutes: 30, reason: 'a test' },
});
const keeperOf = () => new PatchKeeper({ time, site: () => site, onNews: () => undefined });
const standing = () => patchStanding(siteSight(site.watch.view(time.bootMs()), 0), 'ig-north')!;

beforeAll(async () => {
  site = await demo.openConsole(time);
});
afterAll(async () => {
  await site?.close();
  await demo.close();
});

/** Begins once nothing stands in the way, and waits for the end. */
async function made(keeper: PatchKeeper, direction: PatchDirection): Promise<PatchRun> {
  await begun(keeper, direction);
  return until(
    `the run ${direction} has ended`,
    () => {
      const { run } = keeper.view();
      return run !== null && run.state !== 'running' && run;
    },
    240_000,
  );
}

async function begun(keeper: PatchKeeper, direction: PatchDirection): Promise<void> {
  let last = '';
  await until(
    `the run ${direction} can begin`,
    async () => {
      const answer = await keeper.act({ act: 'begin', ...order(direction) });
      last = answer.ok ? '' : JSON.stringify(answer.error);
      return answer.ok;
    },
    60_000,
  ).catch((cause: unknown) => Promise.reject(new Error(`${String(cause)} ${last}`)));
}

const told = ({ sentence, steps }: PatchRun) =>
  [sentence, ...steps.map(({ title, state, evidence }) => `${title} ${state}: ${evidence}`)].join('\n');

describe('a server of the demo site is patched', () => {
  test('a console that is closed in the middle leaves every cluster Active, and the next one finds what is left', async () => {
    // On a busy machine the move may be undone, and is made again.
    await upToThrice(async () => {
      await demo.putBack();
      const keeper = keeperOf();
      await begun(keeper, 'out');
      await until('the move is under way', () => keeper.view().run!.steps[0]!.operation !== null);
      // A console that has not begun it knows of it from the members.
      await until('a member tells it', () =>
        standing().clusters.some(({ sight: { cluster } }) =>
          cluster.operations.some(({ state }) => state === 'running'),
        ),
      );
      const second = await keeperOf().act({ act: 'begin', ...order('out') });
      expect(second).toMatchObject({ ok: false, error: { code: 'patch.refused' } });
      await keeper.stop();
      expect(keeper.view().run).toMatchObject({ state: 'unknown' });
      const [move, ...others] = keeper.view().run!.steps.map(({ state }) => state);
      expect(['unknown', 'done']).toContain(move);
      expect(others).toEqual(['pending', 'pending', 'pending']);
      await demo.bothServe('ig-south', 'ig-south');
      await until('both members tell it', () => standing().clusters.every(({ active }) => active === 'away'));
    });
    expect(standing().phase).toBe('in-service');
  }, 480_000);

  test('goes on by planning again, and says when the server may be patched', async () => {
    const run = await made(keeperOf(), 'out');
    expect(run.state, told(run)).toBe('done');
    expect(run.steps.map(({ kind }) => kind)).toEqual(['hold', 'hold', 'stopped']);
    expect(run.sentence).toBe(
      'ig-north may be patched now: it carries nothing, and is not asked to take over.',
    );
    expect(standing()).toMatchObject({ phase: 'out', hold: { reason: 'a test' } });
    expect(demo.journal('ig-south')).toContain('because: patching ig-north: a test');
  }, 240_000);

  test('a server that is off is not asked to take over, and cannot be brought back yet', async () => {
    await demo.inject('kill-server', { server: 'ig-north' });
    await until('it is silent', () => standing().clusters.every(({ member }) => member.silent), 60_000);
    expect(standing().phase).toBe('out');
    const answer = await keeperOf().act({ act: 'begin', ...order('back') });
    expect(answer).toMatchObject({ ok: false, error: { code: 'patch.refused' } });
    await demo.bothServe('ig-south', 'ig-south');
    expect(await demo.site.heal()).toMatchObject({ ok: true });
    await until('it answers', () => standing().clusters.every(({ member }) => !member.silent), 60_000);
  }, 240_000);

  test('the command line tells how it stands, and brings the server back', async () => {
    const lines: string[] = [];
    const place = {
      profileDirectory: site.profileDirectory,
      consoleVersion: 'test',
      signal: new AbortController().signal,
      say: (line: string) => lines.push(line),
    };
    const command = { ...{ file: '', profile: undefined, json: false, ask: false }, breakLock: undefined };
    const verb = { ...command, verb: 'patch', order: order('back') } as const;
    const looked = await until(
      'it can be brought back',
      async () => {
        const seen = await sitePatch({ ...verb, plan: true }, place);
        return seen.ok && seen.value.done && seen.value;
      },
      120_000,
    );
    expect(looked.lines[0]).toMatch(/^ig-north may be patched now, held out for another/);
    const made = await sitePatch({ ...verb, plan: false }, place);
    expect(made, lines.join('\n')).toMatchObject({ ok: true, value: { done: true } });
    await demo.bothServe('ig-north', 'ig-south');
    expect(standing().phase).toBe('in-service');
    expect(demo.journal('ig-south')).toContain('failback');
  }, 360_000);

  test('no message was lost, and never two engines ran', async () => {
    await demo.judge();
  }, 60_000);
});
