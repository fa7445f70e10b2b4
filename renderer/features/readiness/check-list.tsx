import { Cpu, Hand, Split, SquareTerminal, type LucideIcon } from 'lucide-react';
import { memo, useState } from 'react';
import type { SeenBy } from '../../../shared/readiness/check.ts';
import { readinessSections } from '../../../shared/readiness/check.ts';
import type { ReadinessView } from '../../../shared/readiness/readiness-view.ts';
import { useNow } from '../../app/console-context.tsx';
import { Age } from '../../components/age.tsx';
import { InkButton } from '../../components/ink-button.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import { CheckDetail } from './check-detail.tsx';
import { placeOf } from './check-place.ts';
import classes from './readiness.module.css';
import { aboutOf, asideOf, findingOf, isMet, openFirst, type StandingRow } from './standing-rows.ts';

const states: Record<StandingRow['result']['verdict'], FactState> = {
  ok: 'ok',
  warning: 'warn',
  failed: 'danger',
  unknown: 'unknown',
  'not-applicable': 'ok',
};

/** A day: what people and looks over SSH tell is not stale after three seconds. */
const dayMs = 24 * 3_600_000;
const intervals: Record<SeenBy, number> = {
  agent: 60_000,
  SSH: 10 * dayMs,
  balancer: 10 * dayMs,
  person: 60 * dayMs,
};

/** Checks line by line, what is open first; each opens to its reasons and to what can be done. */
export const CheckList = memo(function CheckList(props: {
  readonly rows: readonly StandingRow[];
  readonly view: ReadinessView | null;
  /** When the host told of them. */
  readonly arrivedAtMs: number;
}) {
  const [opened, setOpened] = useState<string | null>(null);
  const { open, rest } = openFirst(props.rows);
  if (props.view === null || props.view.checks.length === 0) return <Waiting view={props.view} />;
  if (props.rows.length === 0) return <p className={classes.empty}>No check fits this choice.</p>;
  const row = (one: StandingRow) => (
    <Row
      key={one.check.id}
      row={one}
      arrivedAtMs={props.arrivedAtMs}
      isOpened={opened === one.check.id}
      onToggle={() => setOpened(opened === one.check.id ? null : one.check.id)}
    />
  );
  return (
    <div className={classes.list} tabIndex={0} role="region" aria-label="Checks found">
      {open.length > 0 && <Group title="Open" note={`${open.length}, what matters most first`} />}
      {open.length > 0 && <ul className={classes.rows}>{open.map(row)}</ul>}
      {Object.entries(readinessSections).map(([section, title]) => {
        const own = rest.filter(({ check }) => check.section === section);
        if (own.length === 0) return null;
        const all = props.rows.filter(({ check }) => check.section === section).length;
        return (
          <div key={section}>
            <Group title={title} note={`${own.filter(isMet).length} of ${all}`} />
            <ul className={classes.rows}>{own.map(row)}</ul>
          </div>
        );
      })}
    </div>
  );
});

function Waiting({ view }: { readonly view: ReadinessView | null }) {
  const awaits = view?.running?.awaits ?? 'The checks are being read';
  return <p className={classes.empty}>{awaits}. This usually takes less than five seconds.</p>;
}

function Group({ title, note }: { readonly title: string; readonly note: string }) {
  return (
    <h2 className={classes.group}>
      <b>{title}</b> {note}
    </h2>
  );
}

const seers: Record<SeenBy, { readonly icon: LucideIcon; readonly word: string }> = {
  agent: { icon: Cpu, word: 'automatic' },
  SSH: { icon: SquareTerminal, word: 'over SSH' },
  balancer: { icon: Split, word: 'from outside' },
  person: { icon: Hand, word: 'by people' },
};

function Row(props: {
  readonly row: StandingRow;
  readonly arrivedAtMs: number;
  readonly isOpened: boolean;
  readonly onToggle: () => void;
}) {
  const { row, isOpened, onToggle } = props;
  const { check, result } = row;
  const { icon: Seer, word } = seers[check.how.by];
  const owner = row.told.flatMap(({ answer }) => answer?.owner ?? [])[0];
  const aside = asideOf(row);
  const place = row.isOpen ? placeOf(check, row) : null;
  return (
    <li className={`${classes.row} ${isOpened ? classes.rowOpened : ''}`}>
      <div className={classes.line}>
        <StateIcon state={states[result.verdict]} />
        <div className={classes.what}>
          <button
            type="button"
            className={`${classes.title} ${row.isOpen ? classes.titleOpen : ''}`}
            aria-expanded={isOpened}
            onClick={onToggle}
          >
            {check.title}
          </button>
          <div className={classes.finding} title={findingOf(row)}>
            {aside === '' ? findingOf(row) : aside}
          </div>
        </div>
        <span className={classes.about}>{aboutOf(row)}</span>
        <span className={classes.seer}>
          <Seer aria-hidden />
          <span className="ellipsis">{owner ?? word}</span>
        </span>
        <span className={classes.act}>
          {row.isOpen && check.how.by === 'person' && !isOpened && (
            <InkButton aria-label={`Answer: ${check.title}`} onClick={onToggle}>
              Answer…
            </InkButton>
          )}
          {place && (
            <a className={classes.place} href={place.href}>
              {place.words}
              <span className="visually-hidden"> for {check.title}</span>
            </a>
          )}
        </span>
        <span className={classes.age}>
          <RowAge row={row} arrivedAtMs={props.arrivedAtMs} />
        </span>
      </div>
      {isOpened && <CheckDetail row={row} />}
    </li>
  );
}

function RowAge({ row, arrivedAtMs }: { readonly row: StandingRow; readonly arrivedAtMs: number }) {
  const elapsedMs = Math.max(0, useNow(500) - arrivedAtMs);
  const ms = row.ageMs === null ? null : row.ageMs + elapsedMs;
  return <Age ms={ms} intervalMs={intervals[row.check.how.by]} />;
}
