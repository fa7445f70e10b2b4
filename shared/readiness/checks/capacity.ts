import { joinJudged, type Judged } from '../check.ts';
import { preflightFreshMs } from '../look.ts';
import { agoMs, type SiteScene } from '../scene.ts';

const needed = ['capacity-memory', 'capacity-cpu'];
const looks = [...needed, 'capacity-files'];

/**
 * Whether each server has room for all of its clusters, as the kept preflight has seen it. Pure.
 * Null: a person must say so, since it is too old, or does not know it of every server that has more than one cluster.
 */
export function roomByPreflight(scene: SiteScene): Judged | null {
  const { preflight, document } = scene;
  const shared = document.servers.filter(
    ({ id }) =>
      document.clusters.filter(({ members }) => members.some(({ server }) => server === id)).length > 1,
  );
  if (preflight === null || shared.length === 0) return null;
  const seen = preflight.checks
    .filter(({ id, subject }) => looks.includes(id) && shared.some(({ name }) => name === subject))
    .map((one) => ({ ...one, ageMs: agoMs(scene, one.wallTime ?? preflight.wallTime) }));
  const known = seen.filter(({ verdict, ageMs }) => verdict !== 'unknown' && ageMs <= preflightFreshMs);
  const complete = shared.every(({ name }) =>
    needed.every((id) => known.some((one) => one.id === id && one.subject === name)),
  );
  if (!complete) return null;
  return joinJudged(
    known.map(({ subject, verdict, finding, remedy, ageMs }) => ({
      verdict,
      finding: `${subject}: ${finding}`,
      ageMs,
      ...(remedy === null ? {} : { remedy }),
    })),
  );
}
