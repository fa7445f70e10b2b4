import { copyHelp, cutHelp, decisionHelp, leaseHelp, storageHelp } from './lease-and-storage.ts';
import { drillHelp, operationHelp, proofHelp, readinessHelp } from './outcomes.ts';
import { failoverHelp, roleHelp, verdictHelp, type StateHelp } from './states.ts';

/** A state with the topic of help that explains it. */
interface ExplainedState {
  readonly topic: string;
  /** Whose state it is, such as `role of a member`. */
  readonly about: string;
  readonly help: StateHelp;
}

const states: readonly ExplainedState[] = [
  ...of('role', 'role of a member', roleHelp),
  ...of('failover', 'automatic failover of a cluster', failoverHelp),
  ...of('verdict', 'verdict of a cluster', verdictHelp),
  ...of('decision', 'decision of a member', decisionHelp),
  ...of('lease', 'lease, as a member knows it', leaseHelp),
  ...of('storage', 'storage of a member', storageHelp),
  ...of('copy', 'copy of the storage', copyHelp),
  ...of('cut', 'other server and storage', cutHelp),
  ...of('operation', 'a change', operationHelp),
  ...of('proof', 'line of a verification', proofHelp),
  ...of('drill', 'a drill', drillHelp),
  ...of('readiness', 'check of readiness', readinessHelp),
];

function of(what: string, about: string, helps: Readonly<Record<string, StateHelp>>): ExplainedState[] {
  return Object.entries(helps).map(([id, help]) => ({ topic: `state-${what}-${id}`, about, help }));
}

const topics = new Map(states.map(({ topic, help }) => [help, topic]));

/** Every state that screens show, in the order of help. */
export function explainedStates(): readonly ExplainedState[] {
  return states;
}

/** The topic of help that explains this state; null: it is none of those that screens show. */
export function topicOfState(help: StateHelp): string | null {
  return topics.get(help) ?? null;
}
