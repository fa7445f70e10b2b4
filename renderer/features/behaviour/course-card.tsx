import type { ClusterBehaviour, SiteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import {
  atWords,
  endSentence,
  happensSentence,
  messagesSentence,
  othersSentence,
  phaseWords,
  waitsSentence,
} from '../../../shared/behaviour/course-words.ts';
import type { CourseEvent, FaultCourse } from '../../../shared/behaviour/fault-course.ts';
import { ruleTable } from '../../../shared/failover/rules.ts';
import { Card } from '../../components/card.tsx';
import { Chip } from '../../components/chip.tsx';
import classes from './behaviour.module.css';

export interface CourseCardProps {
  readonly course: FaultCourse;
  readonly cluster: ClusterBehaviour;
  readonly behaviour: SiteBehaviour;
  /** Times were measured by its agents, not by its setup. */
  readonly hasSite: boolean;
}

/** One fault: what it is, how it ends, and the time line with the decision of each member. */
export function CourseCard({ course, cluster, behaviour, hasSite }: CourseCardProps) {
  const { fault, title, events } = course;
  const others = othersSentence(fault, cluster, behaviour);
  const waits = waitsSentence(cluster);
  const until = Math.max(0, ...events.map(({ at }) => at?.worst ?? 0));
  const { T, H, O, K, D } = cluster.timing;
  return (
    <Card title={title} note={`${cluster.cluster}, timing ${cluster.timingName}`}>
      <div className={classes.course} aria-live="polite">
        <p>{happensSentence(course)}</p>
        <p className={classes.end}>{endSentence(course)}</p>
        <p>{messagesSentence(course, cluster)}</p>
        <ol className={classes.events} aria-label="Time line">
          {events.map((event, index) => (
            <Event key={index} event={event} until={until} />
          ))}
        </ol>
        {others !== null && <p className="ink2">{others}</p>}
        {waits !== null && <p className="ink2">{waits}</p>}
        <p className="small ink2">
          Seconds after the fault, from best to worst, the mark is the typical case. By rule from T {T} s, H{' '}
          {H} s, O {O} s, K {K} s and D {D} s;{' '}
          {hasSite
            ? 'storage and engine start as last seen by the agents'
            : 'storage and engine start as measured by the setup'}
          . Numbers within the sentences are those of the typical case. Each decision is made by the rule
          table over facts that are built for its moment; the whole is not a run of the simulation.
        </p>
      </div>
    </Card>
  );
}

function Event({ event, until }: { readonly event: CourseEvent; readonly until: number }) {
  const { at, phase, who, says, rule } = event;
  return (
    <li>
      <span>
        <span className={`${classes.at} num`}>{atWords(at)}</span>
        <Range at={at} until={until} />
      </span>
      <span>
        <span className="small ink3">{phaseWords[phase]}</span>
        <br />
        <span className={classes.who}>{who}</span>
      </span>
      <span>{says}</span>
      {rule ? (
        <RuleWhy id={rule.id} />
      ) : (
        <span className="small ink3">{at === null || at.worst === 0 ? '' : 'by timing'}</span>
      )}
    </li>
  );
}

/** Best to worst on the axis that all entries share. */
function Range({ at, until }: { readonly at: CourseEvent['at']; readonly until: number }) {
  if (at === null || until === 0) return null;
  const x = (seconds: number) => (seconds / until) * 96 + 2;
  return (
    <svg className={classes.range} viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden>
      <path className={classes.axis} d="M2 8H98" />
      <path className={classes.span} d={`M${x(at.best)} 8H${x(at.worst)}`} />
      <path className={classes.typical} d={`M${x(at.typical)} 3V13`} />
    </svg>
  );
}

/** The rule with its meaning behind it. */
function RuleWhy({ id }: { readonly id: string }) {
  const rule = ruleTable.find((candidate) => candidate.id === id);
  return (
    <details className={classes.why}>
      <summary>
        <Chip tone="rule" shape="square">
          {id}
        </Chip>
        <span className="visually-hidden"> why</span>
      </summary>
      <p className="small ink2">
        <b>{rule?.diagnosis}</b>: {rule?.meaning}
      </p>
    </details>
  );
}
