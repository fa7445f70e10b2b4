import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { lookAtEngine } from '../../../../agent/engines/engine-look.ts';
import { askEngines } from '../../../../electron/host/preflight/ask-engines.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { freshFacts, sampleWanted, stoppedUnit } from '../install/install-samples.ts';

/**
 * Goal: an engine tells of itself before anything is installed, and every reason why it does not is said. Method: an API in
 * this process behind a stand-in of an SSH server, asked by the agent's own adapter.
 */
const north = sampleWanted('north');
const [engine] = north.engines;
const running = { ...stoppedUnit, activeState: 'active' };
const fresh = freshFacts(north);
const now = Date.parse('2026-01-01T00:00:00Z');

type Forward = NonNullable<ServerConnection['forward']>;

function ask(forward: Forward | undefined, password: string | null, runs = true, journal = 'end\n') {
  const units = new Map([[engine!.unit, runs ? running : stoppedUnit]]);
  const run: ServerConnection['run'] = async () =>
    succeed({ exitCode: 0, signal: null, stdout: journal, stderr: '', truncated: false });
  const connection = { name: 'ig-north', run, ...(forward && { forward }) } as ServerConnection;
  const reached = { expected: north, facts: { ...fresh, units }, clock: undefined, connection };
  return askEngines([reached], { password: async () => password, look: lookAtEngine }, now);
}

/** An API with one session, as its vendor's. */
async function withApi(work: (forward: Forward) => Promise<void>): Promise<void> {
  const answers: Record<string, object> = {
    '/component/list': { component_data: [{ guid: '1', name: 'ADT in', light: 'ON' }] },
    '/license/get': { license: { components: 4, expires: '2027-01-01' } },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const path = request.url ?? '';
      const told = (answer: object) => response.end(JSON.stringify(answer));
      if (path === '/session/login') {
        if (!body.includes('password=right')) return told({ success: false, error: 'Wrong: wrong' });
        response.setHeader('set-cookie', 'IguanaSession-1=x');
        return told({ success: true });
      }
      if (request.headers.cookie === undefined) return told({ success: false, error: 'Not authenticated' });
      return told({ success: true, ...answers[path] });
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    await work(async (address, asked) => {
      expect([address, asked]).toEqual(['127.0.0.1', engine!.apiPort]);
      return succeed(connect(port, '127.0.0.1'));
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('asking an engine over SSH', () => {
  it('tells its components and its licence', async () => {
    await withApi(async (forward) => {
      const checks = (await ask(forward, 'right')).checks.slice(0, 2);
      expect(checks.map(({ verdict, finding }) => `${verdict}: ${finding}`)).toEqual([
        'ok: 1 component; none is named as a poller',
        'ok: it covers 4 components, valid until: 2027-01-01',
      ]);
    });
  });

  it('keeps the names that it has told, by server and service', async () => {
    await withApi(async (forward) => {
      const heard = [{ server: 'north', unit: engine!.unit, components: ['ADT in'] }];
      expect((await ask(forward, 'right')).told).toEqual(heard);
      expect((await ask(forward, 'wrong')).told).toEqual([]);
    });
  });

  it('tells a wrong password, without it', async () => {
    await withApi(async (forward) => {
      const checks = (await ask(forward, 'wrong')).checks.slice(0, 2);
      expect(checks.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
      expect(checks[0]!.finding).toContain('refuses the log-in: Wrong: …');
      expect(JSON.stringify(checks)).not.toContain('wrong');
    });
  });

  const refused: Forward = async () => fail(productError('ssh.no-forwarding', 'It lets none through.'));

  it.each<[string, Forward | undefined, string | null, boolean]>([
    ['the engine does not run here', refused, 'right', false],
    ['the password of its account is not at hand', refused, null, true],
    ['It lets none through', refused, 'right', true],
    ['nothing leads to its API', undefined, 'right', true],
  ])('says why nothing is known: %s', async (why, forward, password, runs) => {
    const checks = (await ask(forward, password, runs)).checks.slice(0, 2);
    expect(checks.map(({ verdict, finding }) => `${verdict}: ${finding}`)).toEqual([
      `unknown: it does not tell them: ${why}`,
      `unknown: the engine does not tell them: ${why}`,
    ]);
  });
});

describe('how long an engine starts and stops', () => {
  const ids = {
    starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
    started: '39f53479d3a045ac8e11786248231fbf',
    stopping: 'de5b426a63be47a7b6ac3eaac82e2f6f',
    stopped: '9d1aaa27d60140bd96365438aad20286',
  };
  const note = (event: keyof typeof ids, seconds: number) =>
    JSON.stringify({
      MESSAGE_ID: ids[event],
      _BOOT_ID: 'b1',
      __MONOTONIC_TIMESTAMP: String(seconds * 1_000_000),
    });
  const notes = [
    ...[note('starting', 1), note('started', 8), note('stopping', 60), note('stopped', 62)],
    ...[note('stopping', 90), note('stopped', 95)],
  ];
  const journal = (type: string, lines: readonly string[]) =>
    [`unit engine-WK1.service ${type}`, ...lines, 'end', ''].join('\n');

  it.each<[string, string, string, string]>([
    [
      'a service that says when it has started',
      journal('notify', notes),
      'ok',
      'its last 1 start took 7.0 s; its last 2 stops took 2.0 to 5.0 s',
    ],
    [
      'one that does not',
      journal('simple', notes),
      'unknown',
      'the journal has no start of engine-WK1.service by which it says when the engine was up; its last 2 stops took 2.0 to 5.0 s',
    ],
    ['one without a past', journal('notify', []), 'unknown', 'the journal has no stop of engine-WK1.service'],
    [
      'a look that was broken off',
      journal('notify', notes).replace('end', ''),
      'unknown',
      'could not be read',
    ],
  ])('is told of %s', async (_which, printed, verdict, finding) => {
    const [check] = (await ask(undefined, null, true, printed)).checks.slice(-1);
    expect(check).toMatchObject({ id: 'engine-times', server: 'north', verdict });
    expect(check!.finding).toContain(finding);
    expect(check!.remedy === null).toBe(verdict === 'ok');
  });
});
