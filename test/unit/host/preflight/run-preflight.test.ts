import { describe, expect, it } from 'vitest';
import { applyFix } from '../../../../electron/host/preflight/apply-fix.ts';
import { runPreflight, type PreflightServer } from '../../../../electron/host/preflight/run-preflight.ts';
import type { ConnectServer } from '../../../../electron/host/install/server-work.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import type { PreflightCheck } from '../../../../shared/preflight/preflight-check.ts';
import { succeed } from '../../../../shared/result.ts';
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
      close: () => void this.closed.push(name),
    };
    return succeed(connection);
  };

  #answer(address: string, argv: readonly string[], answers: Answers): string {
    const [program, , , script, ...words] = argv;
    if (program === 'date') return String(wallMs());
    switch (script) {
      case 'ixha-facts':
        return `${answers.look ?? ''}\n== end\n`;
      case 'ixha-listen':
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
