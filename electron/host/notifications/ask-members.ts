import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { NotificationSecrets, TargetSecrets } from '../../../shared/notifications/policy.ts';
import { NotifyTestAnswer, SecretsAnswer } from '../../../shared/notifications/told.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';

/** Ten targets, each with the whole time limit of an agent for it. */
const testWithinMs = 280_000;
const oneTestWithinMs = 35_000;
const secretsWithinMs = 10_000;

/** What one member said. */
export interface MemberAnswer<Value> {
  readonly member: string;
  readonly answer: Result<Value, ProductError>;
}

/** Has every member send a test message to every target: each of them must reach it. */
export function testFromMembers(
  ask: AskAgent,
  endpoints: readonly AgentEndpoint[],
): Promise<MemberAnswer<NotifyTestAnswer>[]> {
  const order = { path: agentPaths.notifyTest, body: {}, schema: NotifyTestAnswer, withinMs: testWithinMs };
  return fromEach(endpoints, (endpoint) => ask(endpoint, order));
}

/** Gives every member the secrets of all targets, in place of those that it had. */
export function giveSecrets(
  ask: AskAgent,
  endpoints: readonly AgentEndpoint[],
  body: NotificationSecrets,
): Promise<MemberAnswer<SecretsAnswer>[]> {
  const order = { path: agentPaths.notifySecrets, body, schema: SecretsAnswer, withinMs: secretsWithinMs };
  return fromEach(endpoints, (endpoint) => ask(endpoint, order));
}

/** A test message of one member to one target. Errors: those of the request, agent.nonsense (it tells nothing of it). */
export async function testTarget(
  ask: AskAgent,
  member: AgentEndpoint,
  target: string,
): Promise<Result<NotifyTestAnswer['results'][number], ProductError>> {
  const path = agentPaths.notifyTest;
  const order = { path, body: { target }, schema: NotifyTestAnswer, withinMs: oneTestWithinMs };
  const answer = await ask(member, order);
  if (!answer.ok) return answer;
  const result = answer.value.results.find((one) => one.target === target);
  if (result !== undefined) return succeed(result);
  return fail(productError('agent.nonsense', `${member.name} tells nothing of ${target}.`));
}

/** Gives every member the secrets of one target, in place of those that it had of it. */
export function giveSecretsOf(
  ask: AskAgent,
  endpoints: readonly AgentEndpoint[],
  target: string,
  secrets: TargetSecrets,
): Promise<MemberAnswer<SecretsAnswer>[]> {
  const path = agentPaths.notifySecret;
  const order = { path, body: { target, secrets }, schema: SecretsAnswer, withinMs: secretsWithinMs };
  return fromEach(endpoints, (endpoint) => ask(endpoint, order));
}

/** Members only: the lease store tells nobody anything. */
function fromEach<Value>(
  endpoints: readonly AgentEndpoint[],
  ask: (endpoint: AgentEndpoint) => Promise<Result<Value, ProductError>>,
): Promise<MemberAnswer<Value>[]> {
  const members = endpoints.filter(({ part }) => part === 'member');
  return Promise.all(
    members.map(async (endpoint) => ({ member: endpoint.name, answer: await ask(endpoint) })),
  );
}
