import type { ProductError } from '../../../shared/errors.ts';
import type { ReadinessRun } from '../../../shared/readiness/results.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { standardErrorLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import { withOpenSite } from '../with-open-site.ts';
import type { ReadinessSite } from './gather-scene.ts';
import { ReadinessKeeper, type StandingReadiness } from './readiness-keeper.ts';

/** The readiness of a site that no page shows. */
export function keeperFor(site: ReadinessSite, time: HostTime): ReadinessKeeper {
  return new ReadinessKeeper({ site: () => site, time, log: standardErrorLog(), onNews: () => undefined });
}

/** Runs every check and keeps the run; a run that cannot be kept is an error. Errors: readiness.*, internal. */
export async function runAll(keeper: ReadinessKeeper): Promise<Result<StandingReadiness, ProductError>> {
  const standing = await keeper.standing();
  const { trouble } = keeper.view();
  return trouble === null ? standing : fail(trouble);
}

/** The same of the site in a profile folder, as at the end of an installation: the first one is the baseline. */
export function runForProfile(
  directory: string,
  time: HostTime,
): Promise<Result<ReadinessRun, ProductError>> {
  return withOpenSite(directory, time, async (site) => {
    const keeper = keeperFor(site, time);
    const standing = await runAll(keeper);
    return standing.ok ? succeed(keeper.runs()[0]!) : standing;
  });
}
