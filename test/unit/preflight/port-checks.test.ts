import { describe, expect, it } from 'vitest';
import { expectedFromDraft } from '../../../electron/host/setup/expected-from-draft.ts';
import { portChecks } from '../../../shared/preflight/port-checks.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import type { Listening, PortHolder, ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { freshFacts, sampleWanted, stoppedUnit } from '../host/install/install-samples.ts';
import { draftCluster, wholeDraft } from '../setup/setup-draft-fixture.ts';

/**
 * Goal: no message reaches a program that took a port of an engine or of the balancer, and nobody is told to stop the right
 * one. Method: one port held by one program after the other.
 */
const north = sampleWanted('north');
const balancer = sampleWanted('lb');
const [engine] = north.engines;
const adt = engine!.listeners[0]!.port;
const frontend = balancer.frontends[0]!.port;

interface Held {
  readonly port: number;
  readonly by?: Partial<PortHolder>;
  readonly loopbackOnly?: boolean;
  readonly ipv6Only?: true;
}

function holding(facts: ServerFacts, ...held: readonly Held[]): ServerFacts {
  const inode = (index: number) => String(100 + index);
  const listeners = held.map(({ port, loopbackOnly = false, ipv6Only }, index): Listening => ({
    port,
    inode: inode(index),
    loopbackOnly,
    ...(ipv6Only && { ipv6Only }),
  }));
  const holders = held.flatMap(({ by }, index): [string, PortHolder[]][] =>
    by ? [[inode(index), [{ pid: 7, program: '/opt/other', unit: '', ...by }]]] : [],
  );
  return { ...facts, listeners, holders: new Map(holders) };
}

const fresh = freshFacts(north);
const onMember = (...held: readonly Held[]) => portChecks(holding(fresh, ...held), north);
const onBalancer = (...held: readonly Held[]) => portChecks(holding(freshFacts(balancer), ...held), balancer);
const about = (checks: readonly PreflightCheck[], port: number) =>
  checks.find(({ what }) => new RegExp(`\\b${port}\\b`).test(what))!;

describe('the ports of an engine', () => {
  it('are its API and the listeners of its cluster, each by its own member', () => {
    expect(onMember().map(({ verdict, what }) => `${verdict} ${what}`)).toEqual([
      'ok port 7670',
      'ok port 7671',
      'ok port 7680',
      'ok port 7681',
      'ok port 6543 of the engine of WK1',
      'ok port 6661 of the engine of WK1',
      'ok port 6553 of the engine of WK2',
      'ok port 6671 of the engine of WK2',
    ]);
  });

  it.each<[string, Held, PreflightCheck['verdict'], string]>([
    ['its own unit', { port: adt, by: { unit: engine!.unit } }, 'ok', 'held by engine-WK1.service'],
    [
      'the engine of another cluster',
      { port: adt, by: { unit: 'engine-WK2.service' } },
      'failed',
      'port 6661, needed for ADT in of WK1, is held by another program than engine-WK1.service',
    ],
    [
      'an engine started by hand',
      { port: adt, by: { unit: 'session-3.scope' } },
      'failed',
      'held by another',
    ],
    ['one of no unit', { port: adt, by: {} }, 'failed', 'held by another'],
    ['another one on loopback', { port: adt, by: {}, loopbackOnly: true }, 'failed', 'held by another'],
    ['nobody that is seen', { port: adt }, 'unknown', 'could not be seen'],
    [
      'its own unit, for this server alone',
      { port: adt, by: { unit: engine!.unit }, loopbackOnly: true },
      'warning',
      'from this server alone',
    ],
  ])('held by %s', (_who, held, verdict, finding) => {
    const check = about(onMember(held), adt);
    expect([check.verdict, check.finding]).toEqual([verdict, expect.stringContaining(finding)]);
    expect(check.refusal?.code).toBe(verdict === 'failed' ? 'install.port-taken' : undefined);
    expect(check.remedy === null).toBe(verdict === 'ok');
  });

  it('may have an API that answers this server alone', () => {
    const api = { port: engine!.apiPort, by: { unit: engine!.unit }, loopbackOnly: true };
    expect(about(onMember(api), engine!.apiPort).verdict).toBe('ok');
  });

  it('say which program it is, once, and name a socket unit as such', () => {
    const two = { port: adt, by: { pid: 12, unit: 'old-engine.service' } };
    expect(about(onMember(two, two), adt).evidence).toEqual([
      'process 12: /opt/other, of old-engine.service',
    ]);
    const [line] = about(onMember({ port: adt, by: { pid: 1, unit: 'init.scope' } }), adt).evidence;
    expect(line).toContain('systemctl list-sockets');
  });

  it('are not all right because one of two programs on it is', () => {
    const own = { port: adt, by: { unit: engine!.unit } };
    expect(about(onMember(own, { port: adt, by: {}, loopbackOnly: true }), adt).verdict).toBe('failed');
    expect(about(onMember(own, { port: adt }), adt).verdict).toBe('unknown');
  });

  it('are missed where the engine runs and listens on none of them', () => {
    const running = { ...stoppedUnit, activeState: 'active' };
    const facts = { ...fresh, units: new Map([...fresh.units, [engine!.unit, running]]) };
    const check = about(portChecks(facts, north), adt);
    expect([check.verdict, check.finding]).toEqual([
      'warning',
      'engine-WK1.service runs and does not listen on it, where ADT in of WK1 is expected',
    ]);
  });

  it('do not keep a site from being observed', () => {
    const facts = holding(fresh, { port: adt, by: {} });
    const check = about(portChecks(facts, { ...north, observes: true }), adt);
    expect([check.verdict, check.refusal]).toEqual(['warning', null]);
  });
});

describe('the ports that senders come in by', () => {
  it('are looked at on the server of the balancer alone', () => {
    expect(onBalancer().map(({ what }) => what)).toEqual(['balancer port 7001', 'balancer port 7011']);
    expect(sampleWanted('third').frontends).toEqual([]);
  });

  it.each<[string, Partial<PortHolder>, PreflightCheck['verdict']]>([
    ['HAProxy of its service', { unit: 'haproxy.service' }, 'ok'],
    ['HAProxy started otherwise', { unit: 'docker-12.scope', program: '/usr/sbin/haproxy' }, 'failed'],
    ['another balancer', { unit: 'nginx.service' }, 'failed'],
  ])('held by %s', (_who, by, verdict) => {
    const check = about(onBalancer({ port: frontend, by }), frontend);
    expect([check.verdict, check.refusal?.code]).toEqual([
      verdict,
      verdict === 'failed' ? 'install.port-taken' : undefined,
    ]);
  });
});

describe('a program on an address of IPv6 alone', () => {
  const held: Held = { port: frontend, by: { unit: 'nginx.service' }, loopbackOnly: true, ipv6Only: true };

  it('is not in the way of a balancer that takes connections by IPv4, and is in that of another', () => {
    expect(about(onBalancer(held), frontend).verdict).toBe('ok');
    const there = { ...balancer, server: { ...balancer.server, address: '2001:db8::14' } };
    expect(about(portChecks(holding(freshFacts(balancer), held), there), frontend).verdict).toBe('failed');
  });
});

describe('the ports of a draft', () => {
  const listeners = [
    { name: 'ADT', port: 6661, frontendPort: null },
    { name: ' ', port: null, frontendPort: 7002 },
  ];
  const draft = wholeDraft({ clusters: [draftCluster('WK1', 0, { listeners })] });
  const expected = draft.servers.map((server) => expectedFromDraft(draft, server));

  it('are looked at as far as they were said', () => {
    expect(expected.map(({ engines }) => engines.flatMap((one) => one.listeners))).toEqual([
      [{ port: 6661, what: 'ADT of WK1' }],
      [{ port: 6661, what: 'ADT of WK1' }],
      [],
    ]);
    expect(expected.map(({ frontends }) => frontends)).toEqual([
      [],
      [],
      [{ port: 7002, what: 'a listener of WK1' }],
    ]);
  });

  it('are not looked at on a balancer that is not the product’s', () => {
    const own = { ...draft, balancer: { ...draft.balancer, kind: 'nginx' as const, server: 'third' } };
    expect(expectedFromDraft(own, own.servers[2]!).frontends).toEqual([]);
  });
});
