import { observedRole } from '../../agent/member/member-snapshot-builder.ts';
import type { PeerStatus } from '../../agent/member/peer-link.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { toldOfForce } from './world-forced.ts';
import type { AgentState } from './world-server.ts';

/** What this member tells its peer with every beat. */
export function statusOf(agent: AgentState, facts: MemberFacts): PeerStatus {
  const { server, changes } = agent;
  return {
    ...toldOfForce(agent),
    role: observedRole(facts),
    wanted: facts.lease.held ? 'active' : 'passive',
    epoch: server.disk.epoch,
    onPromise: false,
    engineRunning: server.engine.running,
    blockers: changeBlockers(facts),
    operation: changes.announced(),
  };
}
