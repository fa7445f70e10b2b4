import { describe, expect, it } from 'vitest';
import { failoverSight } from '../../../shared/fleet/automatic-failover.ts';
import { activeWhere, clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { siteSentence } from '../../../shared/fleet/site-sentence.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf, lostFor } from '../../screens/site-fixture.ts';
import { clusterSight, sightOf } from './sight-of-fixture.ts';

describe('role of a cluster', () => {
  it('is one Active when one member says so and the other is Passive', () => {
    const role = clusterRole(clusterSight(fixtures.healthy(), 'WK1'));
    expect(role.kind === 'one' && role.active.server).toBe('ig-north');
  });

  it('is a conflict when an engine runs on a Passive beside an Active', () => {
    expect(clusterRole(clusterSight(fixtures.conflict(), 'WK1')).kind).toBe('conflict');
  });

  it('is a conflict when an engine runs outside its service, also beside no Active', () => {
    const snapshot = fixtures['no-active']();
    const { blockers } = clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
    blockers.push({ code: 'engine-outside', reason: 'An engine runs there.', remedy: 'End it.' });
    const sight = clusterSight(snapshot, 'WK1');
    expect(clusterRole(sight)).toMatchObject({ kind: 'conflict', outside: [{ server: 'ig-south' }] });
    expect(clusterVerdict(sight)).toMatchObject({
      kind: 'conflict',
      sentence: 'WK1: an engine runs outside its service on ig-south',
      findings: expect.arrayContaining([
        expect.objectContaining({ title: 'WK1: an engine runs outside its service on ig-south' }),
      ]) as unknown,
    });
  });

  it('is none only when every member is heard', () => {
    const snapshot = fixtures['no-active']();
    expect(clusterRole(clusterSight(snapshot, 'WK1')).kind).toBe('none');
    clusterOf(snapshot, 'WK1').members[0]!.link = lostFor(4_000);
    expect(clusterRole(clusterSight(snapshot, 'WK1')).kind).toBe('not-known');
  });

  it('is not known when the Active is silent, and never "down" or "fine"', () => {
    const sight = clusterSight(fixtures.split(), 'WK1');
    expect(clusterRole(sight).kind).toBe('not-known');
    expect(sight.members[0]!.role.word).toBe('Unknown, was Active');
    expect(activeWhere(sight)).toBe('?');
  });

  it('is no conflict when a silent former Active stands beside a new one', () => {
    const snapshot = fixtures.done();
    const old = clusterOf(snapshot, 'WK1').members[1]!;
    old.link = lostFor(40_000);
    old.snapshot!.role.observed = 'active';
    const role = clusterRole(clusterSight(snapshot, 'WK1'));
    expect(role.kind === 'one' && role.active.server).toBe('ig-south');
  });

  it('becomes unknown by time alone when the console snapshot grows old', () => {
    expect(clusterRole(clusterSight(fixtures.healthy(), 'WK1', 2_000)).kind).toBe('one');
    expect(clusterRole(clusterSight(fixtures.healthy(), 'WK1', 60_000)).kind).toBe('not-known');
  });
});

describe('verdict of a cluster', () => {
  const kindOf = (name: keyof typeof fixtures, id = 'WK1') =>
    clusterVerdict(clusterSight(fixtures[name](), id)).kind;

  it('is ready when both members and the store agree', () => {
    const verdict = clusterVerdict(clusterSight(fixtures.healthy(), 'WK1'));
    expect(verdict).toMatchObject({ kind: 'ready', sentence: 'WK1 can fail over now', findings: [] });
  });

  it('names each state that needs a person', () => {
    expect(kindOf('split')).toBe('no-answer');
    expect(kindOf('split', 'WK2')).toBe('cannot');
    expect(kindOf('no-active')).toBe('no-active');
    expect(kindOf('conflict')).toBe('conflict');
    expect(kindOf('running')).toBe('changing');
  });

  it('says that only the console is deaf when the peer still hears the Active', () => {
    const verdict = clusterVerdict(clusterSight(fixtures['lost-link'](), 'WK1'));
    expect(verdict.kind).toBe('not-known');
    expect(verdict.detail).toContain('ig-south still hears it');
  });

  it('does not claim that the peer still hears a server which fell silent to both at the same time', () => {
    const snapshot = fixtures['lost-link']();
    clusterOf(snapshot, 'WK1').members[0]!.link = lostFor(3_500);
    const south = clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
    // The agent calls its peer silent later than the console does: this is still its last good answer.
    south.peer = { ...south.peer, reachable: true, answeredMs: 2_900 };
    const verdict = clusterVerdict(clusterSight(snapshot, 'WK1'));
    expect(verdict.kind).toBe('no-answer');
    expect(verdict.detail).not.toContain('hears');
  });

  it('cannot fail over once the other server has taken over from one that stays silent', () => {
    const snapshot = fixtures.done();
    const old = clusterOf(snapshot, 'WK1').members[1]!;
    old.link = lostFor(40_000);
    old.snapshot!.role.observed = 'active';
    clusterOf(snapshot, 'WK1').members[0]!.snapshot!.peer.reachable = false;
    const verdict = clusterVerdict(clusterSight(snapshot, 'WK1'));
    expect(verdict.kind).toBe('cannot');
    expect(verdict.findings[0]!.text).toBe('Nobody who could take WK1 over is seen if ig-south fails.');
    expect(verdict.detail).toBe('Nobody who could take over is seen: ig-north does not answer.');
    expect(verdict.recovery).toBeNull();
  });

  it('counts unknown as not ready', () => {
    const snapshot = fixtures.healthy();
    const passive = clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
    passive.storage.proven = { value: null, why: 'no answer', source: 'probe', ageMs: 9_000 };
    const verdict = clusterVerdict(clusterSight(snapshot, 'WK1'));
    expect(verdict.kind).toBe('not-known');
    expect(isReady(verdict)).toBe(false);
  });

  it('cannot fail over while automatic failover is blocked', () => {
    const snapshot = fixtures.healthy();
    for (const member of clusterOf(snapshot, 'WK1').members) {
      member.snapshot!.automaticFailover = { state: 'blocked', reason: 'The state of ig-south is damaged.' };
    }
    expect(clusterVerdict(clusterSight(snapshot, 'WK1')).kind).toBe('cannot');
  });

  it('is a caution when one guard of the Active misses', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK1').members[0]!.snapshot!.guards[1]!.beating = false;
    const verdict = clusterVerdict(clusterSight(snapshot, 'WK1'));
    expect(verdict.label).toBe('Can fail over, 1 caution');
    expect(isReady(verdict)).toBe(true);
  });

  it('does not cry "no Active" between two steps of a planned move', () => {
    const snapshot = fixtures.running();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.role.observed = 'passive';
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.engine.process.value = 'stopped';
    const verdict = clusterVerdict(clusterSight(snapshot, 'WK1'));
    expect(verdict.sentence).toBe('WK1 moves to ig-south');
    expect(verdict.findings.map((finding) => finding.title)).not.toContain('WK1 has no Active');
  });

  it('can fail over while only the network between the members is cut: the lease store decides', () => {
    const snapshot = fixtures.healthy();
    const [active, passive] = clusterOf(snapshot, 'WK1').members;
    for (const member of [active!, passive!]) member.snapshot!.peer.reachable = false;
    active!.snapshot!.blockers = [
      { code: 'peer-silent', reason: 'ig-south does not answer.', remedy: 'Bring it back.' },
    ];
    const sight = clusterSight(snapshot, 'WK1');
    expect(clusterVerdict(sight).kind).toBe('caution');
    expect(failoverSight(sight).word).toBe('on');
  });

  it('can fail over although the Active does not reach the lease store: the Passive does', () => {
    const snapshot = fixtures.healthy();
    const active = clusterOf(snapshot, 'WK1').members[0]!.snapshot!;
    active.store.reachable = false;
    active.automaticFailover = { state: 'not-known', reason: 'The lease store does not answer.' };
    const sight = clusterSight(snapshot, 'WK1');
    expect(isReady(clusterVerdict(sight))).toBe(true);
    expect(failoverSight(sight).word).toBe('on');
  });

  it('can fail over with lost messages, which are a danger of their own', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK2').traffic!.lost = 2;
    const verdict = clusterVerdict(clusterSight(snapshot, 'WK2'));
    expect(verdict.label).toBe('Can fail over, 1 caution');
    const said = siteSentence(sightOf(snapshot));
    expect(said.tone).toBe('danger');
    expect(said.detail).toContain('2 messages lost');
  });
});

describe('every place that speaks of protection', () => {
  const names = Object.keys(fixtures) as (keyof typeof fixtures)[];
  const sights = names.flatMap((name) => {
    const { site } = fixtures[name]();
    return site ? siteSight(site, 0).clusters.map((sight) => ({ name, sight })) : [];
  });

  it.each(sights)('agrees with the verdict: $name, $sight.cluster.id', ({ sight }) => {
    const verdict = clusterVerdict(sight);
    expect(verdict.recovery !== null).toBe(isReady(verdict));
    const { state } = failoverSight(sight, verdict);
    if (isReady(verdict)) expect(state).toBe('on');
    if (['cannot', 'not-known', 'no-answer', 'conflict'].includes(verdict.kind)) {
      expect(state).not.toBe('on');
      expect(verdict.detail).not.toBe('');
    }
  });
});

describe('a cluster in maintenance', () => {
  const held = () => fixtures.maintenance();

  it('is said to be so, with what is left, and is no alarm', () => {
    const verdict = clusterVerdict(clusterSight(held(), 'WK1'));
    expect(verdict).toMatchObject({ kind: 'maintenance', label: 'Maintenance, 28 min left' });
    expect(isReady(verdict)).toBe(false);
    expect(new Set(verdict.findings.map(({ severity }) => severity))).toEqual(new Set(['warn']));
    expect(siteSentence(sightOf(held()))).toMatchObject({
      tone: 'maintenance',
      sentence: 'WK1 is in maintenance',
    });
  });

  it('is an alarm again as soon as its Active is gone', () => {
    const snapshot = held();
    const [north, south] = clusterOf(snapshot, 'WK1').members;
    north!.link = lostFor(20_000);
    Object.assign(south!.snapshot!.peer, { reachable: false, answeredMs: 20_000 });
    expect(clusterVerdict(clusterSight(snapshot, 'WK1')).kind).toBe('no-answer');
    expect(siteSentence(sightOf(snapshot)).tone).toBe('danger');
  });
});
