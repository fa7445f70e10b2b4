import type { Patience } from './ask-site.ts';

export interface UpgradeLimits {
  /** Until a cluster can fail over, before the first server is touched. */
  readonly first: Patience;
  /** The same between two restarts: a restarted member may have to wait out a lease time. */
  readonly between: Patience;
  /** Until a restarted part is as well as before. */
  readonly health: Patience;
  /** The same for a guard, which beats ten times a second and has nothing to begin with. */
  readonly guard: Patience;
}

/** Long enough for the slowest timing preset: a member that has just started waits up to 46 s before it is fit. */
export const upgradeLimits: UpgradeLimits = {
  first: { withinMs: 5_000, steadyMs: 0, betweenMs: 150 },
  between: { withinMs: 120_000, steadyMs: 0, betweenMs: 150 },
  health: { withinMs: 90_000, steadyMs: 2_000, betweenMs: 150 },
  guard: { withinMs: 90_000, steadyMs: 1_000, betweenMs: 150 },
};
