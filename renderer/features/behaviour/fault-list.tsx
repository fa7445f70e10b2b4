import { endWords, withoutActiveWords } from '../../../shared/behaviour/course-words.ts';
import type { FaultCourse } from '../../../shared/behaviour/fault-course.ts';
import { Card } from '../../components/card.tsx';
import classes from './behaviour.module.css';

/** Every fault with its end in a few words; one of them is looked at. */
export function FaultList(props: {
  readonly courses: readonly FaultCourse[];
  readonly shown: FaultCourse;
  readonly onChoose: (fault: string) => void;
}) {
  const { courses, shown, onChoose } = props;
  return (
    <Card title="What if…" note={`${courses.length} faults`}>
      <div className={classes.faults} role="radiogroup" aria-label="Fault">
        {courses.map((course, index) => (
          <FaultRow
            key={course.fault.id}
            course={course}
            heading={courses[index - 1]?.fault.group === course.fault.group ? null : course.fault.group}
            chosen={course === shown}
            onChoose={() => onChoose(course.fault.id)}
          />
        ))}
      </div>
    </Card>
  );
}

function FaultRow(props: {
  readonly course: FaultCourse;
  readonly heading: string | null;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  const { course, heading, chosen, onChoose } = props;
  const { withoutActive } = course;
  return (
    <>
      {heading !== null && <h3 className={classes.group}>{heading}</h3>}
      <label className={`${classes.fault} ${chosen ? classes.chosen : ''}`}>
        <input type="radio" name="fault" checked={chosen} onChange={onChoose} />
        <span>
          <span className="num ink3">{course.number}</span> {course.title}
        </span>
        <span className={`${classes.ends} small ink3 num`}>
          {endWords[course.end]}
          {withoutActive?.worst === 0
            ? ''
            : withoutActive === null
              ? ', without an Active until then'
              : `, ${withoutActiveWords(withoutActive)}`}
        </span>
      </label>
    </>
  );
}
