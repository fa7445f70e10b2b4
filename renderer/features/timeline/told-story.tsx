import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { formatMeasured, formatSeconds } from '../../../shared/fleet/age.ts';
import type { ToldChange, ToldLine } from '../../../shared/history/told-change.ts';
import { routeHash } from '../../app/route.ts';
import { ErrorNotice } from '../../components/notice.tsx';
import classes from './told-story.module.css';
import { useToldChange } from './use-told-change.ts';

export interface ToldStoryProps {
  readonly record: JournalRecord;
  readonly operation: string;
  readonly nameOf: (server: string) => string;
}

/** The change that a record belongs to, told from the journals: how long, why that long, and line by line. */
export function ToldStory({ record, operation, nameOf }: ToldStoryProps) {
  const telling = useToldChange(record, operation, nameOf);
  switch (telling.kind) {
    case 'reading':
      return <p className={classes.quiet}>The journals around it are read…</p>;
    case 'nothing':
      return <p className={classes.quiet}>No step of this change is in the journals here.</p>;
    case 'failed':
      return <ErrorNotice error={telling.error} />;
    case 'told':
      return <Story change={telling.change} nameOf={nameOf} />;
  }
}

function Story(props: { readonly change: ToldChange; readonly nameOf: (server: string) => string }) {
  const { change, nameOf } = props;
  const { title, askedBy, ended, withoutActiveMs, why, lines } = change;
  return (
    <section className={classes.story} aria-label="The change as a story">
      <h3 className={classes.title}>{title}</h3>
      <p>
        {askedBy === null ? 'By rule' : `Asked for by ${askedBy}`}.{' '}
        {ended === null ? 'Its end is not in the journals here.' : ended.sentence}
      </p>
      <p>
        <b>
          {withoutActiveMs === null
            ? 'Time without an Active not known'
            : `${formatSeconds(withoutActiveMs)} s without an Active`}
        </b>
        . {why}
      </p>
      <p>
        <a href={routeHash({ page: 'verification', cluster: change.cluster, operation: change.operation })}>
          Show the verification
        </a>
      </p>
      <Parts change={change} />
      <details className={classes.lines}>
        <summary>What was seen, decided and done: {lines.length} lines</summary>
        <ol>
          {lines.map((line) => (
            <Line key={`${line.server} ${line.atMs} ${line.sentence}`} line={line} nameOf={nameOf} />
          ))}
        </ol>
      </details>
    </section>
  );
}

/** Each part of the time with a bar of its share. */
function Parts({ change: { parts, withoutActiveMs } }: { readonly change: ToldChange }) {
  if (parts.length === 0 || !withoutActiveMs) return null;
  return (
    <ul className={classes.parts}>
      {parts.map(({ what, ms, why, betweenClocks }, index) => (
        <li key={`${index} ${what}`} title={why}>
          <span>{what}</span>
          <span className="num">
            {formatMeasured(ms)}
            {betweenClocks && <span className="small ink2"> by two clocks</span>}
          </span>
          <span className={classes.bar} style={{ width: `${(100 * ms) / withoutActiveMs}%` }} aria-hidden />
        </li>
      ))}
    </ul>
  );
}

const whatWords: Record<ToldLine['what'], string> = {
  asked: 'Asked',
  seen: 'Seen',
  decided: 'Decided',
  done: 'Done',
};

function Line(props: { readonly line: ToldLine; readonly nameOf: (server: string) => string }) {
  const { atMs, server, what, sentence, ruleId } = props.line;
  return (
    <li>
      <span className={classes.when}>
        {atMs < 0 ? '−' : '+'}
        {formatSeconds(Math.abs(atMs))}
      </span>
      <span>
        <b>{whatWords[what]}</b> <span className="ink2">{props.nameOf(server)}</span>
        {ruleId !== null && <span className="ink2">, {ruleId}</span>}
        <br />
        {sentence}
      </span>
    </li>
  );
}
