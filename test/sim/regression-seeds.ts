/**
 * Seeds that once failed, with what they found. A change of the world changes what a seed lives through, so each
 * finding has a test in ring 1 as well; the seed stays as one more history to go through.
 */
export const regressionSeeds: readonly { readonly seed: number; readonly found: string }[] = [
  { seed: 829, found: 'an engine restarted between two looks was served with its components off' },
  { seed: 1279, found: 'an engine restarted within 15 ms was taken for the one before' },
  { seed: 1764, found: 'the judge gave the age of a finding no room for the drift of its clock' },
  { seed: 1848, found: 'the same, for an engine shown as running' },
  { seed: 68, found: 'a server of the simulation stayed dead after a freeze that ended early' },
  {
    seed: 1155,
    found: 'a store that had not heard of a raised epoch was not replaced, and granted below it',
  },
  { seed: 1477, found: 'the same' },
  { seed: 1976, found: 'the same' },
  { seed: 1899, found: 'a maintenance that outlived its lease store could not be ended at the new one' },
  {
    seed: 1173,
    found:
      'the simulated storage refused an engine restarted by hand after its epoch had grown while it served',
  },
  { seed: 1708, found: 'the same, for an engine whose epoch grew while it started' },
  {
    seed: 626,
    found: 'an epoch raised by one member was granted to the other by a store replaced without it',
  },
  {
    seed: 445,
    found: 'a server that was left out still counted on a promise whose giver had lost its state',
  },
  { seed: 1865, found: 'a promise to a server that was left out never ended' },
  { seed: 1084, found: 'a store replaced twice began below what a person had stated' },
  { seed: 5913, found: 'a store could not be joined beside a member that had lost its state' },
];
