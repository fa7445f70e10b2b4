import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBootClock } from '../../agent/boot-clock.ts';
import { startMember } from '../../agent/member/start-member.ts';
import { deliverBy } from '../../agent/notifications/run-delivery.ts';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { NotificationSecrets, NotificationTarget } from '../../shared/notifications/policy.ts';
import { NotifyTestAnswer } from '../../shared/notifications/told.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { callAgent, consoleIdentity, northIdentity, openAgentBench, type AgentBench } from './agent-bench.ts';
import { freePort, until } from './demo-harness.ts';
import { makeEtcdCertificates } from './etcd/etcd-certificates.ts';
import {
  startMailServer,
  startWebhookReceiver,
  type MailServer,
  type WebhookReceiver,
} from './notification-receivers.ts';

/**
 * Goal: a member tells people what happens, over real HTTPS and SMTP, and says why when it cannot. Method: a real member
 * whose peer never answers, the program that delivers as a process of its own, and receivers that refuse on demand.
 */
const program = join(import.meta.dirname, '../../agent/notifications/delivery/main.ts');
const signingSecret = 'a-secret-of-the-desk';
const bearerToken = 'token-of-the-desk';
let bench: AgentBench;
let receiver: WebhookReceiver;
let mail: MailServer;
let authorityPem: string;
let member: { close(): Promise<void> } | null;

beforeEach(async () => {
  bench = await openAgentBench();
  const folder = join(bench.folder, 'receivers');
  makeEtcdCertificates(folder, ['127.0.0.1']);
  authorityPem = readFileSync(join(folder, 'authority.pem'), 'utf8');
  [receiver, mail] = await Promise.all([startWebhookReceiver(folder), startMailServer(folder)]);
  await bench.startWitness();
});
afterEach(async () => {
  await member?.close();
  member = null;
  await Promise.all([receiver.close(), mail.close(), bench.close()]);
});

const desk = (url = receiver.url): NotificationTarget => ({ kind: 'webhook', id: 'desk', url });
const post = (changed: object = {}): NotificationTarget => ({
  kind: 'mail',
  id: 'post',
  host: '127.0.0.1',
  port: mail.port,
  security: 'starttls',
  user: 'ixha',
  from: 'ixha@hospital.example',
  to: ['one@hospital.example', 'two@hospital.example'],
  ...changed,
});

async function start(...targets: NotificationTarget[]): Promise<void> {
  const notifications = { targets, quietSeconds: 0 };
  member = await startMember({ ...bench.member, notifications }, openBootClock(), deliverBy(program));
}

type Role = Parameters<typeof consoleIdentity>[0];
async function ask(role: Role, method: string, path: string, body?: unknown) {
  const credentials = await bench.credentials(consoleIdentity(role));
  const text = body === undefined ? undefined : JSON.stringify(body);
  return callAgent(bench.member.listen.apiPort, northIdentity, credentials, method, path, text);
}

async function giveSecrets(secrets: NotificationSecrets): Promise<void> {
  const { status } = await ask('admin', 'POST', agentPaths.notifySecrets, secrets);
  expect(status).toBe(200);
}

/** By target: `arrived`, or the code of what went wrong. */
async function test(): Promise<Record<string, string>> {
  const { status, body } = await ask('operator', 'POST', agentPaths.notifyTest, {});
  expect(status).toBe(200);
  const { results } = NotifyTestAnswer.parse(parseJson(body));
  return Object.fromEntries(results.map(({ target, failure }) => [target, failure?.code ?? 'arrived']));
}

async function told(): Promise<MemberSnapshot['notifications']> {
  const { status, body } = await ask('viewer', 'GET', agentPaths.status);
  return status === 200 ? MemberSnapshot.parse(parseJson(body)).notifications : undefined;
}

describe('a webhook', () => {
  it('gets a signed message with its token, and the secrets are told to nobody', async () => {
    await start(desk());
    await giveSecrets({ desk: { signingSecret, bearerToken, authorityPem } });
    expect(await test()).toEqual({ desk: 'arrived' });
    // What the agent tells of itself may come before.
    const { headers, body } = receiver.posted.find((one) => one.body.includes('"kind":"test"'))!;
    const mac = createHmac('sha256', signingSecret).update(`${String(headers['x-ixha-time'])}.${body}`);
    expect(headers['x-ixha-signature']).toBe(`sha256=${mac.digest('hex')}`);
    expect(headers.authorization).toBe(`Bearer ${bearerToken}`);
    expect(parseJson(body)).toMatchObject({ format: 1, site: 'bench', events: [{ kind: 'test' }] });
    const state = bench.member.paths.state;
    const file = join(state, 'notification-secrets.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { body: status } = await ask('admin', 'GET', agentPaths.status);
    const { body: journal } = await ask('admin', 'GET', agentPaths.journal);
    const others = readdirSync(state, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('notification-secrets') && statSync(join(state, name)).isFile())
      .map((name) => readFileSync(join(state, name), 'utf8'));
    for (const text of [status, journal, ...others]) {
      expect(text).not.toContain(signingSecret);
      expect(text).not.toContain(bearerToken);
    }
  });

  it('that cannot be reached says why', async () => {
    const nobody = `https://127.0.0.1:${await freePort()}/`;
    await start(desk(), { kind: 'webhook', id: 'nobody', url: nobody });
    expect(await test()).toEqual({ desk: 'certificate-refused', nobody: 'connection-refused' });
    await giveSecrets({ desk: { authorityPem } });
    for (const [status, code] of [
      [401, 'auth-refused'],
      [503, 'refused-for-now'],
      [410, 'refused'],
      [302, 'nonsense'],
    ] as const) {
      receiver.status = status;
      expect(await test()).toEqual({ desk: code, nobody: 'connection-refused' });
    }
  });

  it('that refuses gets what waits once it takes it, also after a restart, and nothing twice', async () => {
    receiver.status = 503;
    await start(desk());
    await giveSecrets({ desk: { authorityPem } });
    const refused = async () => (await told())?.targets[0]?.failure?.code === 'refused-for-now';
    await until('the first attempt is refused', refused, 40_000);
    const first = parseJson(receiver.posted[0]!.body) as { id: string };
    await member?.close();
    receiver.status = 200;
    const before = receiver.posted.length;
    await start(desk());
    await until('it is sent again', () => receiver.posted.length > before, 20_000);
    expect(parseJson(receiver.posted[before]!.body)).toMatchObject({ id: first.id });
    await until('nothing waits', async () => (await told())?.targets[0]?.waiting === 0, 40_000);
    const taken = receiver.posted.slice(before).map(({ body }) => parseJson(body));
    const silent = (taken as { events: { kind: string }[] }[])
      .flatMap(({ events }) => events)
      .filter(({ kind }) => kind === 'peer-silent');
    expect(silent).toHaveLength(1);
  });
});

describe('a mail server', () => {
  it('gets one mail for all recipients, over TLS only, signed in', async () => {
    await start(post());
    await giveSecrets({ post: { password: mail.password, authorityPem } });
    expect(await test()).toEqual({ post: 'arrived' });
    const [taken] = mail.mails;
    expect(taken).toMatchObject({
      to: ['one@hospital.example', 'two@hospital.example'],
      overTls: true,
    });
    expect(taken?.text).toContain('What it means for messages');
  });

  it('that does not take it says why', async () => {
    await start(post());
    expect(await test()).toEqual({ post: 'secret-missing' });
    await giveSecrets({ post: { password: mail.password } });
    expect(await test()).toEqual({ post: 'certificate-refused' });
    await giveSecrets({ post: { password: 'wrong', authorityPem } });
    expect(await test()).toEqual({ post: 'auth-refused' });
    await giveSecrets({ post: { password: mail.password, authorityPem } });
    mail.refuses.add('two@hospital.example');
    expect(await test()).toEqual({ post: 'refused' });
    mail.refuses.clear();
    mail.defers.add('two@hospital.example');
    expect(await test()).toEqual({ post: 'refused-for-now' });
    mail.offersTls = false;
    expect(await test()).toEqual({ post: 'no-tls' });
    await mail.close();
    expect(await test()).toEqual({ post: 'connection-refused' });
    expect(mail.mails.every(({ overTls }) => overTls)).toBe(true);
  });
});

describe('a mail server that refuses a recipient for now', () => {
  it('gets the mail once more for that recipient alone, also after a restart', async () => {
    const domain = 'Hospital.Example';
    const [one, two, three] = ['one', 'two', 'three'].map((name) => `${name}@${domain}`);
    await start(post({ to: [one, two, three] }));
    await giveSecrets({ post: { password: mail.password, authorityPem } });
    for (const name of ['two@hospital.example', two!]) mail.defers.add(name);
    for (const name of ['three@hospital.example', three!]) mail.refuses.add(name);
    const failure = async () => (await told())?.targets[0]?.failure?.sentence ?? '';
    await until('one has it', async () => (await failure()).includes('refused for now'), 60_000);
    expect(await failure()).toContain(`refused for now: ${two}; refused: ${three}`);
    await member?.close();
    const before = mail.mails.length;
    mail.defers.clear();
    await start(post({ to: [one, two, three] }));
    const again = () => mail.mails.slice(before).filter(({ to }) => to.length === 1);
    await until('the other has it', () => again().length > 0, 60_000);
    expect(again()[0]!.to[0]!.toLowerCase()).toBe(two!.toLowerCase());
    const idOf = (text: string) => /X-IXHA-Message: (\S+)/i.exec(text)?.[1];
    const first = mail.mails.slice(0, before).map(({ text }) => idOf(text));
    expect(first).toContain(idOf(again()[0]!.text));
    const ids = mail.mails.flatMap(({ to, text }) => to.map((address) => `${address} ${idOf(text)}`));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a member', () => {
  it('tells what it last sent, which secrets it has, and takes those of one target alone', async () => {
    await start(desk(), post());
    await giveSecrets({ desk: { signingSecret, authorityPem } });
    const given = await ask('admin', 'POST', agentPaths.notifySecret, {
      target: 'post',
      secrets: { password: mail.password, authorityPem },
    });
    expect(parseJson(given.body)).toEqual({ kept: ['desk', 'post'] });
    expect(await test()).toEqual({ desk: 'arrived', post: 'arrived' });
    const targets = () => until('its targets are told', async () => (await told())?.targets, 20_000);
    expect((await targets()).map(({ secrets }) => secrets)).toEqual([
      ['signingSecret', 'authorityPem'],
      ['password', 'authorityPem'],
    ]);
    // That its peer never answers is told to both.
    const sent = async () => (await targets()).every(({ lastSentAt }) => lastSentAt !== null);
    await until('both have been told something', sent, 60_000);
    for (const { lastSubject, sentAgoMs, failure } of await targets()) {
      expect(lastSubject).toMatch(/^\[ALARM\] bench: /);
      expect(sentAgoMs).toBeGreaterThanOrEqual(0);
      expect(failure).toBeNull();
    }
  });
});

describe('who may ask', () => {
  it('a viewer neither tests nor gives secrets, an operator only tests', async () => {
    await start(desk());
    expect((await ask('viewer', 'POST', agentPaths.notifyTest, {})).status).toBe(403);
    expect((await ask('viewer', 'POST', agentPaths.notifySecrets, {})).status).toBe(403);
    expect((await ask('operator', 'POST', agentPaths.notifySecrets, {})).status).toBe(403);
    const one = { target: 'desk', secrets: {} };
    expect((await ask('operator', 'POST', agentPaths.notifySecret, one)).status).toBe(403);
    const other = { target: 'other', secrets: {} };
    expect((await ask('admin', 'POST', agentPaths.notifySecret, other)).status).toBe(409);
    expect((await ask('operator', 'POST', agentPaths.notifyTest, { target: 'other' })).status).toBe(409);
    expect((await ask('admin', 'POST', agentPaths.notifySecrets, { desk: { password: 1 } })).status).toBe(
      400,
    );
  });

  it('a member without targets says what is missing', async () => {
    await start();
    const { status, body } = await ask('operator', 'POST', agentPaths.notifyTest, {});
    expect(status).toBe(409);
    expect(parseJson(body)).toMatchObject({ error: { code: 'notify.no-target' } });
  });
});
