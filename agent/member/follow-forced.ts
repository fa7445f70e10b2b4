import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { forcedElsewhere } from '../../shared/failover/readmission.ts';
import { leftOutWords } from '../../shared/failover/rules/forced-words.ts';
import type { MemberParts } from './member-parts.ts';

/**
 * Follows what the other member has forced, or was forced to. Throws when that cannot be written.
 *
 * A member that learns of a takeover above its own epoch stops first and writes then: the person's word says that it is
 * fenced, and it is not.
 */
export function followForced(parts: MemberParts, facts: MemberFacts): void {
  const { memory, keeper, journal, config } = parts;
  if (memory.damaged !== null) return;
  const { expelled, forced, epoch } = memory.current();
  const found = forcedElsewhere(facts, epoch);
  if (found !== null && found.epoch > (expelled?.epoch ?? 0)) {
    if (facts.lease.held || keeper.armed())
      keeper.stopForGood(`a person has let ${config.peer.serverName} go on without it`);
    memory.update({ expelled: { epoch: found.epoch, by: found.by } });
    const sentence = `${leftOutWords(found, { self: config.serverName, peer: config.peer.serverName })}: it takes no part until a person re-admits it.`;
    journal.append({ kind: 'alarm', sentence, epoch });
  }
  const livesOnIt = keeper.forced.note() !== null;
  if (forced !== undefined && !livesOnIt && peerIsBack(parts, forced.epoch)) {
    memory.update({ forced: undefined });
    const sentence = `${config.peer.serverName} has been re-admitted: it need not stay fenced any more.`;
    journal.append({ kind: 'agent', sentence, epoch });
  }
}

/**
 * A person has let the other member go on without this one, and no deadline opens the gate here any more: nothing of the
 * present epoch is used again, nor what the other member has promised for it.
 */
export function isLeftOut({ memory, keeper }: MemberParts, { lease }: MemberFacts): boolean {
  return memory.current().expelled !== undefined && !lease.held && !keeper.armed();
}

function peerIsBack({ peer, clock }: MemberParts, forcedEpoch: number): boolean {
  const { reachable, status } = peer.facts(clock.bootMs());
  return reachable && status !== null && status.expelled !== true && status.epoch >= forcedEpoch;
}
