import { randomBytes } from 'node:crypto';
import type { Command } from '../../shared/agent-api/agent-api.ts';
import { fenceMustStay, peerAliveWords } from '../../shared/failover/rules/forced-words.ts';
import { jumpedEpoch, type FenceStatement, type ForcedAlone } from '../../shared/lease/forced.ts';
import { planLoneReplacement } from '../../shared/lease/store-replacement.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { highestKnownEpoch, memberIndex } from './known-epochs.ts';
import type { MemberParts } from './member-parts.ts';
import {
  nothingAnswers,
  ownRefusal,
  refuse,
  seedNewStore,
  type Refused,
  type Replaced,
} from './store-replacement-steps.ts';

/**
 * A person has a lost lease store replaced while the other member is gone, and states that it is fenced: the rules of a
 * forced takeover (docs/failover.md). The store begins above every epoch that may ever have been used, and the other
 * member takes no part until it is re-admitted. Nothing is taken over by this: a promise still stands, and the store
 * grants nothing for T + δ.
 */
export async function replaceStoreAlone(
  parts: MemberParts,
  statement: FenceStatement,
  command: Command,
  by: string,
): Promise<Result<Replaced, Refused>> {
  const { config, keeper, peer, clock } = parts;
  const { serverName: name } = config;
  const peerName = config.peer.serverName;
  if (command.typedName !== config.cluster)
    return refuse(
      'request.invalid',
      `The name of the cluster was not typed as it is: ${config.cluster}.`,
      'Type it once more.',
    );
  const alive = peerAliveWords({ peer: { ...peer.facts(clock.bootMs()), name: peerName } });
  if (alive !== null)
    return refuse(
      'command.refused',
      `${alive}.`,
      `Ask without the statement, once ${name} reaches it: both members then belong to the new store.`,
    );
  const plan = planLoneReplacement(keeper.replacing.standing());
  if (plan.kind === 'refuse') return nothingAnswers(parts);
  if (plan.kind === 'nothing')
    return succeed({
      storeId: plan.storeId,
      sentence: `${name} belongs to store ${plan.storeId} already, and it works; nothing is changed`,
    });
  if (parts.memory.damaged !== null) {
    const why = `The state of ${name} is damaged, so that what you state of ${peerName} could not be kept.`;
    return refuse('command.refused', why, `Bring ${peerName} back, and ask again without the statement.`);
  }
  if (!lapsedMayEnd(parts))
    return refuse(
      'command.refused',
      `Not yet: the engine of ${name} is not proven stopped.`,
      'Ask again after that.',
    );
  const storeId = randomBytes(8).toString('hex');
  const unfit = ownRefusal(parts, storeId);
  if (unfit !== null) return refuse('command.refused', `Not yet: ${unfit}.`, 'Ask again after that.');
  const epoch = jumpedEpoch(highestKnownEpoch(parts), memberIndex(parts));
  try {
    if (keeper.forced.lapsed()) keeper.endEpoch(parts.memory.current().epoch);
    keeper.replacing.repin(storeId, fenceNote(parts, { statement, by, reason: command.reason, epoch }));
  } catch (error) {
    return refuse('command.refused', `The new store could not be written down here: ${String(error)}.`);
  }
  const seeded = await seedNewStore(parts, storeId, epoch, `${name} belongs to it`);
  if (!seeded.ok) return seeded;
  const stays = `${peerName} ${fenceMustStay[statement]} until it is re-admitted`;
  return succeed({ storeId, sentence: `${seeded.value.sentence}; ${stays}` });
}

/** Nothing runs under a takeover of before, which starts nothing any more and ends with this. */
function lapsedMayEnd({ keeper, probes, clock }: MemberParts): boolean {
  return !keeper.forced.lapsed() || probes.process.fact(clock.bootMs()).value?.process === 'stopped';
}

/** What the statement asks of people from now on. One that this member lives by stands for both. */
function fenceNote(
  { keeper, memory, clock }: MemberParts,
  said: Pick<ForcedAlone, 'statement' | 'by' | 'reason' | 'epoch'>,
): ForcedAlone | null {
  if (keeper.forced.lives()) return null;
  return { ...said, from: memory.current().epoch, at: clock.wallTime() };
}
