/** Breadth first through every state that can be reached; the first violation found has the shortest trace. */
import { StateSet } from './state-set.ts';

export interface Exploration<State> {
  readonly states: number;
  readonly moves: number;
  /** False: the limit was reached before every state was seen. */
  readonly complete: boolean;
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
  /** States picked evenly over the run, for the check that the cluster comes back. */
  readonly sample: readonly State[];
}

export interface Search<State> {
  /** Equal texts behave alike. */
  readonly key: (state: State) => string;
  readonly expand: (state: State, emit: (move: string, next: State) => void) => void;
  readonly violationOf: (before: State, after: State) => string | null;
  /** Nothing more can go wrong from here. */
  readonly finished: (state: State) => boolean;
  readonly maxStates: number;
  /** Every how many states one is sampled; 0: none. */
  readonly sampleEvery: number;
}

export function search<State>(first: State, how: Search<State>): Exploration<State> {
  const seen = new StateSet();
  const paths = new Paths();
  const sample: State[] = [];
  let moves = 0;
  let found: { what: string; at: number } | null = null;
  let layer: { state: State; at: number }[] = [{ state: first, at: paths.add(-1, 'start') }];
  seen.add(how.key(first));
  while (layer.length > 0 && found === null && seen.size < how.maxStates) {
    const next: typeof layer = [];
    for (const { state, at } of layer) {
      how.expand(state, (move, reached) => {
        if (found !== null || seen.size >= how.maxStates) return;
        moves += 1;
        if (!seen.add(how.key(reached))) return;
        const there = paths.add(at, move);
        const what = how.violationOf(state, reached);
        if (what !== null) found = { what, at: there };
        if (how.sampleEvery > 0 && seen.size % how.sampleEvery === 0) sample.push(reached);
        if (!how.finished(reached)) next.push({ state: reached, at: there });
      });
    }
    layer = next;
  }
  const end = found as { what: string; at: number } | null;
  return {
    states: seen.size,
    moves,
    complete: end === null && seen.size < how.maxStates,
    violation: end === null ? null : { what: end.what, trace: paths.trace(end.at) },
    sample,
  };
}

/** How each state was first reached: the state before it and the move, by number. */
class Paths {
  private readonly before: number[] = [];
  private readonly move: number[] = [];
  private readonly words: string[] = [];
  private readonly numbers = new Map<string, number>();

  add(before: number, move: string): number {
    let number = this.numbers.get(move);
    if (number === undefined) {
      number = this.words.push(move) - 1;
      this.numbers.set(move, number);
    }
    this.before.push(before);
    return this.move.push(number) - 1;
  }

  trace(end: number): string[] {
    const words: string[] = [];
    for (let at = end; at > 0; at = this.before[at]!) words.push(this.words[this.move[at]!]!);
    return words.reverse();
  }
}
