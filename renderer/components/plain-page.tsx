import type { ReactNode } from 'react';
import classes from './plain-page.module.css';

export interface PlainPageProps {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly lead: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A page that is its title, what it is about, and one thing below the other. */
export function PlainPage({ title, lead, className, children }: PlainPageProps) {
  return (
    <div className={`${classes.page} ${className ?? ''}`}>
      <header>
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead}>{lead}</p>
      </header>
      {children}
    </div>
  );
}
