import { createServer, type AddressInfo } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { applyFix } from '../../../../electron/host/preflight/apply-fix.ts';
import { runPreflight, type PreflightServer } from '../../../../electron/host/preflight/run-preflight.ts';
import type { ConnectServer } from '../../../../electron/host/install/server-work.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import type { PreflightCheck } from '../../../../shared/preflight/preflight-check.ts';
import type { DirectTry } from '../../../../shared/preflight/console-ways.ts';
import { productError, type ProductError } from '../../../../shared/errors.ts';
import { tryTcp, type TryTcp } from '../../../../electron/host/preflight/try-console-ways.ts';
import { fail, succeed, type Result } from '../../../../shared/result.ts';
import { sampleWanted } from '../install/install-samples.ts';

/**
 * Goal: the ways between servers are tried as they will be needed, nothing stays open, and a change is made only as it
 * was shown. Method: servers in memory that answer the scripts.
 */
const wallMs = () => Date.parse('2026-01-01T00:00:00Z');

interface Answers {
  /** Output of the look, before its end. */
  readonly look?: string;
  /** How a try of `ADDRESS PORT` goes; refused unless it is open. */
  readonly firewall?: (port: number) => string | undefined;
  readonly onListen?: () => void;
  /** False: it opens no port for a try. */
  readonly opens?: boolean;
  /** How this workstation reaches an open port straight; `ok` unless told otherwise. */
  readonly direct?: (port: number) => DirectTry['result'];
  /** Whether its SSH server lets connections through. */
  readonly forwards?: boolean;
  /** Nobody gets there. */
  readonly away?: boolean;
}

/** Servers that know which ports are open on which address. */
class Network {
  readonly open = new Set<string>();
  readonly commands: string[] = [];
  readonly closed: string[] = [];
  readonly #answers: Record<string, Answers>;

  constructor(answers: Record<string, Answers> = {}) {
    this.#answers = answers;
  }

  readonly connect: ConnectServer = async ({ name, address }) => {
    const answers = this.#answers[name] ?? {};
    if (answers.away) return fail(productError('server.unreachable', `${name} is away.`));
    const connection: ServerConnection = {
      name,
      run: async (argv) => {
        this.commands.push(`${name}: ${argv.filter((word) => !word.includes('\n')).join(' ')}`);
        return succeed({
          exitCode: 0,
          signal: null,
          stdout: this.#answer(address, argv, answers),
          stderr: '',
          truncated: false,
        });
      },
      upload: async () => succeed(undefined),
      forward: async (to, port) => this.#tunnel(name, `${to} ${port}`),
      close: () => void this.closed.push(name),
    };
    return succeed(connection);
  };

  /** From this workstation: whoever is not told otherwise is reached where something listens. */
  readonly tcp: TryTcp = async (address, port) => {
    const { name } = servers.find(({ expected }) => expected.server.address === address)!.expected.server;
    const told = this.#answers[name]?.direct?.(port) ?? 'ok';
    const result = this.open.has(`${address} ${port}`) ? told : 'refused';
    return { result, rttMs: result === 'ok' ? 0.5 : null };
  };

  #tunnel(name: string, way: string): Result<Duplex, ProductError> {
    if (this.#answers[name]?.forwards === false) {
      return fail(productError('ssh.no-forwarding', `${name} lets none through.`));
    }
    return this.open.has(way)
      ? succeed(new PassThrough())
      : fail(productError('server.unreachable', 'Refused.'));
  }

  #answer(address: string, argv: readonly string[], answers: Answers): string {
    const [program, , , script, ...words] = argv;
    if (program === 'date') return String(wallMs());
    switch (script) {
      case 'ixha-facts':
        return `${answers.look ?? ''}\n== end\n`;
      case 'ixha-listen':
        if (answers.opens === false) return '';
        for (const port of words) this.open.add(`${address} ${port}`);
        answers.onListen?.();
        return words.join('\n');
      case 'ixha-close':
        for (const port of words) this.open.delete(`${address} ${port}`);
        return '';
      case 'ixha-way':
        return pairs(words)
          .map(([to, port]) => {
            const isOpen = this.open.has(`${to} ${port}`);
            return `${to} ${port} ${answers.firewall?.(Number(port)) ?? (isOpen ? 'ok 300' : 'refused')}`;
          })
          .join('\n');
      default:
        return '';
    }
  }
}

function pairs(words: readonly string[]): [string, string][] {
  return words.flatMap((word, index): [string, string][] =>
    index % 2 === 0 ? [[word, words[index + 1]!]] : [],
  );
}

const servers = ['north', 'south', 'third', 'lb'].map((id): PreflightServer => {
  const expected = sampleWanted(id);
  const { name, address } = expected.server;
  const target = async () =>
    succeed({
      name,
      address,
      port: 22,
      user: 'ops',
      pinned: [],
      privilege: { kind: 'passwordless' as const },
    });
  return { expected, target };
});

function look(network: Network, signal = new AbortController().signal) {
  return runPreflight({ servers, connect: network.connect, wallMs, signal });
}

const waysOf = (checks: readonly PreflightCheck[]) =>
  checks
    .filter(({ id }) => id === 'way')
    .map(({ subject, verdict, finding }) => `${verdict} ${subject} ${finding}`);

describe('the preflight', () => {
  it('opens what does not listen yet, tries every way in both directions, and closes it again', async () => {
    const network = new Network();
    const { checks, cancelled } = await look(network);
    expect(cancelled).toBe(false);
    const ways = waysOf(checks);
    expect(ways).toHaveLength(10);
    expect(ways).toContain('ok ig-north → ig-south TCP 7670, 0.3 ms');
    expect(ways).toContain('ok ig-south → ig-north TCP 7670, 0.3 ms');
    expect([...network.open]).toEqual([]);
    expect(network.closed.toSorted()).toEqual(['balancer', 'ig-north', 'ig-south', 'witness']);
  });

  it('tells what a firewall does', async () => {
    const firewall = (port: number) => (port === 7660 ? 'silent' : undefined);
    const { checks } = await look(new Network({ 'ig-south': { firewall } }));
    const failed = waysOf(checks).filter((line) => !line.startsWith('ok'));
    expect(failed).toEqual(['failed ig-south → witness TCP 7660 gets no answer: a firewall drops it']);
  });

  it('opens nothing on a server of a site, whose ports belong to what is installed there', async () => {
    const network = new Network({ 'ig-north': { look: '== site\nsample' } });
    const { checks } = await look(network);
    expect(network.commands.filter((command) => /^ig-north: .*ixha-listen/.test(command))).toEqual([]);
    expect(waysOf(checks)).toContain(
      'unknown ig-south → ig-north TCP 7670 could not be tried: nothing listens there at present',
    );
  });

  it('says how a person acts as root', async () => {
    const { checks } = await look(new Network());
    expect(checks.find(({ id }) => id === 'ssh')?.finding).toBe(
      'ops becomes root by sudo without a password; host key as pinned',
    );
  });

  it('closes what it has opened, also when it is called off meanwhile', async () => {
    const stop = new AbortController();
    const network = new Network({ 'ig-north': { onListen: () => stop.abort() } });
    const { cancelled, checks } = await look(network, stop.signal);
    expect([cancelled, waysOf(checks)]).toEqual([true, []]);
    expect([...network.open]).toEqual([]);
  });
});

describe('the ways of the console from this workstation', () => {
  const fromHere = async (
    answers: Record<string, Answers>,
    throughSsh = false,
    signal = new AbortController().signal,
  ) => {
    const network = new Network(answers);
    const asked = servers.map((server) => ({ ...server, throughSsh }));
    const { connect, tcp } = network;
    const { checks } = await runPreflight({ servers: asked, connect, tcp, wallMs, signal });
    expect([...network.open]).toEqual([]);
    return checks.filter(({ id }) => id === 'console-way');
  };
  const lines = (checks: readonly PreflightCheck[]) =>
    checks.map(({ server, verdict, what, finding }) => `${verdict} ${server} ${what}: ${finding}`);

  it('lead to every agent and to the witness, straight', async () => {
    expect(lines(await fromHere({}))).toEqual([
      'ok north reaches the agent of WK1: TCP 7670, straight to it, 0.5 ms',
      'ok north reaches the agent of WK2: TCP 7680, straight to it, 0.5 ms',
      'ok south reaches the agent of WK1: TCP 7670, straight to it, 0.5 ms',
      'ok south reaches the agent of WK2: TCP 7680, straight to it, 0.5 ms',
      'ok third reaches the witness: TCP 7660, straight to it, 0.5 ms',
    ]);
  });

  it('lead through the SSH server where that was chosen, whatever a firewall does', async () => {
    const checks = await fromHere({ 'ig-north': { direct: () => 'silent' } }, true);
    expect(lines(checks)[0]).toBe(
      'ok north reaches the agent of WK1: TCP 7670, through the SSH server of ig-north',
    );
    expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['ok']));
  });

  it.each<[DirectTry['result'], boolean, string, string]>([
    ['refused', true, 'a firewall rejects it', 'agentsThroughSsh'],
    ['silent', true, 'a firewall drops it', 'agentsThroughSsh'],
    ['no-route', true, 'no route leads there', 'agentsThroughSsh'],
    ['silent', false, 'a firewall drops it', 'lets no connection through either'],
  ])(
    'fail where it is %s, and tell whether the SSH server would do (%s)',
    async (how, forwards, why, next) => {
      const [check] = await fromHere({ 'ig-north': { direct: () => how, forwards } });
      expect(check).toMatchObject({ verdict: 'failed', refusal: null });
      expect([check!.finding, check!.remedy]).toEqual([
        expect.stringContaining(why),
        expect.stringContaining(next),
      ]);
    },
  );

  it('fail where the SSH server was chosen and lets nothing through', async () => {
    const [check] = await fromHere({ 'ig-north': { forwards: false } }, true);
    expect([check!.verdict, check!.remedy]).toEqual([
      'failed',
      expect.stringContaining('AllowTcpForwarding'),
    ]);
  });

  it('are not known where nothing listens and nothing may be opened, or nobody got there', async () => {
    const unreached = await fromHere({
      'ig-north': { look: '== site\nsample' },
      'ig-south': { away: true },
    });
    expect(lines(unreached).filter((line) => !line.startsWith('ok'))).toEqual([
      'unknown north reaches the agent of WK1: TCP 7670 could not be tried: nothing listens there at present',
      'unknown north reaches the agent of WK2: TCP 7680 could not be tried: nothing listens there at present',
      'unknown south reaches the agent of WK1: TCP 7670 could not be tried: nobody could look there',
      'unknown south reaches the agent of WK2: TCP 7680 could not be tried: nobody could look there',
    ]);
  });

  it('are not known on a bare server that opens no port for the try, where nothing is to be started', async () => {
    const [check] = await fromHere({ 'ig-north': { opens: false } });
    expect(check!.verdict).toBe('unknown');
    expect(check!.finding).toContain('could not be opened there for the try');
    expect(check!.remedy).toContain('ixha-way-7670.socket');
    expect(check!.remedy).not.toContain('installed');
  });

  it('are not looked at by whoever needs no console', async () => {
    expect((await look(new Network())).checks.filter(({ id }) => id === 'console-way')).toEqual([]);
  });

  it('tell an open port from a closed one on this machine', async () => {
    const server = createServer();
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    expect(await tryTcp('127.0.0.1', port)).toMatchObject({ result: 'ok' });
    await new Promise((done) => server.close(done));
    expect(await tryTcp('127.0.0.1', port)).toEqual({ result: 'refused', rttMs: null });
  });
});

describe('an offered change', () => {
  const crontab = (text: string) => `== starters\n/etc/crontab:7:${text}`;
  const shownBy = async (network: Network) =>
    (await look(network)).checks.find(({ id }) => id === 'engine-starters')!;

  it('is made when the next look offers the same', async () => {
    const network = new Network({ 'ig-north': { look: crontab('@reboot root iguana') } });
    const shown = await shownBy(network);
    expect(await applyFix(network.connect, servers[0]!, shown, wallMs)).toEqual(succeed(undefined));
    expect(network.commands.at(-1)).toBe(
      'ig-north: sed -i.ixha-before~ 7s/^/# disabled for high availability: / /etc/crontab',
    );
  });

  it('is not made when the line is another one by now', async () => {
    const shown = await shownBy(new Network({ 'ig-north': { look: crontab('@reboot root iguana') } }));
    const network = new Network({ 'ig-north': { look: crontab('@daily root start-iguana') } });
    const fixed = await applyFix(network.connect, servers[0]!, shown, wallMs);
    expect(fixed.ok ? '' : fixed.error.code).toBe('request.invalid');
    expect(network.commands.some((command) => command.includes(' sed '))).toBe(false);
  });
});
