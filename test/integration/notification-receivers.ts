import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { freePort } from './demo-harness.ts';

/** One request that a webhook has sent. */
interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly posted: Posted[];
  /** What it answers from now on. */
  status: number;
  close(): Promise<void>;
}

/** An HTTPS receiver with `server.pem` of this folder. */
export async function startWebhookReceiver(folder: string): Promise<WebhookReceiver> {
  const port = await freePort();
  const posted: Posted[] = [];
  const server = createHttpsServer(certificateOf(folder), (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(receiver.status).end('not read');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `https://127.0.0.1:${port}/in`,
    posted,
    status: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

function certificateOf(folder: string) {
  return {
    cert: readFileSync(join(folder, 'server.pem')),
    key: readFileSync(join(folder, 'server-key.pem')),
  };
}

export interface MailServer {
  readonly port: number;
  /** What it took, headers included. */
  readonly mails: { readonly to: readonly string[]; readonly text: string; readonly overTls: boolean }[];
  offersTls: boolean;
  /** The only password that it takes of anybody. */
  password: string;
  /** Recipients that it refuses for good. */
  readonly refuses: Set<string>;
  /** Recipients that it refuses for now, as a mail server that does not know the sender yet. */
  readonly defers: Set<string>;
  close(): Promise<void>;
}

/** A small SMTP server: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, QUIT; nothing else. */
export async function startMailServer(folder: string): Promise<MailServer> {
  const port = await freePort();
  const open = new Set<Socket>();
  const context = createSecureContext(certificateOf(folder));
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    converse(mail, socket, (plain) => new TLSSocket(plain, { isServer: true, secureContext: context }));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const mail: MailServer = {
    port,
    mails: [],
    offersTls: true,
    password: 'correct horse',
    refuses: new Set(),
    defers: new Set(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return mail;
}

function converse(mail: MailServer, plain: Socket, secure: (socket: Socket) => TLSSocket): void {
  let socket: Socket = plain;
  let overTls = false;
  let to: string[] = [];
  let data: string[] | null = null;
  let waiting = '';
  const say = (line: string) => socket.write(`${line}\r\n`);
  const listen = () => {
    socket.on('data', (part: Buffer) => {
      waiting += part.toString('utf8');
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        take(line);
      }
    });
  };
  const take = (line: string): void => {
    if (data !== null) {
      if (line !== '.') return void data.push(line);
      mail.mails.push({ to, text: data.join('\n'), overTls });
      data = null;
      to = [];
      return void say('250 taken');
    }
    const [word = ''] = line.toUpperCase().split(' ');
    if (word === 'STARTTLS' && mail.offersTls) {
      say('220 go on');
      socket.removeAllListeners('data');
      socket = secure(plain);
      socket.on('error', () => socket.destroy());
      overTls = true;
      return listen();
    }
    const answers: Record<string, () => string> = {
      EHLO: () => `250-here\r\n${mail.offersTls && !overTls ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN`,
      AUTH: () => (passwordOf(line) === mail.password ? '235 welcome' : '535 no'),
      MAIL: () => '250 fine',
      RCPT: () => recipient(line),
      DATA: () => '354 go on',
      QUIT: () => '221 bye',
    };
    say(answers[word]?.() ?? '502 not known');
    if (word === 'DATA') data = [];
  };
  const recipient = (line: string): string => {
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (mail.refuses.has(address)) return '550 nobody here';
    if (mail.defers.has(address)) return '450 come back later';
    to.push(address);
    return '250 fine';
  };
  listen();
  say('220 here');
}

function passwordOf(line: string): string {
  return (
    Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString('utf8')
      .split('\0')[2] ?? ''
  );
}
