import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import * as z from 'zod/mini';
import type { Unit, UnitAnswer, UnitStatus } from './unit.ts';

const longestLine = 4096;
const defaultGraceMs = 5_000;

const ControlRequest = z.discriminatedUnion('op', [
  z.object({ op: z.literal('start'), unit: z.string() }),
  z.object({ op: z.literal('stop'), unit: z.string(), graceMs: z.optional(z.int().check(z.minimum(0))) }),
  z.object({ op: z.literal('kill'), unit: z.string() }),
  z.object({ op: z.literal('status'), unit: z.string() }),
  z.object({ op: z.literal('list') }),
]);
type ControlRequest = z.infer<typeof ControlRequest>;
export type ControlAnswer =
  UnitAnswer | { readonly ok: true; readonly units: readonly ({ readonly unit: string } & UnitStatus)[] };

/**
 * Listens on a Unix socket for one JSON object per line. Requests are carried out as they arrive, also
 * on one connection, and answered in their order: a `kill` does not wait for a slow `stop` before it.
 */
export function listenForControl(socketPath: string, units: readonly Unit[]): Promise<Server> {
  rmSync(socketPath, { force: true });
  const server = createServer((socket) => serve(socket, units));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      chmodSync(socketPath, 0o600);
      resolve(server);
    });
  });
}

function serve(socket: Socket, units: readonly Unit[]): void {
  let text = '';
  let answered: Promise<void> = Promise.resolve();
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const answer = answerLine(text.slice(0, end), units);
      text = text.slice(end + 1);
      answered = answered.then(async () => {
        const line = `${JSON.stringify(await answer)}\n`;
        if (socket.writable) socket.write(line);
      });
    }
    if (text.length > longestLine) socket.destroy();
  });
}

async function answerLine(line: string, units: readonly Unit[]): Promise<ControlAnswer> {
  const request = parseLine(line);
  if (request === undefined) {
    return { ok: false, refused: 'failed', detail: 'the request was not understood' };
  }
  if (request.op === 'list') {
    return { ok: true, units: units.map((unit) => ({ unit: unit.id, ...unit.status() })) };
  }
  const unit = units.find((candidate) => candidate.id === request.unit);
  if (!unit) return { ok: false, refused: 'unknown-unit', detail: `there is no unit ${request.unit}` };
  switch (request.op) {
    case 'start':
      return unit.start();
    case 'stop':
      return unit.stop(request.graceMs ?? defaultGraceMs);
    case 'kill':
      return unit.kill();
    case 'status':
      return { ok: true, ...unit.status() };
  }
}

function parseLine(line: string): ControlRequest | undefined {
  try {
    const parsed = z.safeParse(ControlRequest, JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
