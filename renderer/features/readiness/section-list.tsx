import { readinessSections, type ReadinessSection } from '../../../shared/readiness/check.ts';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './readiness.module.css';
import type { StandingRow } from './standing-rows.ts';

const sections = Object.keys(readinessSections) as ReadinessSection[];

/** Sections with how many checks each has, and how many of them are open. */
export function SectionList(props: {
  readonly rows: readonly StandingRow[];
  readonly section: ReadinessSection | null;
  readonly onChange: (section: ReadinessSection | null) => void;
}) {
  const of = (section: ReadinessSection) => props.rows.filter(({ check }) => check.section === section);
  return (
    <nav className={classes.sections} aria-label="Sections">
      <Section
        title="All sections"
        rows={props.rows}
        current={props.section === null}
        onClick={() => props.onChange(null)}
      />
      {sections.map((section) => (
        <Section
          key={section}
          title={readinessSections[section]}
          rows={of(section)}
          current={props.section === section}
          onClick={() => props.onChange(section)}
        />
      ))}
    </nav>
  );
}

function Section(props: {
  readonly title: string;
  readonly rows: readonly StandingRow[];
  readonly current: boolean;
  readonly onClick: () => void;
}) {
  const open = props.rows.filter(({ isOpen }) => isOpen);
  const failed = open.some(({ result }) => result.verdict === 'failed');
  const warned = open.some(({ result }) => result.verdict === 'warning');
  return (
    <button type="button" className={classes.section} aria-pressed={props.current} onClick={props.onClick}>
      <span>{props.title}</span>
      {open.length > 0 && (
        <span className={classes.sectionOpen}>
          <StateIcon state={failed ? 'danger' : warned ? 'warn' : 'unknown'} />
          {open.length}
          <span className="visually-hidden"> open,</span>
        </span>
      )}
      <span className={`${classes.sectionCount} num`}>{props.rows.length}</span>
    </button>
  );
}
