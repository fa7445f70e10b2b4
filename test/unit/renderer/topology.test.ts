import { describe, expect, it } from 'vitest';
import { layoutTopology, memberPlace } from '../../../renderer/features/topology/layout.ts';
import { memberFacts } from '../../../renderer/features/topology/member-facts.ts';
import { topologyPaths } from '../../../renderer/features/topology/paths.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { clusterSight } from '../fleet/sight-of-fixture.ts';

describe('layout of the topology', () => {
  const servers = ['ig-north', 'ig-south'];

  it('keeps the order of the members and their distance to everything equal', () => {
    for (const order of [servers, [...servers].reverse()]) {
      const { boxes } = layoutTopology(order, 'full');
      const [left, right] = order.map((server) => boxes.get(memberPlace(server))!);
      const middle = boxes.get('balancer')!.x + boxes.get('balancer')!.width / 2;
      expect(left!.x).toBeLessThan(right!.x);
      expect(middle - (left!.x + left!.width)).toBeCloseTo(right!.x - middle, 0);
      expect(left!.y).toBe(right!.y);
    }
  });

  it('moves the members apart in a wide frame, and never closer than they need', () => {
    const apart = (frame?: { width: number; height: number }) => {
      const { boxes } = layoutTopology(servers, 'full', frame);
      const [left, right] = servers.map((server) => boxes.get(memberPlace(server))!);
      return right!.x - left!.x - left!.width;
    };
    expect(apart({ width: 774, height: 500 })).toBe(apart());
    expect(apart({ width: 1_340, height: 860 })).toBeGreaterThan(apart() + 100);
    expect(apart({ width: 200, height: 800 })).toBe(apart());
  });

  it('puts nothing onto anything else', () => {
    for (const mode of ['full', 'split'] as const) {
      const boxes = [...layoutTopology(servers, mode).boxes.values()];
      for (const [index, a] of boxes.entries()) {
        for (const b of boxes.slice(index + 1)) {
          const apart =
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(apart).toBe(true);
        }
      }
    }
  });
});

describe('paths of the topology', () => {
  const styles = (name: keyof typeof fixtures) =>
    Object.fromEntries(
      topologyPaths(clusterSight(fixtures[name](), 'WK1'), 'full').map((path) => [path.id, path.style]),
    );

  it('carry to the Active only, when all is well', () => {
    expect(styles('healthy')).toEqual({
      senders: 'carries',
      'balancer ig-north': 'carries',
      'balancer ig-south': 'ready',
      beat: 'answers',
      'store ig-north': 'carries',
      'store ig-south': 'answers',
      'storage ig-north': 'carries',
      'storage ig-south': 'ready',
    });
  });

  it('of a silent member are silent or not known, never fine', () => {
    expect(styles('split')).toMatchObject({
      'balancer ig-north': 'silent',
      beat: 'silent',
      'store ig-north': 'silent',
      'storage ig-north': 'unknown',
    });
  });

  it('call no heartbeat an answer that is older than three beats', () => {
    const snapshot = fixtures['lost-link']();
    clusterOf(snapshot, 'WK1').members[1]!.snapshot!.peer.answeredMs = 4_000;
    const beat = topologyPaths(clusterSight(snapshot, 'WK1'), 'full').find((path) => path.id === 'beat');
    expect(beat).toMatchObject({ style: 'silent', name: 'No heartbeat' });
  });

  it('of a member that only the console lost show what the store still sees', () => {
    expect(styles('lost-link')).toMatchObject({ 'store ig-north': 'carries', 'storage ig-north': 'unknown' });
  });

  it('show an engine that should not run', () => {
    expect(styles('conflict')).toMatchObject({ 'storage ig-south': 'astray' });
  });
});

describe('facts of a member', () => {
  it('of a silent Active are its last words, and the guards by rule', () => {
    const sight = clusterSight(fixtures.split(), 'WK1');
    const facts = memberFacts(sight, sight.members[0]!);
    expect(facts.slice(0, 4).every((fact) => fact.state === 'unknown')).toBe(true);
    expect(facts[4]).toMatchObject({ name: 'Guards', text: 'must kill within 4.7 s', rule: 'by rule' });
  });

  it('of a server that is not seen never claim a kill as a fact', () => {
    const sight = clusterSight(fixtures.split(), 'WK1', 6_000);
    expect(memberFacts(sight, sight.members[0]!)[4]).toMatchObject({
      name: 'Guards',
      text: 'must have killed; not seen',
      state: 'unknown',
    });
  });

  it('call an engine without a lease what it is', () => {
    const sight = clusterSight(fixtures.conflict(), 'WK1');
    const engine = memberFacts(sight, sight.members[1]!).find((fact) => fact.name === 'Engine');
    expect(engine).toMatchObject({ text: 'runs without the lease', state: 'danger' });
  });
});
