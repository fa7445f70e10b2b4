import type { PatchedCluster, PatchStanding } from './patch-standing.ts';

/** The beginning of the reason that the journal keeps of what brings a server back. */
export function movedAway(server: string): string {
  return `patching of ${server} is over`;
}

/** Where each cluster stands, each in a few words: `WK1 is Active on ig-south, held`. */
export function standingWords({ clusters }: PatchStanding): string {
  return clusters.map((one) => `${one.sight.cluster.id} ${whereWords(one)}`).join(', ');
}

/** Where one cluster is Active, and whether it is held for the patch. */
export function whereWords({ active, member, other, held }: PatchedCluster): string {
  const kept = held === null ? '' : ', held';
  if (active === 'not-known') return `has no known Active${kept}`;
  return `is Active on ${active === 'here' ? member.name : (other?.name ?? '?')}${kept}`;
}

/** The end of a run that was not done: why, and what stands where. */
export function stoppedSentence(standing: PatchStanding, why: string): string {
  return `${why} It ended there, and nothing more was asked for: ${standingWords(standing)}.`;
}

/** The end of a run whose last step may have been done. */
export function unknownSentence(standing: PatchStanding, why: string): string {
  return `${why} Outcome unknown; nothing more was asked for. By what is seen now ${standingWords(standing)}.`;
}
