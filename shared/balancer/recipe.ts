/** A configuration that people put on a balancer of their own. */
export interface BalancerRecipe {
  readonly files: readonly RecipeFile[];
  /** What to do with them, in order. */
  readonly steps: readonly string[];
  /** What the product cannot do with this balancer, and what that costs. Never empty. */
  readonly limits: readonly RecipeLimit[];
}

export interface RecipeFile {
  /** Such as `haproxy, for the site clinic`. */
  readonly title: string;
  /** Where it belongs. */
  readonly place: string;
  readonly text: string;
}

export interface RecipeLimit {
  readonly what: string;
  readonly costs: string;
}

/** True of every balancer that is not set up by the console. */
export const notSetUpByUs: RecipeLimit = {
  what: 'The console does not sign in there: it cannot see whether this configuration is the one at work, and a change of the site does not reach it.',
  costs:
    'That senders reach the Active after a failover is not promised until it was verified from outside; verify it again after every change of listeners, servers or clusters.',
};

/** Never two Actives, and no loss, whatever a balancer does: said once, so that nobody fears more than is true. */
export const notAtStake =
  'Never at stake: that only one engine of a cluster runs, and what it has acknowledged. Both rest on lease, guards and storage, not on the balancer.';
