import type { CutFacts } from '../agent-api/member-snapshot.ts';

/** What is known of the other server and the storage, one sentence each. */
export function cutSentences({ trouble, other }: CutFacts): string[] {
  return [
    ...(trouble === null ? [] : [`Nobody can be cut off from the storage: ${trouble}.`]),
    ...(other === null ? [] : otherSentences(other)),
  ];
}

function otherSentences({ name, epoch, outcome, wallTime, seen, notLetIn }: NonNullable<CutFacts['other']>) {
  const since = `since the takeover with epoch ${epoch}, at ${wallTime}`;
  const done = {
    'under-way': `${name} is being cut off from the storage.`,
    cut: `${name} is cut off from the storage ${since}: ${seen}.`,
    'not-cut': `${name} could not be cut off from the storage at the takeover with epoch ${epoch}: ${seen}.`,
  }[outcome];
  const next =
    notLetIn === null
      ? 'It is let in again by itself once it is heard as Passive, with its engine stopped.'
      : `It could not be let in again: ${notLetIn}. This is tried every 30 s.`;
  return outcome === 'under-way' ? [done] : [done, next];
}
