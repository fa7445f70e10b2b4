import { Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { presentAge, type AgeBasis } from '../../shared/fleet/age.ts';
import classes from './age.module.css';

export interface AgeProps extends AgeBasis {
  /** Age now, in milliseconds; null: never heard. */
  readonly ms: number | null;
}

/** Age of a value: quiet while fresh, darker when late, with a clock and "ago" when stale, "?" when unknown. */
export function Age({ ms, ...basis }: AgeProps) {
  const age = presentAge(ms, basis);
  return (
    <span className={`${classes.age} ${classes[age.grade] ?? ''}`} data-age={age.grade}>
      {age.grade === 'stale' && <Clock aria-hidden />}
      <span>{age.text}</span>
    </span>
  );
}

/** A value whose source is silent is kept, but marked: dotted underline, lighter ink. */
export function AgedValue(props: { readonly silent: boolean; readonly children: ReactNode }) {
  return props.silent ? (
    <span className={classes.staleValue}>{props.children}</span>
  ) : (
    <span>{props.children}</span>
  );
}
