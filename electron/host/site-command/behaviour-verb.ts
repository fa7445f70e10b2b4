import { siteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { faults } from '../../../shared/behaviour/faults.ts';
import { acceptanceLines, behaviourLines, toldClusters } from '../../../shared/behaviour/told-lines.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { readAcceptance } from '../behaviour/plan-keeper.ts';
import type { SiteInstallFile } from '../install/install-file.ts';

interface BehaviourCommand {
  readonly fault: number | null;
  readonly json: boolean;
}

/**
 * `site behaviour`: what happens at each fault with the settings of a site file, whether or not it is installed. Signs in
 * nowhere. `say` gets the whole of it for programs. Errors: request.invalid, site.damaged.
 */
export async function tellBehaviour(
  { fault, json }: BehaviourCommand,
  { site }: Pick<SiteInstallFile, 'site'>,
  profileDirectory: string,
  say: (told: unknown) => void,
): Promise<Result<string[], ProductError[]>> {
  if (fault !== null && (fault < 1 || fault > faults.length)) {
    const said = `There is no fault ${fault}: they are numbered from 1 to ${faults.length}.`;
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
