import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngineOccupancy } from '../../agent/probes/engine-occupancy.ts';
import type { EngineService } from '../../agent/services/engine-service.ts';
import type { RunProgram } from '../../agent/services/run-program.ts';
import { openStandbyShell } from '../../agent/services/standby-shell.ts';
import { fail, succeed } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { root } from './demo-harness.ts';
import { createEngineBench, type EngineBench, type RunningEngine } from './engine-bench.ts';

/** Goal: an engine beside its unit is seen by what it holds. Method: a real process, real /proc. */
let site: EngineBench;
let engine: RunningEngine;
let unit: number[] | null;
beforeEach(async () => {
  site = await createEngineBench();
  engine = await site.engine('ig-north');
  unit = [];
});
afterEach(() => site.clean());

const scripts = join(root, 'resources/agent');
const shell = openStandbyShell(scripts);
function look(run: RunProgram = shell.runWhenFree) {
  const config = {
    paths: { scripts },
    engine: {
      apiPort: engine.apiPort,
      listeners: { ADT: engine.llpPort },
      workingDirectory: site.working,
      service: { kind: 'systemd', unit: 'iguanax.service' },
    },
  } as unknown as MemberConfig;
  const service = {
    processes: () => Promise.resolve(unit === null ? fail('no answer') : succeed(unit)),
  } as unknown as EngineService;
  return openEngineOccupancy(config, service, run);
}
async function outsidersOf(looking: ReturnType<typeof look>): Promise<string[]> {
  const found = await looking();
  if (!found.ok) throw new Error(found.error);
  return found.value.outsiders.map(({ sentence }) => sentence);
}

describe('what holds the ports and the journal of an engine', () => {
  it('is the engine in its unit', async () => {
    unit = [engine.process.pid];
    const found = await look()();
    expect(found).toMatchObject({
      ok: true,
      value: {
        seen: {
          ports: [
            { name: 'API', listening: true, holders: [engine.process.pid] },
            { name: 'ADT', listening: true, holders: [engine.process.pid] },
          ],
          journalWriters: [engine.process.pid],
        },
        outsiders: [],
      },
    });
  });

  it('is an outsider when it is beside the unit, from the second look on', async () => {
    const looking = look();
    expect(await outsidersOf(looking)).toEqual([]);
    const { pid } = engine.process;
    expect(await outsidersOf(looking)).toEqual([
      `process ${pid} listens on port ${engine.apiPort} of API`,
      `process ${pid} listens on port ${engine.llpPort} of ADT`,
      `process ${pid} has the journal of the engine open for writing`,
    ]);
    engine.process.kill('SIGKILL');
    await engine.ended();
    expect(await outsidersOf(looking)).toEqual([]);
  });

  it('is nobody concluded of while the unit is not known', async () => {
    unit = null;
    const looking = look();
    await looking();
    expect(await outsidersOf(looking)).toEqual([]);
  });

  it('is not somebody who only reads the journal', async () => {
    unit = [engine.process.pid];
    openSync(join(site.working, 'logt/journal.log'), 'r');
    const looking = look();
    await looking();
    expect(await outsidersOf(looking)).toEqual([]);
  });

  it('is read from the tables of sockets anew once one is let go, and now and then', async () => {
    unit = [engine.process.pid];
    const asked: number[] = [];
    const looking = look(async (script, args, limitMs) => {
      asked.push(args.length - 2);
      return shell.runWhenFree(script, args, limitMs);
    });
    const ports = async () => {
      const found = await looking();
      return found.ok ? found.value.seen.ports.map(({ holders }) => holders) : found.error;
    };
    const own = [[engine.process.pid], [engine.process.pid]];
    for (let turn = 0; turn < 7; turn += 1) expect(await ports()).toEqual(own);
    expect(asked).toEqual([0, 2, 2, 2, 2, 2, 0]);
    engine.process.kill('SIGKILL');
    await engine.ended();
    expect(await ports()).toEqual([[], []]);
    expect(asked.slice(7)).toEqual([2, 0]);
    await looking();
    expect(asked.slice(9)).toEqual([0]);
  });

  it('leaves no process behind but the shell that stays', async () => {
    const before = await children(look());
    expect(before).toHaveLength(1);
    expect(await children(look())).toEqual(before);
  });
});

/** Of this process, after a look. */
async function children(looking: ReturnType<typeof look>): Promise<string[]> {
  await looking();
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'standby.sh|holders.sh|find'], {
    encoding: 'utf8',
  });
  return stdout.trim().split('\n');
}
