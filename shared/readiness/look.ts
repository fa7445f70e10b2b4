import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { formatSpan } from '../fleet/age.ts';
import { ageNow } from '../fleet/sight.ts';
import {
  failed,
  joinJudged,
  notApplicable,
  ok,
  unknown,
  warning,
  type HowJudged,
  type Judged,
} from './check.ts';
import { agoMs, isDemo, silenceOf, type ClusterScene, type SiteScene } from './scene.ts';

/** Judges every member of a cluster and joins them; a member that is not heard is unknown, with why. */
export function overMembers(
  { sight }: ClusterScene,
  judge: (snapshot: MemberSnapshot, name: string) => Judged,
): Judged {
  return joinJudged(
    sight.members.map((member) => {
      const silence = silenceOf(member);
      if (silence !== null || member.snapshot === null) {
        return unknown(
          silence ?? `${member.name} has told nothing yet`,
          'Bring that server and its agent back.',
        );
      }
      const judged = judge(member.snapshot, member.name);
      return { ...judged, ageMs: ageNow(member, judged.ageMs ?? 0) };
    }),
  );
}

/** Judges the Active alone; unknown while it is not known who that is. */
export function overActive(scene: ClusterScene, judge: (snapshot: MemberSnapshot) => Judged): Judged {
  const active = scene.sight.members.find(({ role }) => role.kind === 'active');
  if (active?.snapshot) {
    const judged = judge(active.snapshot);
    return { ...judged, ageMs: ageNow(active, judged.ageMs ?? 0) };
  }
  const silent = scene.sight.members.flatMap((member) => silenceOf(member) ?? []);
  return unknown(silent[0] ?? `${scene.sight.cluster.id} has no Active now`);
}

/** How often a look over SSH should be taken anew. */
export const preflightFreshMs = 30 * 24 * 3_600_000;

/**
 * A check that the kept preflight answers. What it saw long ago is shown with its age, and no longer counts as met.
 * Demo servers are processes of this machine: there is nothing to see over SSH.
 */
export function overSsh(ids: readonly string[]): HowJudged {
  return { by: 'SSH', site: (scene) => judgePreflight(scene, ids) };
}

function judgePreflight(scene: SiteScene, ids: readonly string[]): Judged {
  if (isDemo(scene)) return notApplicable('The servers of the demo are processes of this machine.');
  const { preflight } = scene;
  const again = 'Look at the servers: npm run site -- preflight FILE.';
  if (preflight === null)
    return unknown('No look at the servers over SSH is kept on this workstation', again);
  const found = preflight.checks.filter(({ id }) => ids.includes(id));
  if (found.length === 0) return unknown('The last look over SSH did not come so far', again);
  const seen = found.map((one) => ({ ...one, ageMs: agoMs(scene, one.wallTime ?? preflight.wallTime) }));
  const ageMs = Math.max(...seen.map((one) => one.ageMs));
  const judged = joinJudged(
    seen.map(({ subject, verdict, finding, remedy, ageMs }) => ({
      verdict,
      finding: `${subject}: ${finding}`,
      ageMs,
      ...(remedy === null ? {} : { remedy }),
    })),
  );
  const unseen = unseenMembers(scene, preflight.checks);
  if (judged.verdict === 'ok' && unseen.length > 0)
    return unknown(`${unseen.join(' and ')} was not looked at; ${judged.finding}`, again);
  return judged.verdict === 'ok' && ageMs > preflightFreshMs
    ? warning(`Seen ${formatSpan(ageMs)} ago, and not since: ${judged.finding}`, ageMs, again)
    : judged;
}

/** Servers with an engine that the look did not reach, or that have come since. */
function unseenMembers(
  { document }: SiteScene,
  checks: readonly { readonly id: string; readonly subject: string }[],
): string[] {
  const members = new Set(
    document.clusters.flatMap((cluster) => cluster.members.map(({ server }) => server)),
  );
  return document.servers
    .filter(({ id }) => members.has(id))
    .map(({ name }) => name)
    .filter((name) => !checks.some(({ id, subject }) => id !== 'ssh' && subject === name));
}

/** Judges by a share of something: `ok` up to `wellUpTo`, a warning up to `bearable`. */
export function byLimit(
  value: number,
  { wellUpTo, bearable }: { readonly wellUpTo: number; readonly bearable: number },
  finding: string,
  ageMs: number | null = null,
): Judged {
  if (value <= wellUpTo) return ok(finding, ageMs);
  return value <= bearable ? warning(finding, ageMs) : failed(finding, ageMs);
}
