import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ActiveAnswers, Answer } from './active-answers.ts';
import { patienceMs, type HeldCheck } from './held-checks.ts';
import { plainCheck, type PlainCheck } from './plain-check.ts';

interface Limits {
  /** How long a connection may say nothing. */
  readonly silentMs: number;
  /** How long a check is held at most. */
  readonly holdMs: number;
}

/**
 * Balancers ask all the time, each time on a new connection, which costs more than anything else that an idle agent
 * does. A check of the simplest form is answered without an HTTP parser, and one that would rather wait is held until
 * its answer changes: it is asked less often, and told sooner. Whatever is not of that form, Node's own server gets from
 * its first byte on.
 * @returns ends the connections that have not asked for anything yet or wait for their answer
 */
export function answerPlainChecks(server: Server, answers: ActiveAnswers, limits: Limits): () => void {
  const byNode = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  const waiting = new Set<Socket>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    waiting.add(socket);
    const destroy = () => void socket.destroy();
    const end = () => void socket.end();
    const first = (part: Buffer) => {
      const check = plainCheck(part);
      if (check !== null && check.waitSeconds > 0 && answers.stands(check.path)) {
        socket.off('end', end).off('timeout', destroy);
        return hold(socket, check, answers, limits.holdMs);
      }
      if (check !== null) return give(socket, check, answers);
      socket.off('end', end).off('timeout', destroy).off('error', destroy).off('close', gone);
      gone();
      socket.setTimeout(0);
      socket.pause();
      for (const listener of byNode) listener.call(server, socket);
      socket.unshift(part);
      socket.resume();
    };
    const gone = () => void waiting.delete(socket);
    socket.once('data', first);
    socket.on('end', end).on('timeout', destroy).on('error', destroy).on('close', gone);
    socket.setTimeout(limits.silentMs);
  });
  return () => {
    for (const socket of waiting) socket.destroy();
  };
}

/** Answered when the answer is another one, when the caller ends its half, and when it has waited long enough. */
function hold(socket: Socket, check: PlainCheck, answers: ActiveAnswers, holdMs: number): void {
  const before = answers.status(check.path);
  const answer = () => {
    // Once: a caller that is slow to take its answer may end or be silent meanwhile.
    if (answers.held.remove(held)) give(socket, check, answers);
  };
  const held: HeldCheck = { changed: () => answers.status(check.path) !== before, answer };
  answers.held.add(held);
  socket.setTimeout(patienceMs(check.waitSeconds, holdMs, performance.now()));
  socket.once('timeout', answer).once('end', answer);
  socket.once('close', () => void answers.held.remove(held));
}

function give(socket: Socket, check: PlainCheck, answers: ActiveAnswers): void {
  socket.write(plainAnswer(check, answers.give(check.method, check.path)), 'latin1');
  // Before the balancer ends it: what it does then would only be one more event. An answer that the system has
  // taken whole is sent all the same, and the rest of a slow ending is not gone through for it.
  if (socket.writableLength === 0) socket.destroy();
  else socket.destroySoon();
}

function plainAnswer({ method }: PlainCheck, { status, text }: Answer): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r
content-type: text/plain\r
content-length: ${text.length}\r
cache-control: no-store\r
date: ${new Date().toUTCString()}\r
connection: close\r
\r
${method === 'HEAD' ? '' : text}`;
}
