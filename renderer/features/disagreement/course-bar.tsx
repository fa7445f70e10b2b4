import { formatSeconds } from '../../../shared/fleet/age.ts';
import { leaseCourse, type CourseStretch, type LeaseCourse } from '../../../shared/fleet/lease-course.ts';
import { otherMember } from '../../../shared/fleet/cluster-role.ts';
import { hasPromised, livesOnPromise } from '../../../shared/fleet/peer-mode.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { measuredStart, type MeasuredStart } from '../../../shared/fleet/recovery.ts';
import { sinceLastRenewal, storeSeesRenewals } from '../../../shared/fleet/lease-sight.ts';
import { clockDriftBound } from '../../../shared/lease/timing.ts';
import { Card } from '../../components/card.tsx';
import classes from './disagreement.module.css';

/** What must happen by rule, from the last renewal of a silent Active to the next Active. */
export function CourseBar({ sight }: { readonly sight: ClusterSight }) {
  const holder = sight.members.find((member) => member.silent && member.role.was === 'active');
  const timing = holder?.snapshot?.timing;
  const since = holder ? sinceLastRenewal(sight, holder) : null;
  const other = holder ? otherMember(sight, holder) : null;
  if (!holder || !timing || since === null || !other || other.role.kind === 'active') return null;
  // It lives without a lease: nothing runs out, whoever hears it.
  if (livesOnPromise(holder) || hasPromised(other)) return null;
  // It renews: nobody hears it here, but nothing runs out.
  if (storeSeesRenewals(sight, holder)) return null;
  const start = measuredStart(other, holder);
  const course = leaseCourse(timing, since, start?.ms ?? 0);
  // Everything in it is over: what happens now is told by the decision.
  if (course.nowMs > (course.marks.at(-1)?.atMs ?? 0)) return null;
  const at = (ms: number) => `${(100 * Math.max(0, ms)) / course.endMs}%`;
  const note = `T ${timing.T} s, K ${timing.K} s, D ${timing.D} s, δ ${clockDriftBound(timing.T).toFixed(2)} s; ${startWords(start)}`;
  return (
    <Card
      title="What must happen, if nothing more is heard"
      note={note}
      right={<span className="small ink3">by rule</span>}
    >
      <div className={classes.bar}>
        <span className={classes.markWords} style={{ left: 0, top: '0.125rem' }}>
          0 s last renewal
        </span>
        {course.stretches.map((stretch) => (
          <div
            key={stretch.kind}
            className={`${classes.stretch} ${classes[stretch.kind === 'takes-over' ? 'takesOver' : stretch.kind]}`}
            style={{
              left: at(stretch.fromMs),
              width: at(stretch.toMs - stretch.fromMs),
              paddingLeft: `calc(${at(passedOf(stretch, course))} + 0.375rem)`,
            }}
          >
            {stretch.toMs - stretch.fromMs > 0.12 * course.endMs && stretchWords(stretch.kind, holder, other)}
          </div>
        ))}
        {course.marks.map((mark, index) => (
          <span key={mark.words}>
            <span className={classes.mark} style={{ left: at(mark.atMs) }} />
            <span
              className={classes.markWords}
              style={{
                left: at(mark.atMs),
                top: index === below ? '2.75rem' : '0.125rem',
                transform: markShift(index, mark.atMs / course.endMs, course.nowMs > mark.atMs),
              }}
            >
              <b>{formatSeconds(mark.atMs)} s</b> {mark.words}
            </span>
          </span>
        ))}
        <span className={classes.now} style={{ left: at(course.nowMs) }} />
        <span className={classes.nowWords} style={{ left: at(course.nowMs), transform: nowShift(course) }}>
          now, {formatSeconds(course.nowMs)} s
        </span>
      </div>
    </Card>
  );
}

function startWords(start: MeasuredStart | null): string {
  if (start === null) return 'engine start not measured, not drawn';
  return `engine start ${start.assumed ? 'assumed as' : 'as measured'} on ${start.on}`;
}

/** How much of a stretch its words keep clear of: what has passed, as long as there is room behind it. */
function passedOf({ fromMs, toMs }: CourseStretch, { nowMs, endMs }: LeaseCourse): number {
  const within = nowMs > fromMs && toMs - nowMs > 0.18 * endMs;
  return within ? nowMs - fromMs : 0;
}

/** The mark whose words stand below the bar, beside those of the present instant. */
const below = 2;

/** Words of neighbouring marks keep clear of each other: middle, to the left, below, where there is room. */
function markShift(index: number, share: number, passed: boolean): string {
  if (index === 0) return 'translateX(-50%)';
  if (index === below) return passed ? 'translateX(calc(-100% - 0.25rem))' : 'translateX(0.25rem)';
  if (index === 1 || share > 0.88) return 'translateX(-100%)';
  return 'translateX(0.25rem)';
}

/** The present instant keeps clear of the words below the bar: left of them before, right of them after. */
function nowShift({ nowMs, endMs, marks }: LeaseCourse): string {
  const apart = (nowMs - (marks[below]?.atMs ?? 0)) / endMs;
  if (apart <= 0 && apart > -0.04) return 'translateX(-100%)';
  if (apart > 0 && apart < 0.04) return 'none';
  return nowMs / endMs > 0.96 ? 'translateX(-100%)' : 'translateX(-50%)';
}

function stretchWords(kind: CourseStretch['kind'], holder: MemberSight, other: MemberSight): string {
  switch (kind) {
    case 'holds':
      return `${holder.name} holds the lease`;
    case 'stopping':
      return `${holder.name} must be stopping`;
    case 'settled':
      return '';
    case 'takes-over':
      return `${other.name} takes over`;
  }
}
