import { formatSpan } from '../../fleet/age.ts';
import type { ToldTarget } from '../../notifications/told.ts';
import { failed, joinJudged, ok, unknown, warning, type Judged } from '../check.ts';
import { overMembers } from '../look.ts';
import { agoMs, clusterScenes, type SiteScene } from '../scene.ts';

/** What arrived longer ago proves nothing of today. */
const freshMs = 90 * 24 * 3_600_000;
const test =
  'Open the page Notifications and press Test there, or send a test with: npm run site -- notify-test FILE.';

/**
 * Whether what the agents tell people arrives, as every agent tells of each of its targets. Pure.
 * Null: the site has no targets, so that a person must say what else watches it.
 */
export function judgeNotifications(scene: SiteScene): Judged | null {
  const targets = scene.document.notifications?.targets ?? [];
  if (targets.length === 0) return null;
  return joinJudged(
    clusterScenes(scene).map((cluster) =>
      overMembers(cluster, ({ notifications, serverName, cluster: id }) => {
        const who = `${id} on ${serverName}`;
        if (notifications?.notKept != null) {
          return failed(
            `${who}: what waits is not on disk: ${notifications.notKept}`,
            0,
            'Make room on the disk of its state.',
          );
        }
        return joinJudged(
          targets.map((target) => {
            const told = notifications?.targets.find((one) => one.id === target.id);
            return told === undefined
              ? failed(
                  `${who} does not know ${target.id}`,
                  0,
                  'Bring it the site as it is: install it again.',
                )
              : judgeTarget(told, `${who} to ${target.id}`, scene);
          }),
        );
      }),
    ),
  );
}

/** What is newest counts: a message, a failure or a test. */
function judgeTarget(told: ToldTarget, way: string, scene: SiteScene): Judged {
  const { failure, lastTest, lastSentAt } = told;
  const tested = lastTest?.failure === null ? lastTest.at : '';
  const arrivedAt = tested > (lastSentAt ?? '') ? tested : (lastSentAt ?? '');
  if (failure !== null && (told.waiting > 0 || failure.at >= arrivedAt)) {
    const age = failure.agoMs ?? agoMs(scene, failure.at);
    return failed(`${way}: ${withoutStop(failure.sentence)}`, age, `${failure.next} Then: ${test}`);
  }
  if (lastTest?.failure && lastTest.at >= arrivedAt) {
    const age = lastTest.agoMs ?? agoMs(scene, lastTest.at);
    return failed(
      `${way}: the last test did not arrive: ${withoutStop(lastTest.failure.sentence)}`,
      age,
      test,
    );
  }
  if (arrivedAt === '') return unknown(`${way}: nothing was ever sent there`, test);
  const seenMs = arrivedAt === lastSentAt ? told.sentAgoMs : lastTest?.agoMs;
  const ageMs = seenMs ?? agoMs(scene, arrivedAt);
  const what = `${way}: the last ${arrivedAt === lastSentAt ? 'message' : 'test'} arrived`;
  return ageMs > freshMs
    ? warning(`${what} ${formatSpan(ageMs)} ago, and none since`, ageMs, test)
    : ok(what, ageMs);
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
