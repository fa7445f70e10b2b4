import { createServer, type Server } from 'node:net';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IguanaX } from '../../agent/engines/iguanax.ts';
import { freePort, until } from './demo-harness.ts';
import { createEngineBench, restarted, type EngineBench, type RunningEngine } from './engine-bench.ts';

/** Goal: each way in which an engine can be unwell gets its own name. Method: the stand-in engine over real HTTP. */
let site: EngineBench;
let engine: RunningEngine;
let adapter: IguanaX;
beforeEach(async () => {
  site = await createEngineBench();
  engine = await site.engine('ig-north');
  adapter = adapterOn(engine.apiPort);
});
afterEach(() => site.clean());

function adapterOn(port: number): IguanaX {
  return new IguanaX({ port, user: 'ha', passwordFile: site.bench.path('password'), pollers: ['timer'] });
}
const codes = () => adapter.diagnosis().troubles.map(({ code }) => code);
const limitMs = 10_000;

describe('the adapter and an engine that is well', () => {
  it('sees its components, its version, and nothing the matter', async () => {
    expect(await adapter.look(limitMs)).toMatchObject({
      ok: true,
      value: { total: 1, on: 1, pollersTotal: 1, pollersOn: 0, version: 'standin-1.0' },
    });
    expect(codes()).toEqual([]);
  });

  it('switches pollers with their names as evidence, and only pollers', async () => {
    expect(await adapter.switchComponents('pollers', true, 5_000)).toEqual({
      ok: true,
      value: '1 switched on: timer',
    });
    expect(await adapter.look(limitMs)).toMatchObject({ ok: true, value: { on: 1, pollersOn: 1 } });
    expect(await adapter.switchComponents('pollers', false, 5_000)).toEqual({
      ok: true,
      value: '1 switched off: timer',
    });
    expect(await adapter.look(limitMs)).toMatchObject({ ok: true, value: { on: 1, pollersOn: 0 } });
  });

  it('logs in again at an engine that was started anew', async () => {
    expect((await adapter.look(limitMs)).ok).toBe(true);
    engine.process.kill('SIGKILL');
    await engine.ended();
    expect(await adapter.look(limitMs)).toMatchObject({ ok: false });
    await restarted(site.bench, engine.configPath).ready();
    expect((await adapter.look(limitMs)).ok).toBe(true);
  });

  it('learns which calls it knows', async () => {
    await adapter.look(limitMs);
    const of = (call: string) => adapter.diagnosis().capabilities.find((one) => one.call === call);
    await until('all calls are tried', () => of('/ha/get')?.present !== null);
    expect(of('/os')).toMatchObject({ present: true, shape: 'text' });
    expect(of('/component/stop/check')).toMatchObject({ present: true });
    expect(of('/component/map')).toMatchObject({ present: false });
  });
});

describe('the adapter and an engine that is not well', () => {
  it.each([
    ['hang-api', 'api-silent'],
    ['hang-all', 'api-silent'],
    ['html-200', 'page-instead'],
    ['wrong-json', 'unexpected-form'],
  ])('names %s %s, and sees that it is over', async (fault, code) => {
    await engine.fault(fault, true);
    expect(await adapter.look(limitMs)).toMatchObject({ ok: false });
    expect(codes()).toEqual([code]);
    await engine.fault(fault, null);
    expect((await adapter.look(limitMs)).ok).toBe(true);
    expect(codes()).toEqual([]);
  });

  it.each([
    ['safe-mode', 'safe-mode', 'is in safe mode'],
    ['licence-exceeded', 'licence-exceeded', 'allows 0 running components'],
  ])('names %s once it keeps components off', async (fault, code, words) => {
    await engine.fault(fault, true);
    await engine.fault('components-off', true);
    await until('components are off', async () => (await engine.state()).components[0]?.light === 'OFF');
    await adapter.look(limitMs);
    expect(codes()).toEqual(['components-off']);
    expect(await adapter.switchComponents('listeners', true, 5_000)).toEqual({
      ok: false,
      error: expect.stringContaining(words) as string,
    });
    expect(codes()).toEqual([code]);
    await engine.fault(fault, null);
    expect((await adapter.switchComponents('listeners', true, 5_000)).ok).toBe(true);
    await adapter.look(limitMs);
    expect(codes()).toEqual([]);
  });

  it('names a port where nobody listens, one that accepts and says nothing, and one that is no engine', async () => {
    engine.process.kill('SIGKILL');
    await engine.ended();
    await adapter.look(limitMs);
    expect(codes()).toEqual(['port-closed']);
    for (const [greeting, code] of [
      [null, 'api-silent'],
      ['220 mail ready\r\n', 'not-json'],
    ] as const) {
      const port = await freePort();
      const other: Server = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        if (greeting !== null) socket.write(greeting);
      });
      await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
      adapter = adapterOn(port);
      await adapter.look(limitMs);
      expect(codes()).toEqual([code]);
      other.close();
    }
  });

  it('names a refused account apart from a missing password', async () => {
    writeFileSync(site.bench.path('password'), 'wrong\n');
    adapter = adapterOn(engine.apiPort);
    await adapter.look(limitMs);
    expect(codes()).toEqual(['login-refused']);
    adapter = new IguanaX({
      port: engine.apiPort,
      user: 'ha',
      passwordFile: site.bench.path('none'),
      pollers: [],
    });
    await adapter.look(limitMs);
    expect(codes()).toEqual(['password-unreadable']);
  });
});
