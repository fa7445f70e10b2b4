/** One acknowledged message as the sender's log tells it: boot milliseconds and the server that answered. */
export interface Acknowledgement {
  readonly at: number;
  readonly by: string;
}

/** What the acknowledgements around one event say. Pure. */
export interface GapFigures {
  /** Longest time between two acknowledgements until the fault was undone. */
  readonly downMs: number;
  /** The same after it was undone: a second gap. */
  readonly downAfterMs: number;
  /** How often another server answered than before. */
  readonly moves: number;
}

/** @param undoneMs when the fault was undone; a gap belongs to the time in which it began */
export function gapFigures(
  acknowledged: readonly Acknowledgement[],
  eventMs: number,
  undoneMs: number,
): GapFigures {
  const gaps = acknowledged.slice(1).map((next, index) => {
    const before = acknowledged[index]!;
    return { from: before.at, to: next.at, ms: next.at - before.at, moved: next.by !== before.by };
  });
  const since = gaps.filter((gap) => gap.to > eventMs);
  const longest = (some: typeof gaps) => Math.max(0, ...some.map((gap) => gap.ms));
  return {
    downMs: longest(since.filter((gap) => gap.from < undoneMs)),
    downAfterMs: longest(since.filter((gap) => gap.from >= undoneMs)),
    moves: since.filter((gap) => gap.moved).length,
  };
}

/** Reads the sender's log, or its end: a line that is cut off is left out. */
export function readAcknowledgements(text: string, sinceMs: number): Acknowledgement[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{') || !line.endsWith('}')) return [];
    const { at, by } = JSON.parse(line) as Acknowledgement;
    return at >= sinceMs ? [{ at, by }] : [];
  });
}
