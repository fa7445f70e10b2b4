import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startActiveServer } from '../../agent/api/active-server.ts';
import { HeldChecks, type HeldCheck } from '../../agent/api/held-checks.ts';
import { freePort, until } from './demo-harness.ts';

/** Shows who waits. */
class SeenHeldChecks extends HeldChecks {
  override readonly waiting = new Set<HeldCheck>();
}

/** Goal: a check is answered alike however a balancer sends it, and nothing holds the port. Method: bytes on real sockets. */
let server: { close(): Promise<void> };
let port: number;
let active: boolean;
let asked: string[];
let held: SeenHeldChecks;

beforeEach(async () => {
  [port, active, asked, held] = [await freePort(), true, [], new SeenHeldChecks()];
  const state = {
    active: () => active,
    passive: () => !active,
    healthy: () => true,
    asked: (path: string, status: number) => asked.push(`${path} ${status}`),
    held,
  };
  server = await startActiveServer({ address: '127.0.0.1', port }, state, 60_000);
});
afterEach(() => server.close());

/** Sends the parts one after the other, each once the one before has left, and answers with all that comes back. */
function exchange(parts: readonly string[], end: 'stays' | 'ends' = 'stays'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    socket.on('error', (error) => (text += String(error)));
    socket.on('close', () => resolve(text));
    const send = ([first, ...rest]: readonly string[]): unknown =>
      first === undefined
        ? end === 'ends' && socket.end()
        : socket.write(first, 'latin1', () => setTimeout(() => send(rest), 30));
    socket.on('connect', () => send(parts));
  });
}

const status = (text: string) => text.split('\r\n', 1)[0];

describe('the port for load balancers', () => {
  it.each([
    ['as HAProxy does', ['GET /active HTTP/1.0\r\n\r\n']],
    ['and is told to close', ['GET /active HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n']],
    ['in two parts', ['GET /act', 'ive HTTP/1.0\r\n\r\n']],
    ['with a header that only a parser understands', ['GET /active HTTP/1.0\r\nContent-Length: 0\r\n\r\n']],
  ])('answers whoever asks %s', async (_how, parts) => {
    const yes = await exchange(parts);
    expect(status(yes)).toBe('HTTP/1.1 200 OK');
    expect(yes).toMatch(/\r\nconnection: close\r\n/i);
    expect(yes.endsWith('\r\n\r\nyes\n')).toBe(true);
    active = false;
    const no = await exchange(parts);
    expect(status(no)).toBe('HTTP/1.1 503 Service Unavailable');
    expect(no.endsWith('\r\n\r\nno\n')).toBe(true);
    expect(asked).toEqual(['/active 200', '/active 503']);
  });

  it('answers a caller that has ended its own half already', async () => {
    expect(status(await exchange(['GET /passive HTTP/1.0\r\n\r\n'], 'ends'))).toMatch(/ 503 /);
  });

  it('answers HEAD without a body, and nothing at another path', async () => {
    expect(await exchange(['HEAD /active HTTP/1.0\r\n\r\n'])).toMatch(/200 OK[^]*\r\n\r\n$/);
    expect(status(await exchange(['GET /other HTTP/1.0\r\n\r\n']))).toBe('HTTP/1.1 404 Not Found');
    expect(asked).toEqual(['/active 200']);
  });

  it('keeps a connection open for a caller that goes on asking', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<boolean>((resolve, reject) => {
        const call = request({ agent, host: '127.0.0.1', port, path: '/active' }, (response) => {
          response.resume().on('end', () => resolve(call.reusedSocket));
        });
        call.on('error', reject).end();
      });
    expect([await ask(), await ask()]).toEqual([false, true]);
    agent.destroy();
    expect(asked).toEqual(['/active 200', '/active 200']);
  });

  it.each([
    ['no HTTP', '\x00\x01\x02\r\n\r\n', '400 Bad Request'],
    ['too many headers', `GET /active HTTP/1.0\r\na: ${'b'.repeat(6_000)}\r\n\r\n`, '431 '],
  ])('refuses %s by name', async (_what, bytes, refusal) => {
    expect(status(await exchange([bytes]))).toContain(refusal);
    expect(asked).toEqual([]);
  });

  it('ends connections that say nothing, also when it is closed itself', async () => {
    const silent = exchange([]);
    const late = await exchange(['GET /act']);
    expect(late === '' || status(late) === 'HTTP/1.1 408 Request Timeout').toBe(true);
    expect(await silent).toBe('');
    let ended = false;
    const socket = connect(port, '127.0.0.1', () => void server.close()).on('close', () => (ended = true));
    socket.on('error', () => undefined).resume();
    await until('the silent connection is ended at once', () => ended, 2_000);
  });
});

describe('a check that would rather wait', () => {
  const waiting = 'GET /active HTTP/1.0\r\nPrefer: wait=2\r\n\r\n';
  /** An answer must have stood for a while before one is held. */
  const untilHeld = () =>
    until('a check is held', async () => {
      const socket = connect(port, '127.0.0.1', () => socket.write(waiting, 'latin1'));
      let ended = false;
      let text = '';
      socket.setEncoding('latin1').on('data', (part: string) => (text += part));
      socket.on('error', () => undefined).on('close', () => (ended = true));
      await until('it is held or answered', () => ended || held.waiting.size === 1);
      return ended ? false : { socket, text: () => text, ended: () => ended };
    });

  it('is answered when the answer changes, and at once while it is new', async () => {
    const check = await untilHeld();
    const before = asked.length;
    held.look();
    expect(held.waiting.size).toBe(1);
    active = false;
    held.look();
    await until('it is answered', check.ended);
    expect(status(check.text())).toBe('HTTP/1.1 503 Service Unavailable');
    // A balancer believes the second refusal.
    expect(status(await exchange([waiting]))).toBe('HTTP/1.1 503 Service Unavailable');
    expect(asked.slice(before)).toEqual(['/active 503', '/active 503']);
  });

  it('is answered when its caller ends its half', async () => {
    const check = await untilHeld();
    check.socket.end();
    await until('it is answered', check.ended);
    expect(status(check.text())).toBe('HTTP/1.1 200 OK');
  });

  it('is forgotten with its caller', async () => {
    const check = await untilHeld();
    const before = asked.length;
    check.socket.resetAndDestroy();
    await until('it is forgotten', () => held.waiting.size === 0);
    active = false;
    held.look();
    // Checks of before may still be noted; a refusal would be the answer to this one.
    expect(asked.slice(before)).not.toContain('/active 503');
  });

  it('is answered at once where nothing is there, and not held beyond its time', async () => {
    expect(status(await exchange([waiting.replace('active', 'other')]))).toBe('HTTP/1.1 404 Not Found');
    await server.close();
    const state = { active: () => true, passive: () => false, healthy: () => true };
    server = await startActiveServer(
      { address: '127.0.0.1', port },
      { ...state, asked: () => undefined, held },
      50,
    );
    const check = await untilHeld();
    await until('it is answered', check.ended);
    expect(status(check.text())).toBe('HTTP/1.1 200 OK');
  });

  it('ends with the server', async () => {
    const check = await untilHeld();
    await server.close();
    await until('it is ended', check.ended);
    expect(check.text()).toBe('');
  });
});
