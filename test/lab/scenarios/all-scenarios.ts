import { agentFrozen, agentKilled, agentTerminated } from './agent-faults.ts';
import { engineKilled, oneClusterBroken } from './engine-faults.ts';
import { engineTroubleScenarios } from './engine-troubles.ts';
import { agentAndGuardFrozen, guardFrozen, startByHand } from './guard-faults.ts';
import { powerOff, rebootInOrder } from './host-faults.ts';
import { isolations, peerLinkCut } from './network-faults.ts';
import { otherSenders } from './other-senders.ts';
import { handover, switchoverThereAndBack } from './planned-changes.ts';
import type { Scenario } from './scenario.ts';

/** In the order in which they run: what moves least comes first. */
export const scenarios: readonly Scenario[] = [
  agentKilled,
  agentTerminated,
  guardFrozen,
  startByHand,
  peerLinkCut,
  ...engineTroubleScenarios,
  engineKilled,
  switchoverThereAndBack,
  handover,
  agentFrozen,
  agentAndGuardFrozen,
  ...isolations,
  rebootInOrder,
  powerOff,
  oneClusterBroken,
  otherSenders,
];
