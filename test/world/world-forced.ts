import type { PeerStatus } from '../../agent/member/peer-link.ts';
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { forcedElsewhere } from '../../shared/failover/readmission.ts';
import type { AgentState } from './world-server.ts';

/** As LeaseKeeper: the store is back, and is told of the takeover, or tells that the other member is alive. */
export function judgeWhileForced(agent: AgentState, answer: LeaseAnswer): void {
  const { seen } = agent.holder;
  if (answer.result !== 'read' || seen?.view !== answer.view) return;
  const judged = agent.forced.judge(seen.view);
  if (judged.kind === 'stop') return agent.stopForGood(judged.why);
  if (judged.kind !== 'adopt') return;
  const request = agent.ask({ op: 'force', forced: judged.forced });
  if (request !== null) agent.answer(request);
}

/** As agent/member/follow-forced.ts. */
export function followForced(agent: AgentState, facts: MemberFacts): void {
  const { expelled, forced, epoch } = agent.server.disk;
  const found = forcedElsewhere(facts, epoch);
  if (found !== null && found.epoch > (expelled?.epoch ?? 0)) {
    if (agent.leaseHeld() || agent.feeding) agent.stopForGood('the other member was forced to take over');
    agent.memory.update({ expelled: { epoch: found.epoch, by: found.by } });
  }
  const told = agent.status?.told;
  const back = told !== undefined && told.expelled !== true && told.epoch >= (forced?.epoch ?? 0);
  if (forced !== undefined && forced.epoch < epoch && facts.peer.reachable && back) {
    agent.memory.update({ forced: undefined });
    agent.tell('The other member has been re-admitted.');
  }
}

/** What the beats tell of it. */
export function toldOfForce({ server, forced: life }: AgentState): Pick<PeerStatus, 'forced' | 'expelled'> {
  const { forced, expelled } = server.disk;
  const withoutStore = life.lives();
  return {
    ...(forced === undefined ? {} : { forced: { epoch: forced.epoch, by: forced.by, withoutStore } }),
    ...(expelled === undefined ? {} : { expelled: true }),
  };
}
