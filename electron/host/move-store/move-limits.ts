import type { Patience } from '../upgrade/ask-site.ts';

export interface MoveLimits {
  /** Until a cluster can fail over, before anything of it is changed. */
  readonly first: Patience;
  /** Until a restarted agent is as before. */
  readonly restart: Patience;
  /** Until both members belong to the next store. */
  readonly belong: Patience;
  /** Until a lease of the next store is held and the cluster can fail over again; the next store waits T + δ first. */
  readonly lease: Patience;
}

/** Long enough for the slowest timing preset. */
export const moveLimits: MoveLimits = {
  first: { withinMs: 10_000, steadyMs: 0, betweenMs: 300 },
  restart: { withinMs: 60_000, steadyMs: 0, betweenMs: 200 },
  belong: { withinMs: 60_000, steadyMs: 0, betweenMs: 500 },
  lease: { withinMs: 180_000, steadyMs: 1_000, betweenMs: 300 },
};
