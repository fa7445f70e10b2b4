import { changeBlockers } from '../failover/blockers.ts';
import { healthyActive, healthyPassive, withFacts } from '../failover/constructed-facts.ts';
import type { MemberFacts } from '../failover/member-facts.ts';
import { leaseInstants } from '../lease/timing.ts';
import type { ClusterBehaviour } from './behaviour-site.ts';
import type { FaultScene } from './fault-scene.ts';

/** Both members by name: the preferred one is Active when nothing is the matter, and never one that must not. */
export function membersOf({ members }: Pick<ClusterBehaviour, 'members'>) {
  const active =
    members.find(({ preferred, mustNot }) => preferred && !mustNot) ??
    members.find(({ mustNot }) => !mustNot) ??
    members[0]!;
  const passive = members.find(({ server }) => server !== active.server)!;
  return { active, passive };
}

/** The Active of this cluster as it is when nothing is the matter, half a renewal period after a renewal. Pure. */
export function activeOf(scene: FaultScene): MemberFacts {
  const { active, passive } = membersOf(scene);
  const blockers = changeBlockers(passiveOf(scene));
  return serving(scene, active, { ...passive, blockers });
}

/** The Passive after it has taken over by rule, beside the former Active, which is Passive and fit. Pure. */
export function takerOf(scene: FaultScene): MemberFacts {
  const { active, passive } = membersOf(scene);
  const epoch = healthyActive.memory.epoch + 1;
  return withFacts(serving(scene, passive, { ...active, blockers: [] }), {
    tookOverByRule: true,
    memory: { epoch, ended: epoch - 1 },
    peer: { epoch: epoch - 1, fitForMs: 0 },
    lease: { storeEpoch: epoch },
    engine: { startedEpoch: epoch },
    storage: { provenEpoch: epoch, generation: { value: epoch } },
  });
}

type Member = ClusterBehaviour['members'][number];

function serving(
  scene: FaultScene,
  self: Member,
  peer: Member & Pick<MemberFacts['peer'], 'blockers'>,
): MemberFacts {
  const { timing } = scene;
  return withFacts(healthyActive, {
    ...settingsOf(scene),
    self: selfOf(scene, self),
    peer: { server: peer.server, name: peer.name, preferred: peer.preferred, blockers: peer.blockers },
    lease: {
      leftMs: leaseInstants(timing).validMs - (timing.H * 1000) / 2,
      holder: self.server,
      lastHolder: self.server,
      freeInMs: leaseInstants(timing).freeMs - (timing.H * 1000) / 2,
    },
    storage: { ...copiedFacts(scene, 0) },
  });
}

/** The Passive of this cluster at the same moment. Pure. */
export function passiveOf(scene: FaultScene): MemberFacts {
  const { active, passive } = membersOf(scene);
  const { timing } = scene;
  const epoch = healthyActive.memory.epoch;
  return withFacts(healthyPassive, {
    ...settingsOf(scene),
    self: selfOf(scene, passive),
    peer: { server: active.server, name: active.name, preferred: active.preferred, epoch },
    lease: {
      holder: active.server,
      lastHolder: active.server,
      storeEpoch: epoch,
      freeInMs: leaseInstants(timing).freeMs - (timing.H * 1000) / 2,
    },
    storage: { generation: { value: epoch }, ...copiedFacts(scene, epoch) },
  });
}

function selfOf({ observed }: FaultScene, { server, name, preferred, mustNot }: Member) {
  return { server, name, preferred, mustNot, ...(observed && { mode: 'observe' as const }) };
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
