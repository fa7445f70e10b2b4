import { healthyActive, healthyPassive, withFacts } from '../failover/constructed-facts.ts';
import type { MemberFacts } from '../failover/member-facts.ts';
import { leaseInstants } from '../lease/timing.ts';
import type { ClusterBehaviour } from './behaviour-site.ts';

/** Both members by name: the preferred one is Active when nothing is the matter. */
export function membersOf({ members }: ClusterBehaviour) {
  const active = members.find(({ preferred, mustNot }) => preferred && !mustNot) ?? members[0]!;
  const passive = members.find(({ server }) => server !== active.server)!;
  return { active, passive };
}

/** The Active of this cluster as it is when nothing is the matter, half a renewal period after a renewal. Pure. */
export function activeOf(cluster: ClusterBehaviour): MemberFacts {
  const { active, passive } = membersOf(cluster);
  const { timing } = cluster;
  const leftMs = leaseInstants(timing).validMs - (timing.H * 1000) / 2;
  return withFacts(healthyActive, {
    ...settingsOf(cluster),
    self: { server: active.server, name: active.name, preferred: active.preferred, mustNot: active.mustNot },
    peer: { server: passive.server, name: passive.name, preferred: passive.preferred },
    lease: {
      leftMs,
      holder: active.server,
      lastHolder: active.server,
      freeInMs: leaseInstants(timing).freeMs - (timing.H * 1000) / 2,
    },
    storage: { ...copiedFacts(cluster, 0) },
  });
}

/** The Passive of this cluster at the same moment. Pure. */
export function passiveOf(cluster: ClusterBehaviour): MemberFacts {
  const { active, passive } = membersOf(cluster);
  const { timing } = cluster;
  const epoch = healthyActive.memory.epoch;
  return withFacts(healthyPassive, {
    ...settingsOf(cluster),
    self: {
      server: passive.server,
      name: passive.name,
      preferred: passive.preferred,
      mustNot: passive.mustNot,
    },
    peer: { server: active.server, name: active.name, preferred: active.preferred, epoch },
    lease: {
      holder: active.server,
      lastHolder: active.server,
      storeEpoch: epoch,
      freeInMs: leaseInstants(timing).freeMs - (timing.H * 1000) / 2,
    },
    storage: { generation: { value: epoch }, ...copiedFacts(cluster, epoch) },
  });
}

function settingsOf({ timing, localRestarts, failbackMinutes }: ClusterBehaviour) {
  return {
    timing,
    localRestarts,
    failbackAfterMs: failbackMinutes === null ? null : failbackMinutes * 60_000,
  };
}

/** Copied storage: a complete copy that is a few seconds old, which is fresh. */
function copiedFacts({ lagLimitSeconds }: ClusterBehaviour, wholeEpoch: number) {
  if (lagLimitSeconds === null) return {};
  const whole = {
    epoch: wholeEpoch,
    sequence: 1,
    final: false,
    readAtMs: healthyPassive.nowMs - 3_000,
    bytes: 0,
    files: 0,
    wallTime: '',
  };
  const state = { dataEpoch: 0, givenEpoch: 0, whole: wholeEpoch === 0 ? null : whole };
  return { copied: { state, lagLimitMs: lagLimitSeconds * 1000, lagMs: 3_000, failure: null } };
}
