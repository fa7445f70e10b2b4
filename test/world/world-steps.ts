import type { Step, StepKind } from '../../shared/failover/member-facts.ts';
import { jumpedEpoch } from '../../shared/lease/forced.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import { answerLease } from '../../shared/lease/store.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { otherOf, timing, turnMs, type AgentState } from './world-server.ts';

/** A step as the effects it has, one after the other: after each of them its agent may be gone. */
export type StepRun = Generator<string, Result<string, string>, void>;

/** A new epoch is this member's: nothing of an earlier one counts. */
function beginsEpoch(agent: AgentState, effects: readonly { readonly kind: string }[]): boolean {
  if (!effects.some(({ kind }) => kind === 'granted')) return false;
  agent.failures.clear();
  agent.crashes = [];
  agent.provenEpoch = null;
  agent.startedEpoch = null;
  return true;
}

/** The same effects in the same order as in agent/member/step-executors.ts. */
export const worldSteps: Record<StepKind, (agent: AgentState, step: Step) => StepRun> = {
  *acquire(agent, step) {
    const { world, server, memory } = agent;
    const again = agent.facts?.lease.lastHolder === server.name;
    const asked = step.planned === true || (again && memory.current().tookOver !== 'by-rule');
    memory.update({ tookOver: asked ? 'asked' : 'by-rule' });
    yield 'it is known that the state can be written';
    const request = agent.ask({ op: 'acquire', planned: step.planned === true });
    if (request === null) return fail('the store cannot be asked');
    const turn = answerLease(world.store, server.name, request, world.nowMs);
    world.store = turn.state;
    yield 'the store has decided';
    const { refused, effects } = agent.takeIn({ id: request.id, ...turn.answer });
    if (refused !== null) return fail(refused);
    if (!beginsEpoch(agent, effects)) return fail('the grant could not be used');
    yield 'the epoch is on disk';
    return succeed(`epoch ${server.disk.epoch} granted`);
  },
  *force(agent, step) {
    const { world, server, memory, changes } = agent;
    const own = changes.own();
    if (own?.statement === undefined) return fail('no person asks for it');
    const { requestedBy: by, reason, statement } = own;
    const at = `${world.ageMs()} ms`;
    const ofStore = agent.holder.seen?.view.epoch ?? 0;
    const told = agent.status?.told.epoch ?? 0;
    const highest = Math.max(server.disk.epoch, ofStore, told, agent.facts?.storage.aheadOfStore ?? 0);
    if (step.alone === true) {
      const from = Math.max(agent.forced.note()?.from ?? server.disk.epoch, ofStore);
      const epoch = jumpedEpoch(highest, server.name === 'north' ? 0 : 1);
      agent.forceAlone({ epoch, from, by, reason, at, statement });
      beginsEpoch(agent, [{ kind: 'granted' }]);
      yield 'the epoch is on disk';
      return succeed(`the epoch is raised to ${epoch}`);
    }
    memory.update({ tookOver: 'asked' });
    yield 'it is known that the state can be written';
    const request = agent.ask({ op: 'force', forced: { by, reason, at, alone: false }, least: highest });
    if (request === null) return fail('the store cannot be asked');
    const turn = answerLease(world.store, server.name, request, world.nowMs);
    world.store = turn.state;
    yield 'the store has decided';
    const { refused, effects } = agent.takeIn({ id: request.id, ...turn.answer });
    if (refused !== null) return fail(refused);
    if (!beginsEpoch(agent, effects)) return fail('the grant could not be used');
    yield 'the epoch is on disk';
    return succeed(`epoch ${server.disk.epoch} granted by force`);
  },
  *'prove-storage'(agent, step) {
    yield 'the storage was looked at';
    agent.provenEpoch = step.epoch;
    agent.generation = agent.world.generation;
    return succeed('identity seen, written and read back');
  },
  *'write-generation'(agent, step) {
    const { world } = agent;
    if (world.generation > step.epoch) return fail(`the generation is ${world.generation}`);
    world.generation = step.epoch;
    world.generationSinceMs = world.nowMs;
    yield 'the generation is written';
    agent.generation = step.epoch;
    return succeed(`generation ${step.epoch}`);
  },
  *'start-engine'(agent, step) {
    const { server, world } = agent;
    agent.pollersStarted = false;
    if (!agent.arm()) return fail('no usable lease is held');
    yield 'the gate is open';
    const { deadline } = server.run;
    const open = deadline !== null && deadline.atMs - world.nowMs > timing.D * 1000;
    if (!open) return fail('the gate refused the start');
    server.engine = { running: true, listeners: false, pollers: false };
    yield 'the process runs';
    agent.startedEpoch = step.epoch;
    yield 'the API answers';
    return succeed('its process runs, its API answers');
  },
  *'start-components'({ server }) {
    if (!server.engine.running) return fail('the engine died');
    server.engine.listeners = true;
    yield 'the listeners are on';
    return succeed('all on');
  },
  *'open-active'(agent, step) {
    const { server } = agent;
    server.run.mark = { epoch: step.epoch, pollersStarted: agent.pollersStarted };
    yield 'the mark is written';
    agent.serving = true;
    return succeed('/active answers 200');
  },
  *'start-pollers'(agent, step) {
    const { server } = agent;
    if (!server.engine.running) return fail('the engine died');
    server.engine.pollers = true;
    yield 'the pollers are on';
    agent.pollersStarted = true;
    server.run.mark = { epoch: step.epoch, pollersStarted: true };
    return succeed('all on');
  },
  *drain(agent) {
    agent.serving = false;
    agent.server.run.mark = null;
    yield '/active answers 503';
    yield 'the load balancer has seen it';
    return succeed('/active answered 503 twice');
  },
  *'stop-pollers'({ server }) {
    server.engine.pollers = false;
    yield 'the pollers are off';
    return succeed('all off');
  },
  *'stop-engine'(agent) {
    yield 'the engine was asked to stop';
    agent.stopEngine();
    yield 'its process is gone';
    agent.disarm();
    return succeed('its process is gone, the gate is shut');
  },
  *'seal-ledger'({ server }, step) {
    yield 'the ledger is on the storage';
    server.run.sealed = step.epoch;
    return succeed('sealed');
  },
  *'copy-last'() {
    return succeed('the last copy is complete');
  },
  *'kill-engine'(agent) {
    agent.serving = false;
    agent.stopEngine();
    yield 'its process is gone';
    agent.server.run.mark = null;
    agent.disarm();
    return succeed('its control group is empty, the gate is shut');
  },
  *'end-epoch'(agent, step) {
    agent.disarm();
    yield 'the gate is shut';
    if (agent.server.engine.running) return fail('the engine is not proven stopped');
    agent.endEpoch(step.epoch);
    yield 'the end is on disk';
    agent.standsBack = step.standsBack === true;
    if (agent.standsBack) agent.acquireNotBeforeMs = agent.world.nowMs + timing.T * 1000;
    agent.failures.clear();
    return succeed(`epoch ${step.epoch} has ended here`);
  },
  *release(agent, step) {
    const { world, server } = agent;
    const request = agent.ask({ op: 'release', reservedFor: step.reservedFor ?? null });
    if (request === null) return fail('the store cannot be asked');
    const turn = answerLease(world.store, server.name, request, world.nowMs);
    world.store = turn.state;
    yield 'the store has released it';
    const { refused } = agent.takeIn({ id: request.id, ...turn.answer });
    return refused === null ? succeed(`released for ${step.reservedFor ?? 'anybody'}`) : fail(refused);
  },
  *'restart-guards'(agent) {
    yield 'the guards were restarted';
    agent.server.told.delete('guards');
    return succeed('both guards beat');
  },
  *'rebuild-state'(agent, step) {
    const { server } = agent;
    agent.memory.rebuild({ epoch: step.epoch, storeId: agent.world.store.record.storeId });
    server.told.delete('memory.damaged');
    yield 'the state is on disk';
    agent.acquireNotBeforeMs = agent.world.nowMs + (timing.T + clockDriftBound(timing.T)) * 1000;
    agent.rememberAnew();
    return succeed(`its state begins anew with epoch ${server.disk.epoch}`);
  },
  *'adopt-engine'(agent, step) {
    const { world, server } = agent;
    if (world.generation > step.epoch) return fail(`the generation is ${world.generation}`);
    yield 'the storage was looked at';
    agent.provenEpoch = step.epoch;
    agent.generation = world.generation;
    if (!server.engine.running) return fail('its engine is not seen running');
    if (!agent.arm()) return fail('no usable lease is held');
    yield 'the deadline is written';
    agent.startedEpoch = step.epoch;
    agent.pollersStarted = true;
    server.run.mark = { epoch: step.epoch, pollersStarted: true };
    yield 'the mark is written';
    agent.serving = true;
    return succeed('the deadline is written, the engine runs on');
  },
  *'begin-failback'(agent) {
    const { world, server, changes, memory } = agent;
    if (changes.own() !== null) return fail('another change is under way');
    changes.begin({
      id: `failback-${world.nowMs}`,
      kind: 'failback',
      to: otherOf(server.name),
      epoch: memory.current().epoch,
      requestedBy: 'rule R38',
      reason: '',
      startedWallTime: `${world.nowMs - turnMs}`,
      idempotencyKey: `failback-${world.nowMs}`,
    });
    yield 'the change is on disk';
    return succeed('the failback begins');
  },
};
