import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AgentSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { KeyPairPem } from '../../electron/host/authority/site-authority.ts';

export interface FakeAgent {
  readonly port: number;
  /** Sends a snapshot to every open stream, and to those that open later. */
  say(snapshot: AgentSnapshot): void;
  /** Sends exactly this text to every open stream. */
  sayRaw(text: string): void;
  /** Answers nothing any more, but keeps every socket open: what a frozen process looks like. */
  freeze(): void;
  /** How requests other than the stream are answered. */
  answer: (request: IncomingMessage, body: string) => { status: number; json: unknown } | 'silence';
  streams(): number;
  /** How many streams were opened altogether. */
  opened(): number;
  stop(): Promise<void>;
}

/** An agent's outside (mutual TLS, stream, commands) with nothing behind it. */
export async function startFakeAgent(options: {
  readonly address: string;
  readonly authorityPem: string;
  readonly identity: KeyPairPem;
  readonly snapshot: AgentSnapshot;
  readonly port?: number;
}): Promise<FakeAgent> {
  const server = createServer({
    ca: [options.authorityPem],
    cert: options.identity.certificatePem,
    key: options.identity.privateKeyPem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  const pages = new WebSocketServer({ noServer: true, autoPong: false });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  let last = options.snapshot;
  let opened = 0;
  let frozen = false;
  const agent: FakeAgent = {
    port: 0,
    say: (snapshot) => {
      last = snapshot;
      agent.sayRaw(JSON.stringify({ type: 'snapshot', snapshot }));
    },
    sayRaw: (text) => {
      if (!frozen) for (const page of pages.clients) page.send(text);
    },
    freeze: () => {
      frozen = true;
    },
    answer: () => ({ status: 404, json: {} }),
    streams: () => pages.clients.size,
    opened: () => opened,
    stop: () => stop(server, pages, sockets),
  };
  server.on('upgrade', (request, socket, head) => {
    if (frozen) return;
    pages.handleUpgrade(request, socket, head, (page: WebSocket) => {
      opened += 1;
      page.on('ping', (data) => {
        if (!frozen) page.pong(data);
      });
      page.send(JSON.stringify({ type: 'snapshot', snapshot: last }));
    });
  });
  server.on('request', (request, response) => void answer(agent, request, response));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.address, resolve));
  const heartbeat = setInterval(() => agent.say(last), 500);
  server.on('close', () => clearInterval(heartbeat));
  return Object.assign(agent, { port: (server.address() as AddressInfo).port });
}

async function answer(agent: FakeAgent, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const reply = agent.answer(request, body);
  if (reply === 'silence') return;
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply.json));
}

function stop(server: Server, pages: WebSocketServer, sockets: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const page of pages.clients) page.terminate();
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
  });
}
