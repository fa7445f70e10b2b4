import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineLogReader } from '../../agent/storage/engine-log-reader.ts';
import { readScript } from '../../agent/services/run-program.ts';
import { EngineLogAnswer, type LoggedRun } from '../../shared/agent-api/engine-log.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { until } from './demo-harness.ts';
import { createEngineBench, type EngineBench, type RunningEngine } from './engine-bench.ts';

/**
 * Goal: an agent tells of an engine's log what is there, no more, and nothing of any message. Method: real engines on
 * one directory, the real script, and logs that somebody has spoiled.
 */
let site: EngineBench;
const scripts = join(import.meta.dirname, '../../resources/agent');

beforeEach(async () => {
  site = await createEngineBench();
});
afterEach(() => site.clean());

const logs = () => join(site.working, 'logt');
function reader(run = readScript): EngineLogReader {
  const config = {
    cluster: 'WK1',
    server: 'ig-south',
    engine: { workingDirectory: site.working },
    paths: { scripts },
  } as unknown as MemberConfig;
  let now = 0;
  return new EngineLogReader(config, run, () => (now += 5_000));
}

/** An engine of this generation that senders reach. */
async function serve(epoch: number, server: string, over: object = {}): Promise<RunningEngine> {
  site.generation(epoch);
  const engine = await site.engine(server, over);
  site.relay.target = engine.llpPort;
  return engine;
}

async function stopped(engine: RunningEngine): Promise<void> {
  engine.process.kill('SIGTERM');
  expect(await engine.ended()).toBe(0);
}

const first = (run: LoggedRun | null) => run!.components.find(({ firstSent }) => firstSent !== null)!;

describe('the log of two engines, one after the other', () => {
  it('tells where the first ended and the second went on, in order and without any content', async () => {
    const one = await serve(1, 'ig-north');
    const traffic = await site.traffic();
    await traffic.more(40);
    await stopped(one);
    await serve(2, 'ig-south');
    await traffic.more(40);
    const read = await until('each component has sent something since', async () => {
      const told = await reader().read(2);
      return told.after.run?.components.every(({ firstSent }) => firstSent !== null) === true && told;
    });
    expect(EngineLogAnswer.parse(read)).toEqual(read);
    const { run: before } = read.before;
    const { run: after } = read.after;
    expect(before).toMatchObject({ server: 'ig-north', generation: 1, end: 'closed', damaged: 0, missed: 0 });
    expect(after).toMatchObject({
      server: 'ig-south',
      generation: 2,
      fromBegin: true,
      damaged: 0,
      missed: 0,
    });
    for (const now of after!.components) {
      const was = before!.components.find(({ name }) => name === now.name)!;
      expect(now).toMatchObject({ again: [], late: [], passed: [] });
      expect(now.firstSent!.number).toBe(was.lastAcknowledged!.number + 1);
      expect(now.firstSent!.id).toMatch(/^\S+-\d+$/);
    }
    expect(JSON.stringify(read)).not.toMatch(/TEST|PID|ADT\^/);
    const written = readdirSync(logs()).filter((name) => name.startsWith('messages-'));
    for (const name of written) expect(readFileSync(join(logs(), name), 'utf8')).not.toContain('PATIENT');
  });

  it('has no orderly end after a crash, and names what may have been sent twice', async () => {
    const one = await serve(1, 'ig-north');
    const traffic = await site.traffic();
    await traffic.more(20);
    await one.fault('crash-after-send', true);
    expect(await one.ended()).toBe('SIGKILL');
    await serve(2, 'ig-south');
    await traffic.more(20);
    await traffic.settle();
    const { before, after } = await reader().read(2);
    expect(before.run!.end).toBe('open');
    const resent = before.run!.components.filter(({ open }) => open.length > 0);
    expect(resent.length).toBeGreaterThan(0);
    for (const { name, open } of resent) {
      const now = after.run!.components.find((component) => component.name === name)!;
      expect(now.firstSent!.number).toBe(open[0]!.number);
    }
  });

  it.each([
    ['send-twice', 'again'],
    ['skip-message', 'passed'],
    ['swap-messages', 'late'],
  ] as const)('tells of %s', async (fault, found) => {
    const one = await serve(1, 'ig-north');
    const traffic = await site.traffic();
    await traffic.more(20);
    await one.fault(fault, 1);
    await traffic.more(40);
    await traffic.settle();
    const { after } = await reader().read(1);
    const odd = after.run!.components.filter((component) => component[found].length > 0);
    expect(odd).toHaveLength(1);
  });
});

describe('a log that is not whole', () => {
  it('has lost its beginning where its first parts were removed', async () => {
    const one = await serve(1, 'ig-north', { messageLogBytes: 2_000 });
    const traffic = await site.traffic();
    await traffic.more(300);
    await traffic.settle();
    expect(existsSync(join(logs(), 'messages-1-1.log'))).toBe(false);
    expect((await reader().read(1)).after.run).toMatchObject({ fromBegin: false });
    await stopped(one);
    // What is left of its end is enough for the one who comes after it.
    expect(first((await reader().read(2)).before.run).lastAcknowledged).not.toBeNull();
  });

  it('tells how many lines are damaged, and leaves out a torn end', async () => {
    await stopped(await serve(1, 'ig-north'));
    appendFileSync(join(logs(), 'messages-1-1.log'), 'PID|1||DOE^JANE\n{"what":"sent","compo');
    const { before } = await reader().read(2);
    expect(before.run).toMatchObject({ damaged: 1, end: 'closed' });
    expect(JSON.stringify(before)).not.toContain('DOE');
  });

  it('is read at its end only, however large it is', async () => {
    await stopped(await serve(1, 'ig-north'));
    const path = join(logs(), 'messages-1-1.log');
    const line = (number: number) =>
      `${JSON.stringify({ what: 'acknowledged', component: 'ADT in', number, id: `M${number}`, at: null })}\n`;
    const many = Array.from({ length: 30_000 }, (_, index) => line(index + 1)).join('');
    writeFileSync(path, readFileSync(path, 'utf8').split('\n')[0] + '\n' + many);
    let bytes = 0;
    const counting: typeof readScript = (script, args, limitMs, take) =>
      readScript(script, args, limitMs, (part) => {
        bytes += part.length;
        take(part);
      });
    const { before } = await reader(counting).read(2);
    expect(before.run!.components[0]).toMatchObject({ lastAcknowledged: { number: 30_000 } });
    expect(before.run).toMatchObject({ server: 'ig-north', fromBegin: false });
    expect(bytes).toBeLessThan(600 * 1024);
    const { after } = await reader().read(1);
    expect(after.run).toMatchObject({ fromBegin: true, end: 'beyond', damaged: 0 });
  });
});

describe('logs that cannot be told of', () => {
  const whyOf = async (epoch = 2) => (await reader().read(epoch)).before.why;

  it('are named by their reason, also as a capability', async () => {
    rmSync(logs(), { recursive: true, force: true });
    expect(await whyOf()).toContain('there is no directory');
    mkdirSync(logs(), { recursive: true });
    expect(await whyOf()).toBe('the engine has written no message log');
    writeFileSync(join(logs(), 'ADT_in.log'), 'anything');
    const one = reader();
    expect(one.capability()).toMatchObject({
      present: null,
      shape: 'looked at only when a move is verified',
    });
    expect((await one.read(2)).before.why).toBe(
      'the engine’s logs are of a form that is not known here (1 files)',
    );
    expect(one.capability()).toMatchObject({ present: null, documented: false });
    writeFileSync(join(logs(), 'messages-1-1.log'), '04:31:50 INFO message M7 sent\n');
    expect((await one.read(2)).before.why).toContain('no form that is known');
    expect(await whyOf(1)).toContain('nothing that was logged before');
  });

  it('are not read through a link to another place', async () => {
    mkdirSync(logs(), { recursive: true });
    const elsewhere = site.bench.path('elsewhere');
    writeFileSync(elsewhere, '{"what":"opened"}\n');
    symlinkSync(elsewhere, join(logs(), 'messages-1-1.log'));
    expect(await whyOf()).not.toBeNull();
  });

  it('are not waited for longer than the limit, and not asked for again beside one that hangs', async () => {
    let calls = 0;
    const hanging: typeof readScript = () => {
      calls += 1;
      return Promise.resolve({ code: null, output: '', timedOut: true, left: new Promise(() => undefined) });
    };
    const one = reader(hanging);
    expect((await one.read(2)).before.why).toContain('did not answer within 3 s');
    expect((await one.read(2)).before.why).toContain('the last look hangs in it');
    expect(calls).toBe(1);
  });
});
