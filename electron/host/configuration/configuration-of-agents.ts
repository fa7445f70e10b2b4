import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { SiteConfigurationAnswer } from '../../../shared/agent-api/site-configuration-frame.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { agentEndpoints } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { signedConfiguration, type SignedConfiguration } from './kept-configuration.ts';

const withinMs = 5_000;

/** What the agents of a site say that their servers carry. */
export interface ToldConfigurations {
  /** Only what the site's authority has signed. */
  readonly carried: readonly SignedConfiguration[];
  /** Why others said nothing. */
  readonly errors: readonly ProductError[];
}

/** Asks every member's agent for the configuration that its server carries. Any role may: no SSH and no key is needed. */
export async function configurationsOfAgents(
  ask: AskAgent,
  site: SiteDocument,
  authorityPem: string,
): Promise<ToldConfigurations> {
  const members = agentEndpoints(site).filter(({ part }) => part === 'member');
  const path = agentPaths.siteConfiguration;
  const answers = await Promise.all(
    members.map((member) => ask(member, { path, schema: SiteConfigurationAnswer, withinMs })),
  );
  const texts = new Set(answers.flatMap((answer) => (answer.ok ? (answer.value.text ?? []) : [])));
  return {
    carried: [...texts].flatMap((text) => signedConfiguration(text, site.id, authorityPem) ?? []),
    errors: answers.flatMap((answer) => (answer.ok ? [] : [answer.error])),
  };
}
