/**
 * Seeds that once failed, with what they found. A change of the world changes what a seed lives through, so each
 * finding has a test in ring 1 as well; the seed stays as one more history to go through.
 */
export const regressionSeeds: readonly { readonly seed: number; readonly found: string }[] = [];
