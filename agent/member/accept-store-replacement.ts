import { randomBytes } from 'node:crypto';
import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { StorePinFrame, StorePinnedFrame } from '../../shared/agent-api/store-pin-frames.ts';
import { productError } from '../../shared/errors.ts';
import { statementWords } from '../../shared/failover/rules/forced-words.ts';
import { planReplacement } from '../../shared/lease/store-replacement.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { epochForNewStore, highestKnownEpoch } from './known-epochs.ts';
import type { MemberParts } from './member-parts.ts';
import { replaceStoreAlone } from './replace-store-alone.ts';
import {
  grantedToPeer,
  nothingAnswers,
  ownRefusal,
  refuse,
  seedNewStore,
  type Refused,
  type Replaced,
} from './store-replacement-steps.ts';

/**
 * A person has a lost lease store replaced. First both members belong to the new one, each on its disk, and tell their
 * highest epoch; then the store gets its first record with the highest of both, and grants nothing for T + δ.
 * Interrupted anywhere it is asked for again: what is done already is not done twice.
 */
export async function acceptStoreReplacement(
  parts: MemberParts,
  command: Command,
  person: string,
): Promise<CommandAnswer> {
  const { config, journal, memory } = parts;
  const done = await replace(parts, command, person);
  const stated =
    command.statement === undefined
      ? ''
      : ` without ${config.peer.serverName}, and states that it ${statementWords[command.statement]}`;
  const asked = `${person} asked to replace the lease store of ${config.cluster}${stated}`;
  const because = command.reason === '' ? '' : `, because: ${command.reason}`;
  journal.append({
    kind: 'command',
    sentence: done.ok
      ? `${asked}: ${done.value.sentence}${because}.`
      : `${asked}: refused, ${done.error.message}`,
    requestedBy: person,
    result: done.ok ? 'ok' : 'refused',
    epoch: memory.current().epoch,
  });
  if (done.ok) return { accepted: true, operation: `store-${done.value.storeId}` };
  const { code, message, next } = done.error;
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}

async function replace(parts: MemberParts, command: Command, by: string): Promise<Result<Replaced, Refused>> {
  const { config, keeper, memory, peer, clock } = parts;
  const { serverName: name } = config;
  const peerName = config.peer.serverName;
  const { statement } = command;
  if (command.cluster !== config.cluster)
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
  if (command.reason === '')
    return refuse('request.invalid', 'The reason is not said.', 'Say why: --reason TEXT.');
  const known = highestKnownEpoch(parts);
  memory.meetStore(known);
  if (statement !== undefined) return replaceStoreAlone(parts, statement, command, by);
  const heard = peer.facts(clock.bootMs());
  if (!heard.reachable || heard.status === null)
    return refuse(
      'command.refused',
      `${peerName} does not answer ${name}: the new store must not know less than either of them.`,
      `Bring ${peerName} back, or repair the path between both, and ask again. If it is gone for good, state that it is fenced.`,
    );
  const standing = keeper.replacing.standing();
  const own = memory.current().epoch;
  const granted = Math.max(keeper.forced.note()?.from ?? own, grantedToPeer(parts));
  const plan = planReplacement(standing, Math.max(known, heard.status.forced?.epoch ?? 0), granted);
  if (plan.kind === 'refuse') return nothingAnswers(parts);
  const storeId = plan.kind === 'join' ? plan.storeId : randomBytes(8).toString('hex');
  const unfit = ownRefusal(parts, storeId);
  if (unfit !== null) return refuse('command.refused', `Not yet: ${unfit}.`, 'Ask again after that.');
  const lacks = plan.kind === 'seed' ? { known } : {};
  const pinned = await peer.pinStore({ storeId, by, reason: command.reason, ...lacks });
  if (pinned === null)
    return refuse(
      'command.refused',
      `${peerName} gave no answer, so whether it belongs to the new store is not known; nothing was seeded.`,
      'Ask again: what is done already is not done twice.',
    );
  if (pinned.epoch === null)
    return refuse(
      'command.refused',
      `Not yet: ${pinned.why ?? `${peerName} refuses`}.`,
      'Ask again after that.',
    );
  return finish(parts, plan.kind, storeId, pinned.epoch);
}

/** The peer belongs to the new store. Now this member does, and then the store gets its record. */
async function finish(
  parts: MemberParts,
  how: 'join' | 'seed',
  storeId: string,
  peerEpoch: number,
): Promise<Result<Replaced, Refused>> {
  const { keeper, memory } = parts;
  const was = memory.current().storeId;
  // Before the answers of the old store are forgotten.
  const known = epochForNewStore(parts);
  let epoch: number;
  try {
    epoch = Math.max(keeper.replacing.repin(storeId), peerEpoch, known);
  } catch (error) {
    return refuse('command.refused', `The new store could not be written down here: ${String(error)}.`);
  }
  if (how === 'seed') return seedNewStore(parts, storeId, epoch, 'both members belong to it');
  const already = was === storeId ? ' already, and it works' : '';
  return succeed({ storeId, sentence: `both members belong to store ${storeId}${already}` });
}

/** The peer's member was asked, and says that a person has this one belong to another store. */
export function takeStorePin(
  parts: MemberParts,
  { n, storeId, by, reason, known }: StorePinFrame,
): StorePinnedFrame {
  const { config, keeper, journal, memory } = parts;
  const answer = (epoch: number | null, why: string | null): StorePinnedFrame => {
    const asked = `${by} asked ${config.peer.serverName} to replace the lease store of ${config.cluster}`;
    if (memory.current().storeId !== before || memory.damaged !== null || why !== null)
      journal.append({
        kind: 'command',
        sentence:
          why === null
            ? `${asked}: this member belongs to store ${storeId} from now on, because: ${reason}.`
            : `${asked}: refused here, ${why}.`,
        requestedBy: by,
        result: why === null ? 'ok' : 'refused',
        epoch: memory.current().epoch,
      });
    return { type: 'store-pinned', n, epoch, why };
  };
  const before = memory.current().storeId;
  const unfit = ownRefusal(parts, storeId, known);
  if (unfit !== null) return answer(null, unfit);
  // Nothing at all is left of its state, and no store has told it that there was any.
  memory.meetStore(highestKnownEpoch(parts));
  const epoch = epochForNewStore(parts);
  try {
    return answer(Math.max(keeper.replacing.repin(storeId), epoch), null);
  } catch (error) {
    return answer(null, `it could not be written down on ${config.serverName} (${String(error)})`);
  }
}
