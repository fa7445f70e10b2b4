import { describe, expect, it } from 'vitest';
import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { untouchableWhy, unhealthyWhy, unprotectedWhy } from '../../../shared/upgrade/member-health.ts';
import { sampleMember } from '../host/samples.ts';

type Changes = Partial<MemberSnapshot>;

const active = (changes: Changes = {}) =>
  sampleMember({ cluster: 'WK1', server: 'north', role: 'active' }, changes);
const passive = (changes: Changes = {}) =>
  sampleMember({ cluster: 'WK1', server: 'south', role: 'passive' }, changes);
const asked = (snapshot: MemberSnapshot | null) => ({
  server: snapshot?.server ?? 'south',
  name: snapshot?.serverName ?? 'ig-south',
  snapshot,
  why: 'no route',
});
const blocker = { code: 'storage', reason: 'Its storage is not proven.', remedy: 'Mount it.' };
const known = <Value>(value: Value) => ({ value, source: 'test', ageMs: 1 });

/** Goal: nothing is touched while a cluster hangs on one member. Method: a healthy pair, one thing wrong at a time. */
describe('a cluster during an upgrade', () => {
  it('is protected when one member serves and the other could take over', () => {
    expect(unprotectedWhy([asked(active()), asked(passive())])).toBeNull();
  });

  it.each<[string, readonly (MemberSnapshot | null)[], RegExp]>([
    ['a silent member', [active(), null], /ig-south does not answer \(no route\)/],
    ['no Active', [passive(), passive()], /no Active/],
    ['two Actives', [active(), active()], /more than one/],
    ['one member only', [active()], /no Passive/],
    ['a blocker of the Passive', [active(), passive({ blockers: [blocker] })], /ig-south: Its storage/],
    ['a blocker of the Active', [active({ blockers: [blocker] }), passive()], /ig-north/],
    [
      'failover switched off',
      [active({ automaticFailover: { state: 'blocked', reason: 'Held by Kim.' } }), passive()],
      /Held by Kim/,
    ],
    [
      'an engine that runs on the Passive',
      [active(), passive({ engine: { ...passive().engine, process: known('running') } })],
      /ig-south: its engine is not stopped/,
    ],
  ])('is not protected with %s', (_what, members, why) => {
    expect(unprotectedWhy(members.map(asked))).toMatch(why);
  });
});

describe('a member that a person lets restart without protection', () => {
  it('may be restarted as it is', () => {
    expect(untouchableWhy(asked(active({ blockers: [blocker] })))).toBeNull();
    expect(untouchableWhy(asked(passive({ blockers: [blocker] })))).toBeNull();
  });

  it.each<[string, MemberSnapshot | null, RegExp]>([
    ['silent', null, /does not answer/],
    [
      'taking over',
      active({ role: { observed: 'taking-over', wanted: 'active', sinceMs: 1 } }),
      /taking-over/,
    ],
    [
      'Active without the lease store',
      active({ store: { ...active().store, reachable: false } }),
      /must renew/,
    ],
    [
      'Active on a promise',
      active({ peerMode: { mode: 'peer', livesOn: null, given: null, failoverOff: null } }),
      /without a lease/,
    ],
  ])('may not while it is %s', (_what, snapshot, why) => {
    expect(untouchableWhy(asked(snapshot))).toMatch(why);
  });
});

describe('a restarted member', () => {
  const started = { startId: 'start-2', productVersion: '0.2.0' };
  const expected = { productVersion: '0.2.0', restarted: true };

  it('is well when all is as before with the new version', () => {
    expect(unhealthyWhy(active(), active(started), expected)).toBeNull();
    expect(unhealthyWhy(passive(), passive(started), expected)).toBeNull();
  });

  it('keeps a blocker that it had before', () => {
    const blockers = [blocker];
    expect(unhealthyWhy(passive({ blockers }), passive({ ...started, blockers }), expected)).toBeNull();
  });

  it('is judged without a new start when only its guard was restarted', () => {
    const now = active({ productVersion: '0.2.0' });
    expect(unhealthyWhy(active(), now, { productVersion: '0.2.0', restarted: false })).toBeNull();
  });

  it.each<[string, Changes, RegExp]>([
    ['the old process answers', { startId: 'start-1' }, /not started anew/],
    ['it answers with another version', { productVersion: '0.1.0' }, /runs version 0\.1\.0/],
    ['it lost its role', { role: passive().role }, /it is passive/],
    ['its engine stopped', { engine: passive().engine }, /engine is stopped/],
    ['the lease store is silent', { store: { ...active().store, reachable: false } }, /lease store/],
    ['the peer is silent', { peer: { ...active().peer, reachable: false } }, /other member/],
    ['a guard is silent', { guards: [{ id: '1', beating: false, ageMs: 900 }] }, /0 of 1 guards/],
    [
      'the storage is not proven',
      { storage: { ...active().storage, proven: { value: null, why: 'read-only', source: 't', ageMs: 1 } } },
      /read-only/,
    ],
    ['failover is off', { automaticFailover: { state: 'off', reason: 'The peer is lost.' } }, /peer is lost/],
    ['there is a new blocker', { blockers: [blocker] }, /storage is not proven/],
    ['the epoch is another', { lease: { ...active().lease, epoch: 8 } }, /epoch 8/],
    ['nothing was renewed yet', { lease: { ...active().lease, renewedMs: null } }, /not renewed/],
    ['the balancer is told to go away', { activeAnswer: '503' }, /503 on/],
  ])('is not well when %s', (_what, changes, why) => {
    expect(unhealthyWhy(active(), active({ ...started, ...changes }), expected)).toMatch(why);
  });
});
