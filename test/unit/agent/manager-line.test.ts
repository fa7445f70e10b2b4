import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManagerLine } from '../../../agent/services/manager-line.ts';

let folder: string;
let server: Server;
let connections: Socket[];
let onLine: (line: string, socket: Socket) => void;
let line: ManagerLine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-line-'));
  connections = [];
  onLine = (text, socket) => socket.write(`answer to ${text}\n`);
  server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => onLine(data.toString('utf8').trim(), socket));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'manager.sock'), resolve));
  line = new ManagerLine(join(folder, 'manager.sock'));
});
afterEach(async () => {
  line.close();
  for (const socket of connections) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe('a line to the service manager', () => {
  it('asks again and again over one connection', async () => {
    expect(await line.ask({ n: 1 }, 10_000)).toEqual({ ok: true, value: 'answer to {"n":1}' });
    expect(await line.ask({ n: 2 }, 10_000)).toEqual({ ok: true, value: 'answer to {"n":2}' });
    expect(connections).toHaveLength(1);
  });

  it('never takes a late answer for the answer to the next question', async () => {
    let late: Socket | null = null;
    onLine = (_text, socket) => (late = socket);
    expect((await line.ask({ n: 1 }, 100)).ok).toBe(false);
    onLine = (text, socket) => {
      late?.write('too late\n');
      socket.write(`answer to ${text}\n`);
    };
    expect(await line.ask({ n: 2 }, 10_000)).toEqual({ ok: true, value: 'answer to {"n":2}' });
    expect(connections).toHaveLength(2);
  });

  it('connects anew after the manager has gone and come back', async () => {
    await line.ask({ n: 1 }, 10_000);
    onLine = (_text, socket) => socket.destroy();
    expect(await line.ask({ n: 2 }, 10_000)).toMatchObject({ ok: false });
    onLine = (text, socket) => socket.write(`answer to ${text}\n`);
    expect((await line.ask({ n: 3 }, 10_000)).ok).toBe(true);
  });

  it('says why a manager that is not there cannot be asked', async () => {
    const nobody = new ManagerLine(join(folder, 'nobody.sock'));
    expect(await nobody.ask({}, 10_000)).toEqual({
      ok: false,
      error: expect.stringContaining('cannot be asked') as string,
    });
  });
});
