import type { ClusterWorld, Site } from '../cluster-world.ts';
import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

export interface Fault {
  readonly name: string;
  /** A fault of one cluster's own; the others are shared by every cluster on the machine. */
  readonly local: boolean;
  readonly weight: number;
  /** What is left of the margins of the timing is found by these. */
  readonly margins?: boolean;
  /**
   * One server is hit, and lasting it must cost no more than a move of the work to the other one: `moved`. `told`:
   * nothing is moved, but a person is told what to do.
   */
  readonly survivable?: 'moved' | 'told';
  /** Nothing comes back by itself after it. */
  readonly needsPerson?: boolean;
  readonly strike: (target: Target) => void;
}

export interface Target {
  readonly world: World;
  readonly random: Random;
  readonly cluster: ClusterWorld;
  readonly site: Site;
  readonly machine: Machine;
  /** How long it lasts. */
  readonly forMs: number;
  /** Ends it, unless everything was healed meanwhile. */
  readonly afterwards: (end: () => void) => void;
}
