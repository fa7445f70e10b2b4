import { useEffect, useRef } from 'react';
import type { Route } from './route.ts';

/** Moves focus to the page's sentence, so that a screen reader reads where one is and Tab goes on from there. */
export function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('main h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Focuses the heading whenever another page opens; not at the start, and not between tabs of one page. */
export function useHeadingFocus(route: Route): void {
  const page = placeOf(route);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    focusHeading();
  }, [page]);
}

/** Each step of the setup is a page of its own, since each has its sentence. */
function placeOf(route: Route): string {
  if (route.page === 'setup') return `${route.page} ${route.step}`;
  return 'cluster' in route ? `${route.page} ${route.cluster}` : route.page;
}
