import { copyFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { siteDescription } from '../install/install-file.ts';
import { saveSite, siteFileOf } from '../install/profile.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { configurationsOfAgents, type ToldConfigurations } from './configuration-of-agents.ts';
import { keepConfiguration, keptConfiguration } from './kept-configuration.ts';
import { newestOf } from './next-configuration.ts';
import { carriedLines } from './pull-configuration.ts';

/** What a console, or the command line with a profile folder only, takes the site document over with. */
export interface ProfilePull {
  readonly profile: Pick<ConsoleProfile, 'directory' | 'site' | 'access' | 'credentials'>;
  readonly ask: AskAgent;
  /** Only says what would change. */
  readonly plan: boolean;
}

/**
 * Takes the site document that the agents tell over into a profile folder; the one of before stays beside. The agents are
 * asked as whoever this workstation is: no SSH, no site file and no key of the authority is needed. Nothing older than what
 * is here is taken over. Errors: site.missing (no agent tells any), with why agents said nothing.
 */
export async function pullIntoProfile({
  profile,
  ask,
  plan,
}: ProfilePull): Promise<Result<string[], ProductError[]>> {
  const { directory, site, access, credentials } = profile;
  const told = await configurationsOfAgents(ask, site, credentials.authority);
  const found = newestOf(told.carried);
  if (found === null) return fail([untold(told)]);
  const kept = await keptConfiguration(directory, site.id, credentials.authority);
  const { number } = found.configuration;
  if (kept !== null && kept.configuration.number > number) {
    const older = `This workstation has number ${kept.configuration.number}, which is newer: nothing is taken over.`;
    return succeed([carriedLines(found, [])[0]!, older]);
  }
  const changes = documentChanges(site, found.configuration.site);
  if (!plan) {
    if (changes.length > 0)
      await copyFile(siteFileOf(directory), `${siteFileOf(directory)}.before-${number}`);
    await saveSite(directory, siteDescription(found.configuration.site, access));
    await keepConfiguration(directory, found);
  }
  return succeed(carriedLines(found, changes));
}

function untold({ errors }: ToldConfigurations): ProductError {
  const said = 'No agent told a configuration that the site’s authority has signed.';
  const next =
    'Open a site file from another workstation, or run "npm run site -- pull FILE", which looks over SSH. Upgrade agents of an earlier version.';
  return productError('site.missing', said, [...new Set(errors.map(({ message }) => message))], next);
}
