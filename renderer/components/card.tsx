import { useId, type ReactNode } from 'react';
import type { AgeBasis } from '../../shared/fleet/age.ts';
import { Age } from './age.tsx';
import { Heading } from './term.tsx';
import classes from './card.module.css';

export interface CardProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  /** Oldest age of the content; left out where the content is no observation. */
  readonly age?: AgeBasis & { readonly ms: number | null };
  readonly right?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A bordered region with its title, and the oldest age of what it shows in its head. */
export function Card({ title, note, age, right, className, children }: CardProps) {
  const titleId = useId();
  return (
    <section className={`${classes.card} ${className ?? ''}`} aria-labelledby={titleId}>
      <div className={classes.head}>
        <h2 className={classes.title} id={titleId}>
          {typeof title === 'string' ? <Heading words={title} /> : title}
        </h2>
        {note !== undefined && <span className={classes.note}>{note}</span>}
        <span className={classes.right}>
          {right}
          {age && <Age {...age} />}
        </span>
      </div>
      {children}
    </section>
  );
}
