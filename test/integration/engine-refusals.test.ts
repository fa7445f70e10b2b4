import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, node, root } from './demo-harness.ts';
import { createEngineBench, engineConfig, type EngineBench } from './engine-bench.ts';

let site: EngineBench;
beforeEach(async () => (site = await createEngineBench()));
afterEach(() => site.clean());

async function goodConfig(over: object = {}): Promise<object> {
  const place = { server: 'ig-north', apiPort: await freePort(), llpPort: await freePort(), receiverPort: 1 };
  return { ...engineConfig(site.bench, { ...place, working: site.working }), ...over };
}

function run(program: string, text: string | undefined): { code: number | null; lines: string[] } {
  const path = site.bench.path('config.json');
  if (text !== undefined) writeFileSync(path, text);
  const args = [join(root, `electron/demo/${program}/main.ts`), '--config', path];
  const ended = spawnSync(node, args, { timeout: 20_000, encoding: 'utf8' });
  return { code: ended.status, lines: ended.stderr.trim().split('\n') };
}

describe('an engine that cannot run says why in one sentence and ends', () => {
  it('when its configuration is missing', () => {
    expect(run('engine', undefined)).toEqual({
      code: 66,
      lines: [expect.stringMatching(/configuration .* cannot be read \(ENOENT\)\.$/)],
    });
  });

  it.each([
    ['it is not JSON', '{'],
    ['apiPort', '{"name":"WK1","server":"ig"}'],
  ])('when its configuration is damaged: %s', (reason, text) => {
    const { code, lines } = run('engine', text);
    expect([code, lines.length]).toEqual([65, 1]);
    expect(lines[0]).toContain(reason);
  });

  it('when autostart names something that does not exist', async () => {
    const { code, lines } = run('engine', JSON.stringify(await goodConfig({ autostart: ['GONE'] })));
    expect([code, lines[0]]).toEqual([65, expect.stringContaining('GONE')]);
  });

  it('when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const { code, lines } = run('engine', JSON.stringify(await goodConfig({ apiPort: port })));
    other.close();
    expect({ code, lines }).toEqual({ code: 69, lines: [expect.stringContaining('EADDRINUSE')] });
  });

  it('when its working directory is not there', async () => {
    const config = JSON.stringify(await goodConfig({ workingDirectory: site.bench.path('gone') }));
    expect(run('engine', config)).toEqual({
      code: 73,
      lines: [expect.stringMatching(/cannot be used \(ENOENT\)/)],
    });
  });

  it('when the storage says a lower generation than its journal', async () => {
    site.generation(7);
    const engine = await site.engine('ig-north');
    engine.process.kill('SIGTERM');
    await engine.ended();
    site.generation(6);
    const { code, lines } = run('engine', JSON.stringify(await goodConfig()));
    expect({ code, lines }).toEqual({ code: 77, lines: [expect.stringMatching(/generation 7.* as 6/)] });
  });

  it('when its journal or its generation is damaged', async () => {
    const config = JSON.stringify(await goodConfig());
    mkdirSync(join(site.working, 'logt'));
    writeFileSync(join(site.working, 'logt/journal.log'), 'not a journal\n');
    expect(run('engine', config)).toEqual({ code: 74, lines: [expect.stringContaining('damaged')] });
    mkdirSync(join(site.working, '.ixha'));
    writeFileSync(join(site.working, '.ixha/generation'), 'what?');
    expect(run('engine', config)).toEqual({ code: 74, lines: [expect.stringContaining('generation')] });
  });
});

describe('traffic that cannot run says why in one sentence and ends', () => {
  it('when its configuration is missing or names a receiver that does not exist', async () => {
    expect(run('traffic', undefined)).toEqual({
      code: 65,
      lines: [expect.stringContaining('cannot be read')],
    });
    const stream = { id: 'a', cluster: 'WK1', kind: 'judge', address: '127.0.0.1', port: 1, perSecond: 1 };
    const config = {
      control: { port: await freePort() },
      streams: [{ ...stream, receiver: 'rx' }],
      receivers: [],
    };
    expect(run('traffic', JSON.stringify(config))).toEqual({
      code: 65,
      lines: [expect.stringContaining('rx')],
    });
  });

  it('ends with its parent when it was asked to', async () => {
    const config = { control: { port: await freePort() }, streams: [], receivers: [] };
    const path = site.bench.write('traffic.json', JSON.stringify(config));
    const args = [join(root, 'electron/demo/traffic/main.ts'), '--config', path, '--exit-with-parent'];
    const ended = spawnSync(node, args, { timeout: 20_000, input: '' });
    expect([ended.status, ended.signal]).toEqual([0, null]);
  });
});
