import {
  agentFrozen,
  agentKilled,
  agentKilledInLoop,
  agentTerminated,
  bothKilled,
  bothKilledOnce,
} from './agent-faults.ts';
import { balancerFrozen, longConnectionCut } from './balancer-faults.ts';
import { certificateFaults } from './certificate-faults.ts';
import { wallClockJumps } from './clock-faults.ts';
import { consoleKilled, maintenanceForgotten, twoConsoles } from './command-faults.ts';
import {
  bothClustersMove,
  engineKilled,
  engineOutsideService,
  oneClusterBroken,
  stopRefused,
  stopSlowerThanK,
} from './engine-faults.ts';
import {
  answersAreLost,
  componentsOff,
  engineSilent,
  engineTroubleScenarios,
  startTroubleScenarios,
} from './engine-troubles.ts';
import {
  agentAndGuardFrozen,
  bothGuardsFrozen,
  bothGuardsGone,
  guardFrozen,
  guardKilled,
  startByHand,
  thawedAgentStarts,
} from './guard-faults.ts';
import {
  bothRestart,
  bothRestartOneReturns,
  hostFrozen,
  oldActiveReturns,
  powerOff,
  rebootInOrder,
  secondFaultAgent,
  secondFaultTaker,
} from './host-faults.ts';
import {
  badNetworks,
  cablePulled,
  isolations,
  linkFlaps,
  passiveCutOff,
  peerLinkCut,
  peerLinkOneWay,
} from './network-faults.ts';
import { agentOutOfMemory, flooded, starvedOfCpu } from './load-faults.ts';
import { otherSenders } from './other-senders.ts';
import { handover, switchoverThereAndBack } from './planned-changes.ts';
import {
  clonedServer,
  olderState,
  stateDamaged,
  stateDiskBroken,
  stateDiskFull,
  stateDiskHangs,
} from './state-faults.ts';
import {
  lateWriter,
  noStorageNoStart,
  storageFull,
  storageGone,
  storageHangs,
  storageReadOnly,
  storageStale,
  targetStepHangs,
  unfitTarget,
  wrongStorage,
} from './storage-faults.ts';
import {
  onlyStoreLinkCut,
  storeAndPeerLost,
  storeRestarted,
  storeSlow,
  storesLost,
  storeThenPeerLost,
} from './store-faults.ts';
import { copiedFaults } from './copied-faults.ts';
import { mountFaults } from './mount-faults.ts';
import { etcdFaults } from './etcd-faults.ts';
import { engineFlaps } from './flap-faults.ts';
import { forcedTakeover } from './forced-faults.ts';
import { storeReplacedForGood } from './replaced-store.ts';
import { agentDiesInFailover, agentDiesInSwitchover } from './step-faults.ts';
import type { Scenario } from './scenario.ts';

/** In the order in which they run: what moves least comes first, and what touches its neighbours last. */
export const scenarios: readonly Scenario[] = [
  agentKilled,
  agentTerminated,
  agentOutOfMemory,
  guardKilled,
  guardFrozen,
  startByHand,
  engineOutsideService,
  unfitTarget,
  lateWriter,
  clonedServer,
  ...certificateFaults,
  flooded,
  storeRestarted,
  storeSlow,
  ...storesLost,
  storeThenPeerLost,
  storageHangs,
  storageFull,
  peerLinkCut,
  peerLinkOneWay,
  linkFlaps,
  ...engineTroubleScenarios,
  engineSilent,
  answersAreLost,
  wallClockJumps,
  engineKilled,
  switchoverThereAndBack,
  handover,
  componentsOff,
  targetStepHangs,
  longConnectionCut,
  balancerFrozen,
  twoConsoles,
  consoleKilled,
  maintenanceForgotten,
  olderState,
  agentDiesInSwitchover,
  agentDiesInFailover,
  agentFrozen,
  agentAndGuardFrozen,
  bothGuardsFrozen,
  bothGuardsGone,
  thawedAgentStarts,
  agentKilledInLoop,
  bothKilled,
  bothKilledOnce,
  ...stateDamaged,
  stateDiskFull,
  stateDiskHangs,
  ...isolations,
  cablePulled,
  passiveCutOff,
  onlyStoreLinkCut,
  storeAndPeerLost,
  ...badNetworks,
  starvedOfCpu,
  storageReadOnly,
  storageStale,
  storageGone,
  noStorageNoStart,
  wrongStorage,
  stateDiskBroken,
  rebootInOrder,
  hostFrozen,
  powerOff,
  oldActiveReturns,
  secondFaultAgent,
  secondFaultTaker,
  bothRestartOneReturns,
  bothRestart,
  bothClustersMove,
  stopSlowerThanK,
  stopRefused,
  ...startTroubleScenarios,
  oneClusterBroken,
  engineFlaps,
  otherSenders,
  forcedTakeover,
  storeReplacedForGood,
  ...etcdFaults,
  ...copiedFaults,
  ...mountFaults,
];
