import {
  cancelScheduleVerb,
  readmitVerb,
  rehearseVerb,
  reinstateStoreVerb,
  replaceStoreVerb,
  retireStoreVerb,
  scheduleVerb,
  type Command,
  type CommandAnswer,
} from '../../shared/agent-api/agent-api.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { acceptCommand, commandRefusal } from './accept-command.ts';
import { acceptPolicy, isPolicyCommand, policyRefusal } from './accept-policy.ts';
import { acceptReadmission } from './accept-readmission.ts';
import { acceptRehearsal, rehearsalRefusal } from './accept-rehearsal.ts';
import { acceptStoreReplacement } from './accept-store-replacement.ts';
import { acceptStoreRetirement } from './accept-store-retirement.ts';
import type { MemberParts } from './member-parts.ts';

/** Judges a command and begins what it asks for. `person`: under which name, or names, it is journalled. */
export async function carryOut(
  parts: MemberParts,
  facts: MemberFacts,
  command: Command,
  person: string,
): Promise<CommandAnswer> {
  if (isPolicyCommand(command)) return acceptPolicy(parts, facts, command, person);
  switch (command.verb) {
    case replaceStoreVerb:
      return acceptStoreReplacement(parts, command, person);
    case retireStoreVerb:
    case reinstateStoreVerb:
      return acceptStoreRetirement(parts, facts, command, person);
    case readmitVerb:
      return acceptReadmission(parts, facts, command, person);
    case scheduleVerb:
    case cancelScheduleVerb:
      return parts.schedule!.accept(facts, command, person);
    case rehearseVerb:
      return acceptRehearsal(parts, facts, command, person);
    default:
      return acceptCommand(parts, facts, command, person);
  }
}

/** Why a command that can wait for a second person would be refused now; null: it would not. */
export function refusalNow(parts: MemberParts, facts: MemberFacts, command: Command): CommandAnswer | null {
  if (isPolicyCommand(command)) return policyRefusal(parts, facts, command);
  if (command.verb === scheduleVerb) return parts.schedule!.refusal(facts, command);
  if (command.verb === rehearseVerb) return rehearsalRefusal(parts, facts, command);
  return commandRefusal(parts, facts, command);
}
