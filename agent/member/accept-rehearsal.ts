import type { Command, CommandAnswer, Rehearsal } from '../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { Result } from '../../shared/result.ts';
import { cutHealedMark } from '../../shared/history/change-records.ts';
import type { CutWay } from '../api/rehearsed-cuts.ts';
import type { MemberParts } from './member-parts.ts';

const asked: Readonly<Record<Rehearsal, string>> = {
  'restart-guard': 'a restart of guard 1',
  'kill-engine': 'the end of the engine, as a crash would end it',
  'cut-store': 'the loss of the direct way to the lease store',
  'cut-off': 'the loss of the ways to the lease store and to the other member',
};
const cutWays: Readonly<Partial<Record<Rehearsal, readonly CutWay[]>>> = {
  'cut-store': ['store'],
  'cut-off': ['store', 'peer'],
};
/** Keys of rehearsals that were begun, so that a repeat begins none again; newest last. */
const begun = new WeakMap<MemberParts, string[]>();
const keysKept = 100;

/**
 * Lets something small fail, for a drill. Only on a cluster that could fail over now, and nothing that somebody would
 * have to heal: the rules of this member bring it back, and what was cut comes back by its clock, whoever goes away
 * meanwhile.
 */
export function acceptRehearsal(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
  person: string,
): CommandAnswer {
  const known = begun.get(parts) ?? [];
  const operation = `rehearsal-${command.idempotencyKey}`;
  if (known.includes(operation)) return { accepted: true, operation };
  const refused = rehearsalRefusal(parts, facts, command);
  const what = command.rehearsal === undefined ? 'something' : asked[command.rehearsal];
  const howLong = command.cutSeconds === undefined ? '' : ` for ${command.cutSeconds} s`;
  const said = `${person} asked for ${what}${howLong} on ${parts.config.serverName}, to rehearse it`;
  const because = command.reason === '' ? '' : `, because: ${command.reason}`;
  parts.journal.append({
    kind: 'command',
    sentence:
      refused === null || refused.accepted
        ? `${said}: accepted${because}.`
        : `${said}: refused, ${refused.error.message}`,
    requestedBy: person,
    result: refused === null ? 'ok' : 'refused',
    epoch: parts.memory.current().epoch,
  });
  if (refused !== null) return refused;
  begun.set(parts, [...known, operation].slice(-keysKept));
  begin(parts, command);
  return { accepted: true, operation };
}

function begin(parts: MemberParts, { rehearsal, cutSeconds = 0 }: Command): void {
  const ways = cutWays[rehearsal!];
  if (ways === undefined) return void carryOut(parts, rehearsal!);
  const { cuts, journal, memory } = parts;
  cuts.cut(ways, cutSeconds * 1000, () => {
    const sentence = `What a drill had cut for ${cutSeconds} s is whole again.`;
    journal.append({ kind: 'agent', verdict: cutHealedMark, sentence, epoch: memory.current().epoch });
  });
}

/** Never rejects: what it comes to is seen by the looks of this member as of any other fault. */
async function carryOut({ service, journal, memory, probes }: MemberParts, what: Rehearsal): Promise<void> {
  const done: Result<unknown, string> = await (
    what === 'kill-engine' ? service.kill() : service.restartGuard(1)
  ).catch((cause: unknown) => ({ ok: false, error: String(cause) }));
  if (!done.ok) {
    const sentence = `The rehearsal came to nothing: ${done.error}.`;
    journal.append({ kind: 'alarm', sentence, epoch: memory.current().epoch });
  }
  await probes.process.lookNow();
}

/** Why this rehearsal would be refused now; null: it would not. */
export function rehearsalRefusal(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
): CommandAnswer | null {
  const { config, memory, runtime } = parts;
  const { cluster, target, rehearsal, epoch } = command;
  if (cluster !== config.cluster)
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${cluster}.`);
  if (target !== config.server)
    return refuse(
      'request.invalid',
      `A rehearsal is asked of the member that it happens to: ${config.server}.`,
    );
  if (rehearsal === undefined) return refuse('request.invalid', 'What shall fail is not said.');
  const present = memory.current();
  if (epoch !== present.epoch) {
    const said = `The drill was prepared for epoch ${epoch}; it is ${present.epoch} now.`;
    return refuse('command.revision', said);
  }
  if (present.operation !== null || runtime.runningStep !== null || runtime.emergency !== null)
    return refuse(
      'command.refused',
      `${config.cluster} is being changed already.`,
      'Wait until that has ended.',
    );
  if (facts.lease.maintenance !== null)
    return refuse('command.refused', `${config.cluster} is in maintenance.`, 'End the maintenance first.');
  if (parts.cuts.any())
    return refuse(
      'command.refused',
      'What an earlier drill has cut is not whole again yet.',
      'Wait until it is.',
    );
  if (cutWays[rehearsal] !== undefined && command.cutSeconds === undefined)
    return refuse('request.invalid', 'For how long something shall be cut is not said.');
  if (rehearsal === 'restart-guard') return guardRefusal(facts);
  return failureRefusal(parts, facts);
}

function guardRefusal({ guards, self }: MemberFacts): CommandAnswer | null {
  if (guards.beating === 2) return null;
  const said = `Not both guards of ${self.name} beat; none of them is restarted for a drill.`;
  return refuse('command.refused', said, 'Repair the guards first.');
}

/** What would be a failover for real begins only where one would go well. */
function failureRefusal({ config }: MemberParts, facts: MemberFacts): CommandAnswer | null {
  if (!facts.lease.held || facts.engine.process.value !== 'running') {
    const said = `${config.serverName} is not Active for ${config.cluster}, or its engine does not run.`;
    return refuse('command.not-active', said);
  }
  if (facts.peerMode.livesOn !== null || facts.lease.block !== null) {
    const said = `${config.cluster} could not fail over by itself now.`;
    return refuse('command.refused', said, 'Bring the lease store back, or allow automatic failover again.');
  }
  const blockers = changeBlockers(facts);
  if (blockers.length === 0) return null;
  const words = blockers.map(({ reason, remedy }) => `${reason} ${remedy}`);
  const error = productError('command.refused', `${config.cluster} could not be handed over now.`, words);
  return { accepted: false, error, blockers };
}

function refuse(code: ErrorCode, message: string, next?: string): CommandAnswer {
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}
