interface Bug {
  readonly does: string;
  /** Of the seeds from 1 on, at least one of that many finds it. */
  readonly within: number;
  /** What it is meant to violate: found with anything else it does not count as found. */
  readonly violates: readonly Invariant[];
}
type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8';

/**
 * Bugs that can be planted on purpose, to see that a run finds them. Each is put in from outside the product: by a
 * port that breaks its promise, or by changing a value inside a running part.
 */
export const plantedBugs = {
  'gate-not-checked': {
    does: 'the service manager starts an engine without asking the gate',
    within: 50,
    violates: ['I1'],
  },
  'guards-asleep': { does: 'no guard ever kills', within: 50, violates: ['I1'] },
  'deadline-too-late': {
    does: 'the deadline handed to the guards is the end of the lease, without D and δ',
    within: 400,
    violates: ['I1'],
  },
  'deadline-not-shut': {
    does: 'the deadline file stays when the gate is shut',
    within: 200,
    violates: ['I1', 'I6'],
  },
  'renewal-counted-from-receipt': {
    does: 'a renewal counts from its receipt, not from its sending',
    within: 400,
    violates: ['I1'],
  },
  'member-does-not-fsync': {
    does: 'the disks of the members call a write durable that is not',
    within: 1_200,
    // What a member forgets is seldom dangerous by itself any more: more often it keeps a promise that was given back.
    violates: ['I1', 'I5', 'I6'],
  },
  'store-does-not-fsync': {
    does: 'the disk of the lease store calls a write durable that is not',
    within: 400,
    violates: ['I6'],
  },
  'store-forgets-leases': {
    does: 'a restarted lease store treats every lease as free at once',
    within: 200,
    violates: ['I1'],
  },
  'statement-untrue': {
    does: 'a person states that a server is off, and it is only cut off',
    within: 200,
    violates: ['I1'],
  },
  'acknowledged-before-written': {
    does: 'the engine acknowledges a message before it is stored',
    within: 50,
    violates: ['I3'],
  },
  'crash-spreads': {
    does: "an engine's crash takes the other cluster's engine with it",
    within: 100,
    violates: ['I7'],
  },
  'store-deaf': {
    does: 'the lease store leaves every renewal unanswered after a while',
    within: 50,
    violates: ['I5'],
  },
} as const satisfies Record<string, Bug>;

export type PlantedBug = keyof typeof plantedBugs;
export type Planted = ReadonlySet<PlantedBug>;

export const plantedNames = Object.keys(plantedBugs) as PlantedBug[];

export function isPlantedBug(name: string): name is PlantedBug {
  return Object.hasOwn(plantedBugs, name);
}

/** Whether a violation is one that the bug is meant to cause. */
export function showsPlanted(name: PlantedBug, violation: string | null): boolean {
  const { violates } = plantedBugs[name];
  return violates.some((invariant) => violation?.startsWith(`${invariant}: `) === true);
}
