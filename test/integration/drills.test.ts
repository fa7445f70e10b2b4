import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsoleSite } from '../../electron/host/console-site.ts';
import { keepDrill, readDrills } from '../../electron/host/drills/drill-files.ts';
import { DrillsKeeper } from '../../electron/host/drills/drills-keeper.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import { siteDrill } from '../../electron/host/site-command/drill-verb.ts';
import type { DrillKind, DrillRecord } from '../../shared/drills/drill-record.ts';
import { goneAfterMs } from '../../shared/drills/drill-record.ts';
import { clusterVerdict } from '../../shared/fleet/cluster-verdict.ts';
import { siteSight } from '../../shared/fleet/sight.ts';
import { until, upToThrice } from './demo-harness.ts';
import { DemoSiteBench } from './demo-site-bench.ts';
import { TestListener } from './test-listener.ts';

/**
 * Goal: a drill proves what it says, on a cluster that it leaves as it was, and one that is cut short leaves nothing
 * unprotected. Method: the whole demo with real agents, guards and messages.
 */
const demo = new DemoSiteBench();
const time = systemTime();
const log = { info: () => undefined, error: () => undefined };
let site: ConsoleSite;

const keeperOf = () => new DrillsKeeper({ time, log, site: () => site, onNews: () => undefined });

beforeAll(async () => {
  site = await demo.openConsole(time);
});
afterAll(async () => {
  await site?.close();
  await demo.close();
});

const order = (kind: DrillKind, probe?: string, typedName?: string) =>
  ({ act: 'start', cluster: 'WK1', kind, reason: 'a test', probe, typedName }) as const;

/** Of WK1 by what this console knows of both members: a drill that begins sooner judges a member it has not seen. */
function verdict() {
  const { clusters } = siteSight(site.watch.view(time.bootMs()), 0);
  return clusterVerdict(clusters.find(({ cluster }) => cluster.id === 'WK1')!).kind;
}

/** What the last drill has told of when its agent gives something back, each once. */
let healings: string[] = [];

/** What a test does where a drill waits for a person. */
interface Person {
  readonly typedName: string;
  readonly asked: (what: NonNullable<DrillRecord['awaited']>['what']) => Promise<unknown>;
}

/** Makes a drill, once the cluster is ready for one, and waits for its end: it shall have passed. */
async function made(
  kind: DrillKind,
  withinMs: number,
  probe?: string,
  person?: Person,
): Promise<DrillRecord> {
  const keeper = keeperOf();
  healings = [];
  const earlier = new Set((await keeper.open()).records.map(({ id }) => id));
  await until(
    'a drill can begin',
    async () => {
      if (verdict() !== 'ready') return false;
      const begun = await keeper.act(order(kind, probe, person?.typedName));
      return begun.ok;
    },
    60_000,
  );
  const asked = new Set<string>();
  const record = await until(
    `the ${kind} drill has ended`,
    async () => {
      const { healing, awaited } = keeper.view().records.find(({ state }) => state === 'running') ?? {};
      if (awaited && !asked.has(awaited.what)) {
        asked.add(awaited.what);
        await person?.asked(awaited.what);
      }
      if (healing?.by && !healings.includes(healing.by)) healings.push(healing.by);
      return keeper.view().records.find(({ id, state }) => !earlier.has(id) && state === 'ended');
    },
    withinMs,
  );
  expect(record.verdict, told(record)).toBe('passed');
  return record;
}

/** What a person would be told, when a test fails. */
const told = ({ lines, steps }: DrillRecord) =>
  [
    ...lines.map(({ id, verdict, happened }) => `${id} ${verdict}: ${happened}`),
    ...steps.map(({ title, state, evidence }) => `${title} ${state}: ${evidence}`),
  ].join('\n');
const verdicts = ({ lines }: DrillRecord) =>
  Object.fromEntries(lines.map(({ id, verdict }) => [id, verdict]));

// Most are made up to three times, each within its own limit.
describe('drills of the demo site', { timeout: 900_000 }, () => {
  test('a dry run tells what the rules of both agents would decide, and changes nothing', async () => {
    const record = await upToThrice(() => made('dry-run', 120_000));
    expect(record.lines.find(({ id }) => id === 'takes')?.happened).toMatch(/takes over/);
    expect(record.operations).toEqual([]);
    await demo.bothServe('ig-north', 'ig-south');
  });

  test('one guard is restarted, and everything else answers', async () => {
    await upToThrice(() => made('components', 60_000));
    expect(demo.journal('ig-south')).toContain('a restart of guard 1');
  });

  test('a cluster is moved, verified, moved back and verified', async () => {
    const record = await upToThrice(async () => {
      await demo.putBack();
      return made('switchover-and-back', 240_000);
    });
    expect(verdicts(record)).toMatchObject({ there: 'met', back: 'met', loss: 'met', ready: 'met' });
    expect(record.operations).toHaveLength(2);
    expect(record.outage).toMatchObject({ by: 'acknowledged-messages', ms: expect.any(Number) as number });
    expect(record.loss?.lost).toBe(0);
    await demo.bothServe('ig-north', 'ig-south');
  });

  test('an engine that is killed on purpose comes back by rule', async () => {
    let before: ReturnType<typeof demo.engine>;
    const record = await upToThrice(async () => {
      await demo.putBack();
      before = demo.engine('ig-north', 'WK1');
      return made('engine-kill', 240_000);
    });
    expect(verdicts(record)).toMatchObject({ died: 'met', back: 'met', loss: 'met', ready: 'met' });
    expect(demo.engine('ig-north', 'WK1')?.pid).not.toBe(before?.pid);
    expect(demo.journal('ig-north')).toContain('as a crash would end it');
  });

  test('a cluster whose Active loses the lease store stays where it is, and the way comes back by itself', async () => {
    let before: ReturnType<typeof demo.engine>;
    let listener = new TestListener();
    const record = await upToThrice(async () => {
      await demo.putBack();
      before = demo.engine('ig-north', 'WK1');
      listener = new TestListener();
      const port = await listener.open();
      return made('store-cut', 240_000, `127.0.0.1:${port}`).finally(() => listener.close());
    });
    expect(record.outage?.sentence).toMatch(/by \d+ test messages that this console sent/);
    expect(listener.ids.length).toBeGreaterThan(50);
    expect(verdicts(record)).toMatchObject({ cut: 'met', stays: 'met', healed: 'met', loss: 'met' });
    // Told once, for the countdown, and gone once the way is back.
    expect(healings.map((by) => Date.parse(by) > Date.parse(record.startedAt))).toEqual([true]);
    expect(record.healing).toBeNull();
    expect(demo.engine('ig-north', 'WK1')?.pid).toBe(before?.pid);
    expect(demo.journal('ig-north')).toMatch(/What a drill had cut for \d+ s is whole again/);
  });

  test('a console that is closed in the middle leaves the cluster Active and protected, and says where', async () => {
    // On a busy machine its first move may be undone, and is made again.
    await upToThrice(async () => {
      await demo.putBack();
      const keeper = keeperOf();
      const begun = await until(
        'a drill can begin',
        async () => (await keeper.act(order('switchover-and-back'))).ok,
      );
      expect(begun).toBe(true);
      const other = await keeperOf().act(order('dry-run'));
      expect(other).toMatchObject({ ok: false, error: { code: 'drill.refused' } });
      await until('the first move has begun', () => keeper.view().records[0]!.operations.length === 1);
      await keeper.stop();
      const [record] = (await readDrills(site.profileDirectory, time.wallTime())).records;
      expect(record).toMatchObject({
        state: 'ended',
        verdict: 'interrupted',
        steps: expect.anything() as unknown,
      });
      expect(record?.sentence).toMatch(/The console was closed.*move it back/);
      await demo.bothServe('ig-south', 'ig-south');
    });
  });

  test('an Active that reaches nobody is taken over from, and comes back as Passive', async () => {
    let from = '';
    const record = await upToThrice(async () => {
      from = await demo.served('WK1');
      return made('cut-off', 240_000);
    });
    expect(verdicts(record)).toMatchObject({
      cut: 'met',
      takes: 'met',
      healed: 'met',
      loss: 'met',
      ready: 'met',
    });
    await demo.bothServe(from === 'ig-north' ? 'ig-south' : 'ig-north', 'ig-south');
  });

  test('a server whose power a person cuts is taken over from, and comes back when the power does', async () => {
    let from = '';
    const record = await upToThrice(async () => {
      await demo.site.heal();
      await demo.allFit();
      from = await demo.served('WK1');
      return made('power-off', 300_000, undefined, {
        typedName: from,
        asked: async (what) => {
          if (what === 'power-off') await demo.inject('kill-server', { server: from });
          if (what === 'power-on') await demo.site.heal();
        },
      });
    });
    const met = { cut: 'met', takes: 'met', back: 'met', loss: 'met', ready: 'met' };
    expect(verdicts(record)).toMatchObject(met);
    expect(record.lines.find(({ id }) => id === 'proof')?.verdict).not.toBe('not-met');
    expect(record.outage).toMatchObject({ by: 'acknowledged-messages', ms: expect.any(Number) as number });
    expect(record.awaited).toBeNull();
    expect(await demo.served('WK1')).not.toBe(from);
  });

  test('the command line asks a person for a power cut only with the name typed, and follows it', async () => {
    const lines: string[] = [];
    const drill = async (from: string, typedName?: string) =>
      siteDrill(
        {
          ...{ verb: 'drill', file: '', profile: site.profileDirectory, json: false, ask: false },
          ...{ breakLock: undefined, formats: [], out: undefined, interval: null },
          order: { cluster: 'WK1', kind: 'power-off', reason: 'a test', typedName },
        },
        {
          ...{
            profileDirectory: site.profileDirectory,
            consoleVersion: '0',
            signal: new AbortController().signal,
          },
          say: (line) => {
            lines.push(line);
            if (line.includes('Now cut the power')) void demo.inject('kill-server', { server: from });
            if (line.includes('its power back. ')) void demo.site.heal();
          },
        },
      );
    const followed = await upToThrice(async () => {
      await demo.site.heal();
      await until('a drill can begin', () => verdict() === 'ready', 60_000);
      const from = await demo.served('WK1');
      expect(await drill(from)).toMatchObject({ ok: false, error: { code: 'drill.unconfirmed' } });
      lines.length = 0;
      const ended = await drill(from, from);
      if (!ended.ok) throw new Error(lines.join('\n'));
      // By itself the command sees no numbered messages: their fate is then proven, or told as not known.
      const open = ended.value.record?.lines.filter(({ decides, verdict: one }) => decides && one !== 'met');
      expect(
        open?.every(({ id, verdict: one }) => id === 'loss' && one === 'not-known'),
        lines.join('\n'),
      ).toBe(true);
      return ended;
    });
    expect(followed.ok && followed.value.lines.at(-1)).toMatch(
      /^Power cut by a person of WK1(?: passed|: \d+ of \d+ expectations met)/,
    );
    const asked = lines.filter((line) => /^ {2}(now|late) /.test(line));
    expect(asked[0]).toMatch(/Now cut the power of ig-/);
    expect(asked.at(-1)).toMatch(/Now give ig-.* its power back/);
  });

  test('a console that vanishes is told as interrupted by the next one', async () => {
    const [last] = (await readDrills(site.profileDirectory, time.wallTime())).records;
    const aliveAt = new Date(Date.now() - goneAfterMs - 1).toISOString();
    const left: DrillRecord = {
      ...last!,
      id: 'left-1',
      state: 'running',
      verdict: null,
      endedAt: null,
      aliveAt,
    };
    expect(await keepDrill(site.profileDirectory, left)).toMatchObject({ ok: true });
    const view = await keeperOf().open();
    expect(view.records.find(({ id }) => id === 'left-1')).toMatchObject({
      verdict: 'interrupted',
      endedAt: aliveAt,
    });
  });

  test('no message was lost, and never two engines ran', async () => {
    await demo.judge();
  }, 60_000);
});
