import {
  forceVerb,
  rehearseVerb,
  scheduleVerb,
  secondPersonVerb,
  type Command,
} from '../agent-api/agent-api.ts';
import { secondPersonScopes, type SecondPersonScope } from './scope.ts';

const plannedVerbs: readonly Command['verb'][] = [
  'switchover',
  'handover',
  'failback',
  scheduleVerb,
  'maintenance',
];

/**
 * Whether this command waits for a second person. Never what brings a cluster or its protection back, and never what
 * calls a plan off. To ask for less than now needs a second person itself, or the setting would guard nothing.
 */
export function waitsForSecond(
  scope: SecondPersonScope,
  command: Pick<Command, 'verb' | 'scope' | 'rehearsal'>,
): boolean {
  if (scope === 'none') return false;
  if (command.verb === secondPersonVerb) return rank(command.scope ?? 'none') < rank(scope);
  if (command.verb === forceVerb) return scope === 'forced';
  if (command.verb === rehearseVerb) return movesCluster.includes(command.rehearsal);
  return plannedVerbs.includes(command.verb);
}

/** An engine that dies at a person's word, or an Active that is cut off, moves the cluster as a switchover does. */
const movesCluster: readonly Command['rehearsal'][] = ['kill-engine', 'cut-off'];

function rank(scope: SecondPersonScope): number {
  return secondPersonScopes.indexOf(scope);
}
