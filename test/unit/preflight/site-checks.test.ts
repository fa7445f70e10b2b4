import { describe, expect, it } from 'vitest';
import type { ExpectedServer } from '../../../shared/preflight/expected-server.ts';
import type { ServerFacts, ServerSurvey } from '../../../shared/preflight/server-facts.ts';
import type { LookedServer } from '../../../shared/preflight/looked-server.ts';
import { siteChecks } from '../../../shared/preflight/site-checks.ts';
import { neededWays, wayCheck, type TriedWay } from '../../../shared/preflight/ways.ts';
import { freshFacts, sampleWanted } from '../host/install/install-samples.ts';

/** Goal: what only two servers together show. Method: one fact changed at a time, on the sample site. */
const servers: ExpectedServer[] = ['north', 'south', 'third', 'lb'].map((id) => sampleWanted(id));

const engine = {
  command: '/opt/iguana',
  workingDirectory: undefined,
  running: true,
  openFiles: 16_384,
  memoryMb: 500,
  sockets: [],
};

function looked(
  id: string,
  survey: Partial<ServerSurvey> = {},
  more: Partial<LookedServer & { readonly osName: string }> = {},
): LookedServer {
  const fresh = freshFacts(sampleWanted(id));
  const facts: ServerFacts = {
    ...fresh,
    osName: more.osName ?? fresh.osName,
    survey: {
      ...fresh.survey,
      bootId: `boot of ${id}`,
      machineId: `machine ${id}`,
      memoryMb: { total: 16_000, available: 8_000 },
      machineLoad: { processors: 4, load: 0.5, openFiles: { used: 1_000, limit: 100_000 } },
      services: [{ ...engine, unit: id === 'north' ? 'engine-WK1.service' : 'engine-WK2.service' }],
      ...survey,
    },
  };
  return {
    expected: sampleWanted(id),
    facts,
    clock: 'clock' in more ? more.clock : { offsetMs: 0, uncertaintyMs: 5 },
  };
}

const bad = (...some: LookedServer[]) =>
  siteChecks(some).flatMap(({ id, subject, verdict, finding }) =>
    verdict === 'ok' ? [] : [`${verdict} ${id} ${subject}: ${finding}`],
  );

describe('servers side by side', () => {
  it('show nothing to fix when they are alike', () => {
    expect(bad(looked('north'), looked('south'), looked('third'), looked('lb'))).toEqual([]);
  });

  it.each<[string, LookedServer, ...string[]]>([
    [
      'one machine under two names',
      looked('south', { bootId: 'boot of north' }),
      'failed same-machine ig-north, ig-south: both are the same machine under two names',
    ],
    [
      'a clone',
      looked('south', { machineId: 'machine north' }),
      'failed same-machine ig-north, ig-south: both have one machine id',
    ],
    [
      'a clock that is five minutes off',
      looked('south', {}, { clock: { offsetMs: 300_000, uncertaintyMs: 5 } }),
      'failed clock-difference ig-north, ig-south: 5 minutes apart, measured to within 10 ms',
    ],
    [
      'a clock that nobody could read',
      looked('south', {}, { clock: undefined }),
      'unknown clock-difference ig-north, ig-south: a clock could not be read',
    ],
    [
      'another operating system',
      looked('south', {}, { osName: 'Debian GNU/Linux 11 (bullseye)' }),
      'warning same-system ig-north, ig-south: Debian GNU/Linux 12 (bookworm) · Debian GNU/Linux 11 (bullseye)',
    ],
    [
      'less memory',
      looked('south', { memoryMb: { total: 8_000, available: 8_000 } }),
      'warning same-memory ig-north, ig-south: 15.6 GB · 7.8 GB',
    ],
    [
      'memory that nobody could read',
      looked('south', { memoryMb: undefined }),
      'unknown same-memory ig-north, ig-south: one could not be read',
      'unknown capacity-memory ig-south: its own memory could not be read',
    ],
  ])('tell %s', (_what, south, ...lines) => {
    expect(bad(looked('north'), south)).toEqual(lines);
  });

  it('are told apart when nobody could read their ids', () => {
    const unknown = { bootId: undefined, machineId: undefined };
    expect(bad(looked('north', unknown), looked('south', unknown))).toEqual([]);
  });

  it('compare clocks only where one has to reach the other', () => {
    const early = { clock: { offsetMs: -300_000, uncertaintyMs: 5 } };
    expect(bad(looked('third'), looked('lb', {}, early))).toEqual([]);
  });

  it('keep an installation from one machine under two names', () => {
    const [check] = siteChecks([looked('north'), looked('south', { bootId: 'boot of north' })]);
    expect(check?.refusal?.code).toBe('install.unsupported');
  });
});

describe('the ways between servers', () => {
  it('lead between members in both directions, to the witness, and from the balancer', () => {
    const ways = neededWays(servers).map(({ from, to, port }) => `${from.server.id} ${to.server.id} ${port}`);
    expect(ways.toSorted()).toEqual([
      'lb north 7671',
      'lb north 7681',
      'lb south 7671',
      'lb south 7681',
      'north south 7670',
      'north south 7680',
      'north third 7660',
      'south north 7670',
      'south north 7680',
      'south third 7660',
    ]);
  });

  it.each<[TriedWay['result'], string]>([
    ['ok', 'ok: TCP 7670, 1.1 ms'],
    ['refused', 'failed: TCP 7670 is refused'],
    ['silent', 'failed: TCP 7670 gets no answer: a firewall drops it'],
    ['not-open', 'unknown: TCP 7670 could not be tried: nothing listens there at present'],
    ['not-tried', 'unknown: TCP 7670 could not be tried'],
  ])('are told when they are %s', (result, line) => {
    const way = neededWays(servers).find(({ port }) => port === 7670)!;
    const check = wayCheck({ ...way, result, rttMs: result === 'ok' ? 1.1 : null });
    expect([check.server, check.subject, check.what]).toEqual([
      'south',
      'ig-south → ig-north',
      'reaches the agent of WK1',
    ]);
    expect(`${check.verdict}: ${check.finding}`).toBe(line);
    expect(check.remedy === null).toBe(result === 'ok');
  });
});
