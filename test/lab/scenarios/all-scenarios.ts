import { agentFrozen, agentKilled, agentTerminated } from './agent-faults.ts';
import { engineKilled, oneClusterBroken } from './engine-faults.ts';
import { activeIsolated, powerOff } from './host-faults.ts';
import { otherSenders } from './other-senders.ts';
import { handover, switchoverThereAndBack } from './planned-changes.ts';
import type { Scenario } from './scenario.ts';

/** In the order in which they run: what moves least comes first. */
export const scenarios: readonly Scenario[] = [
  agentKilled,
  agentTerminated,
  engineKilled,
  switchoverThereAndBack,
  handover,
  agentFrozen,
  activeIsolated,
  powerOff,
  oneClusterBroken,
  otherSenders,
];
