import { leaseView, policyFacts } from '../../agent/member/lease-view.ts';
import { MaintenanceKeeper } from '../../agent/member/maintenance-keeper.ts';
import type { MemoryFile } from '../../agent/member/member-memory.ts';
import { fail, type Result } from '../../shared/result.ts';
import type { AgentState, WorldState } from './world-server.ts';

/** This member's own word on a maintenance; the peer's is asked for by `maintain`, in one turn. */
export function maintenanceOf(world: WorldState, peerName: string, memory: MemoryFile): MaintenanceKeeper {
  const unused = () => {
    throw new Error('the members of this world do not send it');
  };
  return new MaintenanceKeeper({
    clock: { bootMs: () => world.nowMs, wallTime: () => `${world.ageMs()} ms` },
    timers: { after: unused, every: unused, soon: unused, monotonicMs: () => world.nowMs, untilBeat: unused },
    cluster: 'WK1',
    peerName,
    memory,
    limitMs: 0,
    tell: unused,
    note: () => undefined,
  });
}

/** What the lease keeper knows that bears on a maintenance. */
export function leaseOnMaintenance(agent: Pick<AgentState, 'holder' | 'leaseHeld' | 'server' | 'world'>) {
  const { holder, world, server } = agent;
  const view = leaseView(holder, world.nowMs, server.name);
  return { ...view, ...policyFacts(holder, world.nowMs), held: agent.leaseHeld() };
}

/** As agent/member/accept-policy.ts: on the peer's disk, then here, then in the store. */
export function maintain(agent: AgentState, peer: AgentState | null, minutes: number): Result<void, string> {
  const { memory, world } = agent;
  const version = leaseOnMaintenance(agent).policyVersion;
  if (version === null) return fail('the lease store has not answered yet');
  const said = { by: 'admin-1', reason: 'patching', lastsMs: minutes * 60_000 };
  const kept = { ...said, storeId: memory.current().storeId, version: version + 1 };
  if (peer === null || !world.heard('link')) return fail('the other member does not keep it');
  for (const member of [peer, agent]) {
    const written = member.maintenance.keep(kept);
    if (!written.ok) return written;
  }
  const { refused } = askStore(agent, { kind: 'maintenance', ...said }, version);
  return refused === null ? { ok: true, value: undefined } : fail(refused);
}

/** Ends it by the store's record, which both members believe. */
export function endMaintenance(agent: AgentState): Result<void, string> {
  const version = leaseOnMaintenance(agent).policyVersion;
  if (version === null) return fail('the lease store has not answered yet');
  const { refused } = askStore(agent, { kind: 'end-maintenance', by: 'admin-1' }, version);
  return refused === null ? { ok: true, value: undefined } : fail(refused);
}

type PolicyWish = Extract<Parameters<AgentState['ask']>[0], { readonly op: 'policy' }>;

function askStore(agent: AgentState, change: PolicyWish['change'], version: number) {
  const request = agent.ask({ op: 'policy', version, change });
  return request === null ? { refused: 'the lease store does not answer' } : agent.answer(request);
}
