import { callFailure } from '../ipc/call-failure.ts';
import type { LinkedAgent } from './agent-link.ts';

/** The agents of one cluster's members. A cluster that the site does not have refuses the call. */
export function membersOf(cluster: string, agents: readonly LinkedAgent[]): readonly LinkedAgent[] {
  const members = agents.filter(({ endpoint }) => endpoint.cluster === cluster);
  if (members.length === 0) throw callFailure('request.invalid', `There is no cluster ${cluster}.`);
  return members;
}
