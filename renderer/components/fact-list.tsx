import type { ReactNode } from 'react';
import { ageNow, type MemberSight } from '../../shared/fleet/sight.ts';
import { Age, AgedValue } from './age.tsx';
import classes from './fact-list.module.css';
import { Heading } from './term.tsx';
import { StateIcon } from './state-icon.tsx';

export interface FactListProps {
  readonly member: MemberSight;
  /** Where there is room: also where each fact comes from. */
  readonly sources?: boolean;
}

/** The facts that a member's decision used, each with value and age. A met one is quiet. */
export function FactList({ member, sources = false }: FactListProps) {
  const facts = member.snapshot?.decision.facts ?? [];
  return (
    <Facts
      rows={facts.map((fact) => ({
        name: fact.name,
        source: sources ? fact.source : undefined,
        value: (
          <>
            {fact.ok === false && <StateIcon state="warn" />}
            {fact.ok === null && <StateIcon state="unknown" />}
            <AgedValue silent={member.silent}>{fact.text}</AgedValue>
          </>
        ),
        right: <Age ms={ageNow(member, fact.ageMs)} intervalMs={5_000} sourceSilent={member.silent} />,
      }))}
    />
  );
}

export interface FactRow {
  readonly name: string;
  readonly value: ReactNode;
  readonly right?: ReactNode;
  /** Who says so. */
  readonly source?: string | undefined;
}

/** Name, value and age in three columns. */
export function Facts({ rows }: { readonly rows: readonly FactRow[] }) {
  return (
    <dl className={classes.list}>
      {rows.map((row) => (
        <div className={classes.row} key={row.name}>
          <dt>
            <Heading words={row.name} />
          </dt>
          <dd>
            {row.value}
            {row.source !== undefined && <span className={classes.source}>{row.source}</span>}
          </dd>
          <dd className={classes.age}>{row.right}</dd>
        </div>
      ))}
    </dl>
  );
}
