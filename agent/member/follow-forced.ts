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
  const { expelled, forced, epoch, ended } = memory.current();
  const found = forcedElsewhere(facts, epoch);
  if (found !== null && found.epoch > (expelled?.epoch ?? 0)) {
    if (facts.lease.held || keeper.armed())
      keeper.stopForGood(`a person has let ${config.peer.serverName} go on without it`);
    memory.update({ expelled: { epoch: found.epoch, by: found.by } });
    const sentence = `${leftOutWords(found, { self: config.serverName, peer: config.peer.serverName })}: it takes no part until a person re-admits it.`;
    journal.append({ kind: 'alarm', sentence, epoch });
  }
  const livesOnIt = keeper.forced.note() !== null && epoch > ended;
  // One that is left out itself drops what was stated with its own re-admission.
  const mayDrop = forced !== undefined && memory.current().expelled === undefined && !livesOnIt;
  if (mayDrop && peerIsBack(parts, forced.epoch)) {
    memory.update({ forced: undefined });
    const sentence = `${config.peer.serverName} has been re-admitted: it need not stay fenced any more.`;
    journal.append({ kind: 'agent', sentence, epoch });
  }
}

/**
 * Nothing of the present epoch is used again, nor what the other member has promised for it, and no deadline opens the
 * gate here any more: a person has let the other member go on without this one, or had this one take over once, and the
 * other member goes on above that.
 */
export function isPast(parts: MemberParts, { lease }: MemberFacts): boolean {
  const { memory, keeper } = parts;
  if (lease.held || keeper.armed()) return false;
  const { expelled, epoch } = memory.current();
  return expelled !== undefined || (keeper.forced.lapsed() && peerIsBack(parts, epoch));
}

function peerIsBack({ peer, clock }: MemberParts, forcedEpoch: number): boolean {
  const { reachable, status } = peer.facts(clock.bootMs());
  return reachable && status !== null && status.expelled !== true && status.epoch >= forcedEpoch;
}
