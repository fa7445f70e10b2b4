import { setTimeout as pause } from 'node:timers/promises';
import type { WitnessSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { AskedMember } from '../../../shared/upgrade/member-health.ts';
import type { Actives } from '../../../shared/upgrade/upgrade-order.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { statusOf } from '../install/verify.ts';

/** Both members of a cluster, asked at once. */
export function askMembers(ask: AskAgent, site: SiteDocument, cluster: string): Promise<AskedMember[]> {
  const endpoints = agentEndpoints(site).filter((endpoint) => endpoint.cluster === cluster);
  return Promise.all(
    endpoints.map(async (endpoint): Promise<AskedMember> => {
      const { server, name } = endpoint;
      const status = await statusOf(ask, endpoint);
      if (!status.ok) return { server, name, snapshot: null, why: status.error.message };
      return status.value.kind === 'member'
        ? { server, name, snapshot: status.value }
        : { server, name, snapshot: null, why: 'answers as a lease store' };
    }),
  );
}

/** The lease store; null while it does not answer. */
export async function askWitness(ask: AskAgent, site: SiteDocument): Promise<WitnessSnapshot | null> {
  const endpoint = agentEndpoints(site).find(({ cluster }) => cluster === null)!;
  const status = await statusOf(ask, endpoint);
  return status.ok && status.value.kind === 'witness' ? status.value : null;
}

/** Who is Active where, as far as it is told. */
export async function askActives(ask: AskAgent, site: SiteDocument): Promise<Actives> {
  const found = await Promise.all(
    site.clusters.map(async ({ id }) => {
      const members = await askMembers(ask, site, id);
      const active = members.find(({ snapshot }) => snapshot?.role.observed === 'active');
      return active ? ([[id, active.server]] as const) : [];
    }),
  );
  return new Map(found.flat());
}

export interface Patience {
  readonly withinMs: number;
  /** It must be so in every look for this long. */
  readonly steadyMs: number;
  readonly betweenMs: number;
}

/** What a look found wrong; `final`: no waiting mends it. */
export interface Trouble {
  readonly why: string;
  readonly final?: boolean;
}

/** Looks again and again until nothing has been wrong for a while. Answers what stayed wrong; null: nothing. */
export async function untilWell(
  look: () => Promise<Trouble | null>,
  { withinMs, steadyMs, betweenMs }: Patience,
): Promise<string | null> {
  const until = performance.now() + withinMs;
  let wellSince: number | null = null;
  for (;;) {
    const trouble = await look();
    const now = performance.now();
    if (trouble === null) {
      wellSince ??= now;
      if (now - wellSince >= steadyMs) return null;
    } else {
      wellSince = null;
      if (trouble.final || now > until) return trouble.why;
    }
    await pause(betweenMs);
  }
}
