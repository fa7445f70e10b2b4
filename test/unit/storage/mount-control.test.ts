import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  mountSentences,
  mountUnitOf,
  provenInMs,
  unmountDue,
} from '../../../shared/storage/mount-control.ts';
import type { FactChanges } from '../../../shared/failover/constructed-facts.ts';
import { activeFacts, passiveFacts } from '../failover/sample-facts.ts';

/** Goal: a Passive lets go of its directory, and nobody ever of one that is in use or about to be. Method: facts as they are. */
const hasSystemd = spawnSync('systemd-escape', ['--version']).status === 0;

describe('the mount unit of a directory', () => {
  it('is named as the service manager names it', () => {
    expect(mountUnitOf('/iguana/wk1')).toBe('iguana-wk1.mount');
    expect(mountUnitOf('/iguana/wk-1/')).toBe('iguana-wk\\x2d1.mount');
    expect(mountUnitOf('/')).toBe('-.mount');
  });

  it
    .skipIf(!hasSystemd)
    .each(['/srv/a b', '//srv//wk1/', '/.hidden/x', '/srv/wk_1:2.d', '/srv/größe', '/a\\b', '/é'])(
    'is named so for %s too',
    (path) => {
      const named = spawnSync('systemd-escape', ['--path', '--suffix=mount', path], { encoding: 'utf8' });
      expect(mountUnitOf(path)).toBe(named.stdout.trim());
    },
  );
});

describe('a directory that is mounted', () => {
  it('is let go of by a Passive whose engine is stopped', () => {
    expect(unmountDue(passiveFacts())).toBe(true);
  });

  it('is let go of also where the lease store does not answer: nothing can be started here', () => {
    expect(unmountDue(passiveFacts({ lease: { storeReachable: false, freeInMs: null } }))).toBe(true);
  });

  it.each<[string, FactChanges]>([
    ['its engine runs', { engine: { process: { value: 'running', ageMs: 0 } } }],
    ['whether its engine runs is not known', { engine: { process: { value: null, ageMs: 0 } } }],
    ['an engine runs outside its service', { engine: { outsider: 'process 7' } }],
    ['it holds the lease', { lease: { held: true } }],
    ['the lease is free, so that it may be granted', { lease: { freeInMs: 0 } }],
    ['a change moves the cluster here', { peer: { operationToUs: 'op-1' } }],
    ['a guard’s deadline is left of an agent before', { inherited: { epoch: 4, stopInMs: 100 } }],
    ['a maintenance is under way', { lease: { maintenance: { reason: '', by: 'admin', leftMs: 9 } } }],
    ['its engine is being ended', { emergency: true }],
    ['not everything was looked at yet', { observedOnce: false }],
    ['the site is only observed', { self: { mode: 'observe' } }],
  ])('stays where %s', (_why, changes) => {
    expect(unmountDue(passiveFacts(changes))).toBe(false);
  });

  it('stays with the Active', () => {
    expect(unmountDue(activeFacts())).toBe(false);
  });
});

it('is told with why it stays', () => {
  expect(mountSentences({ unit: 'u.mount', mounted: false, trouble: null })).toEqual([
    'u.mount is not mounted.',
  ]);
  expect(mountSentences({ unit: 'u.mount', mounted: null, trouble: null })[0]).toContain('not known');
  expect(mountSentences({ unit: 'u.mount', mounted: true, trouble: 'it is in use' })).toEqual([
    'u.mount is mounted.',
    'It should not be: it is in use. It is tried again every 30 s; nobody waits for it.',
  ]);
});

it('a directory that is not mounted tells nothing of how quick it is', () => {
  const proven = (value: { tookMs: number; usedPercent: null; unmounted?: true } | null) =>
    provenInMs({ storage: { proven: { value, ageMs: 0 } } } as unknown as Parameters<typeof provenInMs>[0]);
  expect([
    proven(null),
    proven({ tookMs: 0, usedPercent: null, unmounted: true }),
    proven({ tookMs: 7, usedPercent: null }),
  ]).toEqual([null, null, 7]);
});
