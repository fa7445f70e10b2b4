import {
  failed,
  notApplicable,
  ok,
  unknown,
  warning,
  worstFirst,
  type CheckDefinition,
  type HowJudged,
  type Judged,
} from './check.ts';
import { readinessChecks } from './checks/all.ts';
import type { KeptReadiness, PersonAnswer } from './kept-readiness.ts';
import { overMembers } from './look.ts';
import { isUnmet, type CheckResult, type SubjectResult } from './results.ts';
import { agoMs, clusterScenes, type SiteScene } from './scene.ts';

/** The subject of a check about the site as a whole. */
export const siteSubject = '';

const dayMs = 24 * 3_600_000;
/** From here on an answer that will run out is shown as something to do. */
const soonMs = 14 * dayMs;

/** Judges all checks, or those named, from one scene and what people have said. Pure. */
export function judgeReadiness(
  scene: SiteScene,
  kept: KeptReadiness,
  checks: readonly CheckDefinition[] = readinessChecks,
): CheckResult[] {
  return checks.map((check) => {
    const subjects = subjectsOf(check, scene, kept).map(({ subject, judged, answer }) =>
      subjectResult(check, subject, judged, { answer, kept, wallTime: scene.wallTime }),
    );
    return { check: check.id, verdict: worstOf(subjects), subjects };
  });
}

interface JudgedSubject {
  readonly subject: string;
  readonly judged: Judged;
  readonly answer: PersonAnswer | null;
}

function subjectsOf({ id, how }: CheckDefinition, scene: SiteScene, kept: KeptReadiness): JudgedSubject[] {
  if (how.by === 'person') return askedOfPeople(id, how, scene, kept);
  if ('site' in how) return [{ subject: siteSubject, judged: how.site(scene), answer: null }];
  return clusterScenes(scene).map((cluster) => ({
    subject: cluster.document.id,
    judged: 'cluster' in how ? how.cluster(cluster) : overMembers(cluster, how.member),
    answer: null,
  }));
}

function askedOfPeople(
  check: string,
  { asks, settled }: Extract<HowJudged, { by: 'person' }>,
  scene: SiteScene,
  { answers }: KeptReadiness,
): JudgedSubject[] {
  const settledBy = settled?.(scene) ?? null;
  if (settledBy !== null) return [{ subject: siteSubject, judged: settledBy, answer: null }];
  const subjects = asks === 'site' ? [siteSubject] : scene.document.clusters.map(({ id }) => id);
  return subjects.map((subject) => {
    const found = answers.find((entry) => entry.check === check && entry.subject === subject);
    const answer = found?.answer ?? null;
    return { subject, judged: judgeAnswer(answer, scene), answer };
  });
}

function judgeAnswer(answer: PersonAnswer | null, scene: SiteScene): Judged {
  if (answer === null) return unknown('Nobody has answered this yet');
  const { met, owner, note, date, expires } = answer;
  const said = `${owner}, ${date}${note === '' ? '' : `: ${note}`}`;
  const ageMs = agoMs(scene, date);
  // It counts through the whole of its last day.
  const leftMs = Date.parse(expires) + dayMs - Date.parse(scene.wallTime);
  if (leftMs <= 0)
    return unknown(`The answer of ${owner} ran out on ${expires}`, 'Look again, and answer anew.');
  if (met === 'no') return failed(said, ageMs);
  if (met === 'not-applicable') return notApplicable(said);
  return leftMs <= soonMs
    ? warning(`${said}; runs out on ${expires}`, ageMs, 'Look again, and answer anew.')
    : ok(said, ageMs);
}

function subjectResult(
  check: CheckDefinition,
  subject: string,
  { verdict, finding, remedy, ageMs }: Judged,
  said: {
    readonly answer: PersonAnswer | null;
    readonly kept: KeptReadiness;
    readonly wallTime: string;
  },
): SubjectResult {
  const snooze = said.kept.snoozes.find(
    (entry) => entry.check === check.id && entry.subject === subject,
  )?.snooze;
  const sleeps =
    snooze !== undefined &&
    snooze.until >= said.wallTime.slice(0, 10) &&
    (snooze.verdict === undefined || worstFirst(verdict, snooze.verdict) >= 0);
  return {
    subject,
    verdict,
    finding,
    remedy: isUnmet(verdict) ? (remedy ?? check.remedy) : null,
    ageMs,
    answer: said.answer,
    snooze: sleeps && isUnmet(verdict) ? snooze : null,
  };
}

function worstOf(subjects: readonly SubjectResult[]): SubjectResult['verdict'] {
  const [worst] = subjects.map(({ verdict }) => verdict).sort(worstFirst);
  return worst ?? 'not-applicable';
}
