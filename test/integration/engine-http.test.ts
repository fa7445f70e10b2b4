import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, until } from './demo-harness.ts';
import { createEngineBench, type EngineBench } from './engine-bench.ts';

/** Goal: an HTTP channel of the stand-in tells who answers, and only while it is on, so that a judge can see where requests go. */
let site: EngineBench;
beforeEach(async () => {
  site = await createEngineBench();
});
afterEach(() => site.clean());

const ask = (port: number) =>
  fetch(`http://127.0.0.1:${port}/orders`, { headers: { connection: 'close' } }).then(
    (response) => response.text(),
    () => 'nobody',
  );

it('answers with the name of its server while it is on', async () => {
  const port = await freePort();
  const http = [{ name: 'Orders', port }];
  const engine = await site.engine('ig-north', { http, autostart: ['ADT', 'Orders'] });
  await until('the channel answers', async () => (await ask(port)) === 'ig-north');
  const orders = async () => (await engine.state()).components.find(({ name }) => name === 'Orders');
  expect(await orders()).toMatchObject({ light: 'ON', queueCount: 0, received: 1 });
  await engine.fault('components-off', true);
  await until('the channel is off', async () => (await orders())?.light === 'OFF');
  expect(await ask(port)).toBe('nobody');
});

it('is off until somebody starts it, unless it starts with the engine', async () => {
  const port = await freePort();
  const engine = await site.engine('ig-north', { http: [{ name: 'Orders', port }] });
  await until('the listener is on', async () => (await engine.state()).components[0]?.light === 'ON');
  expect(await ask(port)).toBe('nobody');
});

it('cannot be named like another component', async () => {
  const port = await freePort();
  await expect(site.engine('ig-north', { http: [{ name: 'ADT', port }] })).rejects.toThrow(
    'the engine ended with 65',
  );
});
