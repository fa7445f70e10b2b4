import classes from './guided.module.css';

/** One number of a result, with what it is and where it comes from. */
export function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note: string;
}) {
  return (
    <div className={classes.figure}>
      <span className="small ink2">{props.label}</span>
      <strong>
        {props.value} {props.unit && props.value !== '?' && <small>{props.unit}</small>}
      </strong>
      <span className="small ink2">{props.note}</span>
    </div>
  );
}
