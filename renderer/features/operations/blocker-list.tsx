import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import type { AgeBasis } from '../../../shared/fleet/age.ts';
import { Card } from '../../components/card.tsx';
import { StateIcon } from '../../components/state-icon.tsx';
import classes from './guided.module.css';

export interface BlockerListProps {
  readonly blockers: readonly Blocker[];
  /** What to know; none of it stops. */
  readonly cautions: readonly { readonly title: string; readonly text: string }[];
  readonly age: AgeBasis & { readonly ms: number | null };
  /** One line for everything that is as it should be. */
  readonly fine: string;
}

/** Everything that stands in the way, each with its way out; then what to know; then one line for the rest. */
export function BlockerList({ blockers, cautions, age, fine }: BlockerListProps) {
  return (
    <Card
      title="Blockers"
      note={blockers.length === 0 ? 'none, as the members report' : `${blockers.length} to clear`}
      age={age}
    >
      <ul className={classes.blockers}>
        {blockers.map((blocker) => (
          <Item key={`${blocker.code} ${blocker.reason}`} state="danger" title={blocker.reason}>
            {blocker.remedy}
          </Item>
        ))}
        {cautions.map((caution) => (
          <Item key={caution.title} state="warn" title={caution.title}>
            {caution.text}
          </Item>
        ))}
        {blockers.length === 0 && (
          <li className={classes.blocker}>
            <StateIcon state="ok" />
            <div>{fine}</div>
          </li>
        )}
      </ul>
    </Card>
  );
}

function Item(props: {
  readonly state: 'danger' | 'warn';
  readonly title: string;
  readonly children: string;
}) {
  return (
    <li className={classes.blocker}>
      <StateIcon state={props.state} />
      <div>
        <b>{props.title}</b>
      </div>
      <div>{props.children}</div>
    </li>
  );
}

/** Blockers that were seen, and those that a refusal named besides, each once. */
export function mergeBlockers(seen: readonly Blocker[], told: readonly Blocker[]): Blocker[] {
  return [...seen, ...told.filter(({ code }) => seen.every((blocker) => blocker.code !== code))];
}
