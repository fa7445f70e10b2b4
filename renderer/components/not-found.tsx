import { CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import { routeHash, type Route } from '../app/route.ts';
import classes from './not-found.module.css';

export interface NotFoundProps {
  readonly title: string;
  readonly back: Route;
  readonly backWords: string;
  readonly children: ReactNode;
}

/** An address that names nothing here: what is missing, and the way back. */
export function NotFound({ title, back, backWords, children }: NotFoundProps) {
  return (
    <div className={classes.page}>
      <h1>
        <CircleSlash aria-hidden /> {title}
      </h1>
      <p>{children}</p>
      <p>
        <a href={routeHash(back)}>{backWords}</a>
      </p>
    </div>
  );
}
