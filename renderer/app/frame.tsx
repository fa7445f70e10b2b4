import { useRef, type ReactNode } from 'react';
import { siteSentence } from '../../shared/fleet/site-sentence.ts';
import type { SiteSight } from '../../shared/fleet/sight.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import classes from './frame.module.css';
import { useHeadingFocus } from './focus-heading.ts';
import { Navigation } from './navigation.tsx';
import { isGuided, type Route } from './route.ts';
import { TopBar } from './top-bar.tsx';

/** Top bar, navigation and content. Guided work folds the navigation to a rail. */
export function Frame(props: {
  readonly route: Route;
  readonly site: SiteSight | null;
  readonly children: ReactNode;
}) {
  useHeadingFocus(props.route);
  const main = useRef<HTMLElement>(null);
  const guided = isGuided(props.route);
  return (
    <div className={`${classes.frame} ${guided ? classes.narrow : ''}`}>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <div className={classes.top}>
        <TopBar site={props.site} />
      </div>
      <div className={classes.banner}>
        <ConnectionBanner />
      </div>
      <Navigation route={props.route} site={props.site} narrow={guided} />
      <main className={classes.content} ref={main} tabIndex={-1}>
        {props.children}
      </main>
      <div className="visually-hidden" role="status">
        {props.site ? siteSentence(props.site).sentence : ''}
      </div>
    </div>
  );
}
