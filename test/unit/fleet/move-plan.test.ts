import { describe, expect, it } from 'vitest';
import { failoverSight } from '../../../shared/fleet/automatic-failover.ts';
import { clusterVerdict } from '../../../shared/fleet/cluster-verdict.ts';
import { moveOffered, planMove } from '../../../shared/fleet/move-plan.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';
import { clusterSight } from './sight-of-fixture.ts';

const admin = { role: 'admin', connected: true } as const;
const sight = (name: keyof typeof fixtures) => clusterSight(fixtures[name](), 'WK1');
const offered = (name: keyof typeof fixtures) => {
  const move = moveOffered(sight(name));
  return move && `${move.verb} ${move.target.server}`;
};

describe('the move that is offered', () => {
  it('is a switchover while the preferred member is Active, and a failback while it is not', () => {
    expect(offered('healthy')).toBe('switchover ig-south');
    expect(offered('to-move-back')).toBe('failback ig-north');
  });

  it('is a failover only once nobody holds the lease', () => {
    expect(offered('split')).toBeNull();
    expect(offered('lost-link')).toBeNull();
    expect(offered('lease-free')).toBe('failover ig-south');
  });

  it('is none while roles move or two engines run', () => {
    expect(offered('running')).toBeNull();
    expect(offered('conflict')).toBeNull();
  });
});

describe('a failover that a person asks for', () => {
  const plan = (
    name: keyof typeof fixtures,
    change?: (snapshot: ReturnType<typeof fixtures.healthy>) => void,
  ) => {
    const snapshot = fixtures[name]();
    change?.(snapshot);
    const cluster = clusterSight(snapshot, 'WK1');
    const target = cluster.members.find(({ server }) => server === 'ig-south')!;
    return planMove(cluster, { verb: 'failover', target }, admin);
  };
  const codes = (...given: Parameters<typeof plan>) => plan(...given).refusals.map(({ code }) => code);

  it('has nothing in its way when the lease is free and the member is fit, also while it is blocked', () => {
    expect(plan('lease-free')).toMatchObject({ refusals: [], epoch: 47 });
    expect(plan('lease-free').steps[0]).toMatchObject({
      kind: 'acquire',
      on: 'ig-south',
      withoutActive: true,
    });
  });

  it('is refused beside a working Active, while a lease lives, and in maintenance', () => {
    expect(codes('healthy')).toEqual(['active-well']);
    expect(codes('split')).toEqual(['lease-live']);
    expect(
      codes('lease-free', (snapshot) => {
        clusterOf(snapshot, 'WK1').members[1]!.snapshot!.automaticFailover = {
          state: 'maintenance',
          reason: 'Maintenance of admin-1: patch.',
        };
      }),
    ).toEqual(['maintenance']);
  });

  it('lists what its own agent says, beside what the console knows', () => {
    expect(codes('no-active')).toEqual(['storage']);
    expect(codes('conflict')).toContain('conflict');
  });
});

it('says why nobody takes over once the lease has run out, and waits for nothing any more', () => {
  const cluster = sight('lease-free');
  expect(clusterVerdict(cluster).detail).toBe(
    'Its lease has run out. ig-south stays Passive: automatic failover is blocked: 3 automatic failovers within an hour.',
  );
  expect(failoverSight(cluster).state).toBe('blocked');
});
