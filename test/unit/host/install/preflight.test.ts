import { describe, expect, it } from 'vitest';
import type { ServerFacts } from '../../../../shared/preflight/server-facts.ts';
import { isProven, preflight } from '../../../../electron/host/install/preflight.ts';
import { placesOf } from '../../../../electron/host/install/server-paths.ts';
import { freshFacts, installedFacts, sampleTime, sampleWanted, stoppedUnit } from './install-samples.ts';

const north = sampleWanted('north');
const codes = (facts: ServerFacts, server = 'north') =>
  preflight(facts, sampleWanted(server), sampleTime).map((error) => error.code);
const share = { answered: true, isDirectory: true, isMount: true, mark: undefined, generation: 0 };
const readOnly = { kind: 'nfs4', source: 'nas:/wk1', options: ['ro', 'hard'] };
const listening = { port: 7670, inode: '77', loopbackOnly: false };

/** What is changed on an otherwise fit and fresh server. */
const unfit: [string, Partial<ServerFacts>, string][] = [
  ['another service manager', { init: 'runit' }, 'install.unsupported'],
  ['an old systemd', { systemdVersion: 242 }, 'install.unsupported'],
  ['another processor', { machine: 'ppc64le' }, 'install.unsupported'],
  ['an old C library', { glibc: [2, 27] }, 'install.unsupported'],
  ['another C library', { glibc: undefined }, 'install.unsupported'],
  ['no control groups version 2', { cgroup2Mount: undefined }, 'install.unsupported'],
  ['no boot-time clock', { bootMs: Number.NaN }, 'install.unsupported'],
  ['no bash', { programs: ['sha256sum', 'sync', 'timeout', 'mountpoint', 'stat'] }, 'install.unsupported'],
  ['a full /usr', { freeMb: { usr: 10, var: 4000 } }, 'install.unsupported'],
  ['a full /var', { freeMb: { usr: 4000, var: 10 } }, 'install.unsupported'],
  ['a clock two days ahead', { wallTime: '2026-01-03T00:00:00Z' }, 'install.unsupported'],
  ['a clock that cannot be read', { wallTime: undefined }, 'install.unsupported'],
  ['another site', { site: 'hospital-b' }, 'install.foreign'],
  ['a taken port', { listeners: [listening] }, 'install.port-taken'],
  ['no engine', { units: new Map() }, 'install.engine-missing'],
  [
    'a masked engine',
    {
      units: new Map([
        ...freshFacts(north).units,
        ['engine-WK1.service', { ...stoppedUnit, loadState: 'masked' }],
      ]),
    },
    'install.engine-missing',
  ],
  [
    'an engine that runs without guards',
    {
      units: new Map([
        ...freshFacts(north).units,
        ['engine-WK1.service', { ...stoppedUnit, activeState: 'active' }],
      ]),
    },
    'install.engine-running',
  ],
  [
    'a share that hangs',
    { shares: new Map([...freshFacts(north).shares, ['/share/wk1', { ...share, answered: false }]]) },
    'install.unsupported',
  ],
  [
    'a share that is not mounted',
    { shares: new Map([...freshFacts(north).shares, ['/share/wk1', { ...share, isMount: false }]]) },
    'install.unsupported',
  ],
  [
    'a share that is mounted read-only',
    { shares: new Map([...freshFacts(north).shares, ['/share/wk1', { ...share, mount: readOnly }]]) },
    'install.unsupported',
  ],
  [
    "another cluster's share",
    { shares: new Map([...freshFacts(north).shares, ['/share/wk1', { ...share, mark: 'sample WK2' }]]) },
    'install.foreign',
  ],
];

describe('looking for reasons not to install', () => {
  it.each(['north', 'south', 'third', 'lb'])('finds none on a fit and fresh %s', (server) => {
    expect(codes(freshFacts(sampleWanted(server)), server)).toEqual([]);
  });

  it('finds none on an installed server with running engines and our own ports open', () => {
    const facts = installedFacts(north);
    const agent = 'ixha-agent@WK1.service';
    const units = new Map([...facts.units, [agent, { ...facts.units.get(agent)!, sockets: ['77'] }]]);
    expect(codes({ ...facts, units, listeners: [listening] })).toEqual([]);
  });

  it.each(unfit)('refuses %s', (_what, change, code) => {
    const found = codes({ ...freshFacts(north), ...change });
    expect(new Set(found)).toEqual(new Set([code]));
  });

  it('does not mind a program on the loopback side of a port', () => {
    expect(codes({ ...freshFacts(north), listeners: [{ ...listening, loopbackOnly: true }] })).toEqual([]);
  });

  it('refuses a server that trusts another authority under the same site name', () => {
    const facts = installedFacts(north);
    const path = `${placesOf('WK1').certificates}/authority.pem`;
    const files = new Map([...facts.files, [path, { sha256: 'other', mode: '0644', owner: 'root:root' }]]);
    expect(codes({ ...facts, files })).toEqual(['install.foreign']);
  });

  it('never replaces a balancer configuration that serves somebody else', () => {
    const facts = freshFacts(sampleWanted('lb'));
    expect(codes({ ...facts, haproxy: { sections: 2, firstLine: 'global' } }, 'lb')).toEqual([
      'install.unsupported',
    ]);
    expect(codes({ ...facts, programs: [] }, 'lb')).toEqual(['install.unsupported']);
  });
});

describe('the proof of the guards', () => {
  const engine = north.engines[0]!;
  const proof = { unit: engine.unit, how: 'engine' as const, killMs: 40, wallTime: '' };
  const facts = (change: Partial<typeof proof>): ServerFacts => ({
    ...freshFacts(north),
    proofs: new Map([[placesOf('WK1').guardProof, { ...proof, ...change }]]),
  });

  it('holds for the same unit as long as the kill fits the timing', () => {
    expect(isProven(facts({}), engine, ['engine'])).toBe(true);
    expect(isProven(facts({ killMs: engine.killMs + 1 }), engine, ['engine'])).toBe(false);
    expect(isProven(facts({ unit: 'other.service' }), engine, ['engine'])).toBe(false);
    expect(isProven(freshFacts(north), engine, ['engine'])).toBe(false);
  });
});
