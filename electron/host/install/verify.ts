import { setTimeout as pause } from 'node:timers/promises';
import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { AgentSnapshot, type MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming } from '../../../shared/site/site-rules.ts';
import { agentEndpoints, type AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';

const askWithinMs = 3_000;
const betweenMs = 300;
/** Beside the lease itself: start of agents, one observation round, start of the engine. */
const settleMs = 60_000;

/** Asks one agent once, over mutual TLS. */
export async function statusOf(
  ask: AskAgent,
  endpoint: AgentEndpoint,
): Promise<Result<AgentSnapshot, ProductError>> {
  return ask(endpoint, { path: agentPaths.status, schema: AgentSnapshot, withinMs: askWithinMs });
}

/** Waits until an agent answers. Its last error when it does not in time. */
export async function agentAnswers(
  ask: AskAgent,
  endpoint: AgentEndpoint,
  withinMs: number,
): Promise<Result<boolean, ProductError>> {
  const until = performance.now() + withinMs;
  while (true) {
    const status = await statusOf(ask, endpoint);
    if (status.ok) return succeed(false);
    if (performance.now() > until) return status;
    await pause(betweenMs);
  }
}

/**
 * Waits until a cluster has exactly one Active whose engine runs, and the other member is Passive.
 * Errors: install.not-verified with what each member says of itself.
 */
export async function oneActive(
  ask: AskAgent,
  site: SiteDocument,
  cluster: string,
): Promise<Result<boolean, ProductError>> {
  const endpoints = agentEndpoints(site).filter((endpoint) => endpoint.cluster === cluster);
  const timing = clusterTiming(site.clusters.find((candidate) => candidate.id === cluster)!);
  const until = performance.now() + settleMs + 2_000 * timing.T;
  while (true) {
    const seen = await Promise.all(endpoints.map((endpoint) => statusOf(ask, endpoint)));
    const members = seen.flatMap((status) =>
      status.ok && status.value.kind === 'member' ? [status.value] : [],
    );
    if (members.length === endpoints.length && isSettled(members)) return succeed(false);
    if (performance.now() > until) {
      const said = seen.map((status, index) => sayMember(endpoints[index]!.name, status));
      return fail(productError('install.not-verified', `${cluster} has not exactly one Active.`, said));
    }
    await pause(betweenMs);
  }
}

/** Every member of a cluster says of itself that it only observes. Errors: install.not-verified. */
export async function allObserve(
  ask: AskAgent,
  site: SiteDocument,
  cluster: string,
): Promise<Result<boolean, ProductError>> {
  const endpoints = agentEndpoints(site).filter((endpoint) => endpoint.cluster === cluster);
  const seen = await Promise.all(endpoints.map((endpoint) => statusOf(ask, endpoint)));
  const observe = seen.every(
    (status) => status.ok && status.value.kind === 'member' && status.value.mode === 'observe',
  );
  if (observe) return succeed(false);
  const said = seen.map((status, index) => sayMember(endpoints[index]!.name, status));
  return fail(productError('install.not-verified', `${cluster} is not only observed.`, said));
}

/** One member serves with its engine running, the other is Passive with its engine stopped. */
export function isSettled(members: readonly MemberSnapshot[]): boolean {
  const active = members.filter(
    (member) => member.role.observed === 'active' && member.engine.process.value === 'running',
  );
  const passive = members.filter(
    (member) => member.role.observed === 'passive' && member.engine.process.value === 'stopped',
  );
  return active.length === 1 && passive.length === members.length - 1;
}

function sayMember(name: string, status: Result<AgentSnapshot, ProductError>): string {
  if (!status.ok) return `${name}: ${status.error.message}`;
  if (status.value.kind !== 'member') return `${name}: answers as a witness`;
  const { role, decision } = status.value;
  return `${name}: ${role.observed} (rule ${decision.ruleId}): ${decision.headline}. ${decision.reason}`;
}
