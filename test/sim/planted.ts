/**
 * Bugs that can be planted on purpose, to see that a run finds them. Each is put in from outside the product: by a
 * port that breaks its promise, or by changing a value inside a running part. `within`: of the seeds from 1 on, at
 * least one of that many finds it.
 */
export const plantedBugs = {
  'gate-not-checked': { does: 'the service manager starts an engine without asking the gate', within: 50 },
  'guards-asleep': { does: 'no guard ever kills', within: 50 },
  'deadline-too-late': {
    does: 'the deadline handed to the guards is the end of the lease, without D and δ',
    within: 400,
  },
  'deadline-not-shut': { does: 'the deadline file stays when the gate is shut', within: 200 },
  'renewal-counted-from-receipt': {
    does: 'a renewal counts from its receipt, not from its sending',
    within: 400,
  },
  'member-does-not-fsync': {
    does: 'the disks of the members call a write durable that is not',
    within: 50,
  },
  'store-does-not-fsync': {
    does: 'the disk of the lease store calls a write durable that is not',
    within: 50,
  },
  'store-forgets-leases': { does: 'a restarted lease store treats every lease as free at once', within: 200 },
  'acknowledged-before-written': {
    does: 'the engine acknowledges a message before it is stored',
    within: 50,
  },
  'crash-spreads': { does: "an engine's crash takes the other cluster's engine with it", within: 100 },
  'store-deaf': { does: 'the lease store leaves every renewal unanswered after a while', within: 50 },
} as const satisfies Record<string, { readonly does: string; readonly within: number }>;

export type PlantedBug = keyof typeof plantedBugs;
export type Planted = ReadonlySet<PlantedBug>;

export const plantedNames = Object.keys(plantedBugs) as PlantedBug[];

export function isPlantedBug(name: string): name is PlantedBug {
  return Object.hasOwn(plantedBugs, name);
}
