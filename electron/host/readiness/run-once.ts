import type { ProductError } from '../../../shared/errors.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import type { ReadinessRun } from '../../../shared/readiness/results.ts';
import type { SiteScene } from '../../../shared/readiness/scene.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { HostTime } from '../host-time.ts';
import { withOpenSite } from '../with-open-site.ts';
import { gatherScene, type ReadinessSite } from './gather-scene.ts';
import { keepRun, readAnswers } from './readiness-files.ts';

/** A run of all checks with what it was judged from. */
export interface RunWithScene {
  readonly run: ReadinessRun;
  readonly scene: SiteScene;
}

/** Runs every check of an open site and keeps the run. Errors: readiness.damaged, readiness.not-kept. */
export async function runOnce(
  site: ReadinessSite,
  profileDirectory: string,
  time: HostTime,
): Promise<Result<RunWithScene, ProductError>> {
  const startedMs = time.bootMs();
  const { kept, trouble } = await readAnswers(profileDirectory, time.wallTime());
  if (trouble !== null) return fail(trouble);
  const scene = await gatherScene(site, kept.goalSeconds, time);
  const results = judgeReadiness(scene, kept);
  const run = { wallTime: scene.wallTime, by: site.me.name, tookMs: time.bootMs() - startedMs, results };
  const written = await keepRun(profileDirectory, run);
  return written.ok ? succeed({ run, scene }) : written;
}

/** The same of the site in a profile folder, as at the end of an installation: the first one is the baseline. */
export function runForProfile(
  directory: string,
  time: HostTime,
): Promise<Result<ReadinessRun, ProductError>> {
  return withOpenSite(directory, time, async (site) => {
    const done = await runOnce(site, directory, time);
    return done.ok ? succeed(done.value.run) : done;
  });
}
