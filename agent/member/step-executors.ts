import { randomUUID } from 'node:crypto';
import type { Step, StepKind } from '../../shared/failover/member-facts.ts';
import { stepTerms } from '../../shared/failover/step-terms.ts';
import { jumpedEpoch } from '../../shared/lease/forced.ts';
import type { MemberLeaseEffect } from '../../shared/lease/member-lease.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { EngineComponents } from '../engines/engine-adapter.ts';
import { pause } from '../system-timers.ts';
import { adoptEngine } from './adopt-engine.ts';
import { beginAnew } from './begin-anew.ts';
import { highestGrantedEpoch, highestKnownEpoch, memberIndex } from './known-epochs.ts';
import type { MemberParts } from './member-parts.ts';
import { markServing, openActive } from './open-active.ts';
import { beginEpoch, cutOffOther } from './take-grant.ts';

/** Carries out one step and answers with its evidence, or with why it did not work. */
export type StepExecutor = (parts: MemberParts, step: Step) => Promise<Result<string, string>>;

const drainRefusals = 2;
const startingLookMs = 25;

/** One executor per step kind: a kind without one does not compile. */
export const stepExecutors: Record<StepKind, StepExecutor> = {
  acquire,
  force,
  'prove-storage': proveStorage,
  'write-generation': writeGeneration,
  'start-engine': startEngine,
  'start-components': startComponents,
  'start-pollers': startPollers,
  'open-active': openActive,
  drain,
  'stop-pollers': stopPollers,
  'stop-engine': stopEngine,
  'kill-engine': killEngine,
  'seal-ledger': ({ ledger }, step) => ledger.seal(step.epoch),
  'copy-last': copyLast,
  'end-epoch': endEpoch,
  release,
  'restart-guards': restartGuards,
  'begin-failback': beginFailback,
  'rebuild-state': rebuildState,
  'adopt-engine': adoptEngine,
};

async function acquire(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { keeper, memory, clock, config, runtime } = parts;
  const { lastHolder } = keeper.facts(clock.bootMs());
  // Kept until it is granted: the store may name this member before its answer is here.
  if (lastHolder !== config.server) runtime.takesFrom = lastHolder;
  // A lease that could not be written down would be granted, never used, and keep the peer out for T.
  const kept = written(() => memory.update({ tookOver: howItTakesOver(parts, step) }));
  if (!kept.ok) return kept;
  return grantedBy(await keeper.acquire(step.planned === true));
}

/** A disk that refuses is told as the failure of the step that needs it. */
function written(write: () => Result<void, string> | void): Result<void, string> {
  try {
    return write() ?? succeed(undefined);
  } catch (error) {
    return fail(`its state cannot be written: ${String(error)}`);
  }
}

/** What follows from a grant was done when it came, which may also be later than this. */
function grantedBy(asked: Result<readonly MemberLeaseEffect[], string>): Result<string, string> {
  if (!asked.ok) return asked;
  const granted = asked.value.find((effect) => effect.kind === 'granted');
  return granted === undefined
    ? fail('the grant could not be used')
    : succeed(`epoch ${granted.epoch} granted`);
}

/** A person's takeover by force. What the person has stated, and that no lease can be live, was judged before. */
async function force(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { keeper, memory, changes, clock } = parts;
  const own = changes.own();
  if (own?.kind !== 'force-takeover' || own.statement === undefined) return fail('no person asks for it');
  const { requestedBy: by, reason, statement } = own;
  const at = clock.wallTime();
  if (step.alone === true) {
    const from = highestGrantedEpoch(parts);
    const epoch = jumpedEpoch(highestKnownEpoch(parts), memberIndex(parts));
    const raised = written(() => keeper.forceAlone({ epoch, from, by, reason, at, statement }));
    if (!raised.ok) return raised;
    beginEpoch(parts, epoch);
    cutOffOther(parts, epoch);
    return succeed(`the epoch is raised to ${epoch} and synced, without the lease store`);
  }
  const kept = written(() => memory.update({ tookOver: 'asked' }));
  if (!kept.ok) return kept;
  const granted = grantedBy(await keeper.force({ by, reason, at, alone: false }, highestKnownEpoch(parts)));
  return granted.ok ? succeed(`${granted.value} by force`) : granted;
}

/** Whoever takes its own last lease up again, or what a person had it take over, does so as it had it. */
function howItTakesOver({ keeper, config, memory, clock }: MemberParts, step: Step): 'by-rule' | 'asked' {
  if (step.planned === true) return 'asked';
  const again = keeper.facts(clock.bootMs()).lastHolder === config.server || keeper.forced.note() !== null;
  return again ? (memory.current().tookOver ?? 'asked') : 'by-rule';
}

/** The rule asks for what a person could have asked for; from then on both go the same way. */
function beginFailback({ changes, memory, config, clock }: MemberParts): Promise<Result<string, string>> {
  if (changes.own() !== null) return Promise.resolve(fail('another change is under way'));
  const id = randomUUID();
  const begun = written(() =>
    changes.begin({
      id,
      kind: 'failback',
      to: config.peer.server,
      epoch: memory.current().epoch,
      requestedBy: 'rule R38',
      reason: 'the preferred member is fit again',
      startedWallTime: clock.wallTime(),
      idempotencyKey: id,
    }),
  );
  return Promise.resolve(begun.ok ? succeed(`the failback to ${config.peer.serverName} begins`) : begun);
}

function rebuildState(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { memory, runtime } = parts;
  const begun = written(() => beginAnew(parts, step.epoch));
  if (!begun.ok) return Promise.resolve(begun);
  const by = runtime.readmittedBy === null ? '' : `, re-admitted by ${runtime.readmittedBy}`;
  runtime.readmittedBy = null;
  return Promise.resolve(
    succeed(`its state begins anew with epoch ${memory.current().epoch}, which has ended${by}`),
  );
}

async function proveStorage(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { storage, runtime, cutOff, mounts, probes, clock } = parts;
  // First, so that nobody else writes between the proof and the start of the engine.
  const cut = (await cutOff?.settled(step.epoch)) ?? null;
  // Nobody mounts what another one may still write to; and what is mounted is no proof of anything.
  const mounted = (await mounts?.mount()) ?? null;
  if (mounted?.ok === false) return mounted;
  const proven = await storage.prove();
  if (mounted !== null) void probes.storage.lookNow();
  if (!proven.ok) return proven;
  runtime.provenEpoch = step.epoch;
  runtime.provenAtMs = clock.bootMs();
  // Of a copied directory the epoch alone is no proof: a placing of the copy may have been cut off after it was raised.
  runtime.generation =
    parts.copies === null
      ? { value: proven.value.generation, ageMs: 0 }
      : { value: null, ageMs: 0, why: 'whether the newest data lies here is settled as it is raised' };
  const seen = `identity seen, written and read back in ${proven.value.tookMs} ms`;
  return succeed([cut, mounted?.value, seen].filter((part) => part != null).join('; '));
}

async function writeGeneration(
  { storage, runtime, copies }: MemberParts,
  step: Step,
): Promise<Result<string, string>> {
  const raised = await storage.raiseGeneration(step.epoch);
  if (!raised.ok) return raised;
  runtime.generation = { value: raised.value.generation, ageMs: 0 };
  copies?.forget();
  const { told } = raised.value;
  return succeed(`generation ${raised.value.generation}${told === undefined ? '' : `; ${told}`}`);
}

async function startEngine(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { keeper, service, probes, runtime, clock, servingMark } = parts;
  const startedMs = clock.bootMs();
  runtime.startBeganMs = startedMs;
  // Whatever ran before: an engine that has just been started serves nothing, and its components are off.
  runtime.serving = false;
  servingMark.remove();
  runtime.pollersStarted = false;
  runtime.apiAnsweredMs = null;
  runtime.adoptedLife = null;
  const unproven = unprovenLease(parts);
  if (unproven !== null) return fail(unproven);
  const missing = parts.mounts?.missing() ?? null;
  if (missing !== null) {
    // It is mounted and proven anew before this is tried again.
    runtime.provenEpoch = null;
    return fail(missing);
  }
  const reopened = (await parts.copies?.reopen(step.epoch)) ?? succeed(undefined);
  if (!reopened.ok) return reopened;
  const armed = keeper.arm();
  if (!armed.ok) return armed;
  probes.engine.forget('the engine starts');
  const limitMs = limitOf(parts, 'start-engine');
  const started = await service.start(limitMs);
  await probes.process.lookNow();
  if (!started.ok) {
    runtime.provenEpoch = null;
    if (probes.process.fact(clock.bootMs()).value?.process === 'stopped') keeper.disarm();
    return started;
  }
  runtime.startedEpoch = step.epoch;
  const runsAfterMs = clock.bootMs() - startedMs;
  const answers = await engineAnswers(parts, startedMs + limitMs);
  if (!answers.ok) return answers;
  const version = probes.engine.fact(clock.bootMs()).value?.version ?? null;
  const told = version === null ? '' : `, version ${version}`;
  return succeed(
    `its process runs after ${runsAfterMs} ms, its API answers after ${clock.bootMs() - startedMs} ms${told}`,
  );
}

/** The rules wait for that as well; the gate is not opened whoever asks. On the peer's promise nothing is renewed. */
function unprovenLease({ keeper, maintenance, clock }: MemberParts): string | null {
  const nowMs = clock.bootMs();
  const proven = !maintenance.facts(keeper.facts(nowMs), nowMs).unprovenSinceMaintenance;
  const onPromise = keeper.peerMode.facts(nowMs).livesOn !== null;
  return proven || onPromise ? null : 'the lease has not been renewed since the maintenance ended';
}

function limitOf({ config }: Pick<MemberParts, 'config'>, kind: StepKind): number {
  return stepTerms[kind].limitMs(config.timing);
}

/** Waits until the engine's API answers. An engine that dies meanwhile is counted by the next look. */
async function engineAnswers(
  { probes, clock, timers }: MemberParts,
  untilMs: number,
): Promise<Result<void, string>> {
  for (;;) {
    await probes.engine.lookNow();
    const nowMs = clock.bootMs();
    const found = probes.engine.fact(nowMs);
    if (found.value !== null) return succeed(undefined);
    if (probes.process.fact(nowMs).value?.process === 'stopped')
      return fail('the engine died while it started');
    if (nowMs > untilMs) return fail(found.why ?? 'its API does not answer');
    await pause(timers, startingLookMs);
  }
}

/** Which components a person has switched off is in the ledger of the Active before. */
async function startComponents(parts: MemberParts): Promise<Result<string, string>> {
  await parts.ledger.ready();
  return switchComponents(parts, 'listeners', true);
}

/**
 * The engine's word that it has switched is not enough: what counts is what the next look finds. A look that finds
 * less is a failure, so that it is counted and pauses, instead of being asked for again and again.
 */
async function switchComponents(
  parts: MemberParts,
  which: 'listeners' | 'pollers',
  on: boolean,
): Promise<Result<string, string>> {
  const { engine, probes, clock } = parts;
  const limitMs = limitOf(parts, 'start-components');
  const switched = await engine.switchComponents(which, on, limitMs);
  await probes.engine.lookNow();
  if (!switched.ok) return switched;
  const found = probes.engine.fact(clock.bootMs());
  if (found.value === null) return fail(`${switched.value}, but then ${found.why ?? 'its API is silent'}`);
  const missed = notSwitched(found.value, which, on);
  return missed === null ? switched : fail(`${switched.value}, but ${missed}`);
}

function notSwitched(found: EngineComponents, which: 'listeners' | 'pollers', on: boolean): string | null {
  const pollers = which === 'pollers';
  const [running, total] = pollers ? [found.pollersOn, found.pollersTotal] : [found.on, found.total];
  const wrong = on ? total - running : running;
  if (wrong <= 0) return null;
  return `${wrong} of ${total} ${pollers ? 'pollers' : 'components'} ${wrong === 1 ? 'is' : 'are'} ${on ? 'not on' : 'still on'}`;
}

async function startPollers(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const started = await switchComponents(parts, 'pollers', true);
  if (!started.ok) return started;
  parts.runtime.pollersStarted = true;
  return succeed(`${started.value}${await markServing(parts, step.epoch)}`);
}

/** It is the agent that switches them off: a change that is rolled back starts them again. */
function stopPollers(parts: MemberParts): Promise<Result<string, string>> {
  parts.runtime.pollersStarted = false;
  return switchComponents(parts, 'pollers', false);
}

async function drain(parts: MemberParts): Promise<Result<string, string>> {
  const { runtime, servingMark, clock, timers } = parts;
  const limitMs = limitOf(parts, 'drain');
  runtime.serving = false;
  runtime.refusedAsks = 0;
  parts.heldChecks.look();
  const marked = servingMark.remove();
  const until = clock.bootMs() + limitMs;
  while (runtime.refusedAsks < drainRefusals && clock.bootMs() < until) await pause(timers, 10);
  const seen =
    runtime.refusedAsks >= drainRefusals
      ? `/active answered 503 ${runtime.refusedAsks} times`
      : `/active answers 503; no load balancer has asked twice within ${limitMs / 1000} s`;
  return succeed(marked === null ? seen : `${seen}; ${marked}`);
}

async function stopEngine(parts: MemberParts): Promise<Result<string, string>> {
  const { service, probes, runtime, clock, keeper } = parts;
  // The ledger tells where the queues stood at the last look: this one, as long as the engine answers.
  if (probes.engine.fact(clock.bootMs()).value !== null) await probes.engine.lookNow();
  const startedMs = clock.bootMs();
  const stopped = await service.stop(limitOf(parts, 'stop-engine'));
  await probes.process.lookNow();
  if (!stopped.ok) return stopped;
  runtime.startedEpoch = null;
  runtime.provenEpoch = null;
  runtime.lastStopMs = clock.bootMs() - startedMs;
  keeper.disarm();
  return succeed(`its process is gone after ${runtime.lastStopMs} ms, the gate is shut`);
}

async function killEngine(parts: MemberParts): Promise<Result<string, string>> {
  const { service, probes, runtime, keeper, servingMark } = parts;
  runtime.serving = false;
  const killed = await service.kill();
  servingMark.remove();
  await probes.process.lookNow();
  if (!killed.ok) return killed;
  runtime.startedEpoch = null;
  runtime.provenEpoch = null;
  keeper.disarm();
  return succeed('its control group is empty, the gate is shut');
}

async function copyLast(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { copies, probes, clock } = parts;
  if (copies === null) return succeed('the directory is shared, so there is nothing to copy');
  if (probes.process.fact(clock.bootMs()).value?.process !== 'stopped')
    return fail('the engine is not proven stopped');
  return copies.last(step.epoch, limitOf(parts, 'copy-last'));
}

async function endEpoch(parts: MemberParts, step: Step): Promise<Result<string, string>> {
  const { probes, keeper, clock, runtime, config } = parts;
  // The gate is shut before the proof: otherwise somebody could start the engine between look and end.
  keeper.disarm();
  await probes.process.lookNow();
  if (probes.process.fact(clock.bootMs()).value?.process !== 'stopped')
    return fail('the engine is not proven stopped');
  // Before anybody else may have the lease, and mount it.
  const unmounted = await parts.mounts?.handOver();
  try {
    keeper.endEpoch(step.epoch);
  } catch (error) {
    keeper.abandon();
    return fail(`the end could not be written down, so the lease runs out: ${String(error)}`);
  }
  runtime.standsBack = step.standsBack === true;
  if (runtime.standsBack) runtime.acquireNotBeforeMs = clock.bootMs() + config.timing.T * 1000;
  runtime.failures.clear();
  const ended = `epoch ${step.epoch} has ended here`;
  return succeed(unmounted === undefined ? ended : `${unmounted}; ${ended}`);
}

async function release({ keeper }: MemberParts, step: Step): Promise<Result<string, string>> {
  const released = await keeper.release(step.reservedFor ?? null);
  if (!released.ok) return released;
  return succeed(step.reservedFor ? `released, reserved for ${step.reservedFor}` : 'released');
}

async function restartGuards(parts: MemberParts): Promise<Result<string, string>> {
  const { service, guards, clock, timers } = parts;
  const beats = guards.read(clock.bootMs());
  const silent = ([1, 2] as const).filter((number) => beats[number - 1]?.beating === false);
  if (silent.length === 0) return succeed('both guards beat again');
  const refused: string[] = [];
  // One that cannot be restarted keeps the other from nothing: a single beating guard is enough to go on with.
  for (const number of silent) {
    const restarted = await service.restartGuard(number);
    if (!restarted.ok) refused.push(`guard ${number} cannot be restarted: ${restarted.error}`);
  }
  if (refused.length === silent.length) return fail(refused.join('; '));
  const until = clock.bootMs() + limitOf(parts, 'restart-guards');
  while (clock.bootMs() < until) {
    if (guards.read(clock.bootMs()).every((beat) => beat.beating)) {
      return succeed(`guard ${silent.join(' and ')} restarted and beating`);
    }
    if (refused.length > 0 && guards.read(clock.bootMs()).some((beat) => beat.beating)) break;
    await pause(timers, 25);
  }
  return fail(refused[0] ?? `guard ${silent.join(' and ')} restarted, not yet seen beating`);
}
