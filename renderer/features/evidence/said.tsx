import type { ReactNode } from 'react';
import { valueIntervalMs } from '../../../shared/fleet/age.ts';
import { Age } from '../../components/age.tsx';
import { StateIcon, type FactState } from '../../components/state-icon.tsx';
import classes from './evidence.module.css';

/** One thing that a member says, with its mark; of a silent one it is its last word. */
export function Said(props: {
  readonly state: FactState;
  readonly silent: boolean;
  /** Left out: as old as the card. */
  readonly ageMs?: number | null;
  readonly children: ReactNode;
}) {
  return (
    <div className={classes.said}>
      <StateIcon state={props.silent ? 'unknown' : props.state} />
      <div className={`${classes.words} ${props.silent ? 'ink3' : ''}`}>{props.children}</div>
      {props.ageMs !== undefined && (
        <Age ms={props.ageMs} intervalMs={valueIntervalMs.storage} sourceSilent={props.silent} />
      )}
    </div>
  );
}
