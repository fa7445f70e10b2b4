import { siteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { faultOf, faults } from '../../../shared/behaviour/faults.ts';
import { acceptanceLines, behaviourLines, toldClusters } from '../../../shared/behaviour/told-lines.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { readAcceptance } from '../behaviour/plan-keeper.ts';
import type { SiteInstallFile } from '../install/install-file.ts';

interface BehaviourCommand {
  /** Its number or its name; null: every one. */
  readonly fault: string | null;
  readonly json: boolean;
}

/**
 * `site behaviour`: what happens at each fault with the settings of a site file, whether or not it is installed. Signs in
 * nowhere. `say` gets the whole of it for programs. Errors: request.invalid, site.damaged.
 */
export async function tellBehaviour(
  { fault: word, json }: BehaviourCommand,
  { site }: Pick<SiteInstallFile, 'site'>,
  profileDirectory: string,
  say: (told: unknown) => void,
): Promise<Result<string[], ProductError[]>> {
  const fault = word === null ? null : faultOf(word);
  if (fault === undefined) {
    const said = `There is no fault ${word}: they are numbered from 1 to ${faults.length}, and each has a name; without --fault all are listed.`;
    return fail([productError('request.invalid', said)]);
  }
  const kept = await readAcceptance(profileDirectory, new Date().toISOString());
  if (!kept.ok) return fail([kept.error]);
  const behaviour = siteBehaviour(site);
  if (json) {
    say({ behaviour, clusters: toldClusters(behaviour, fault), acceptance: kept.value });
    return succeed([]);
  }
  return succeed([...behaviourLines(behaviour, fault), ...acceptanceLines(behaviour, kept.value)]);
}
