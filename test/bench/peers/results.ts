/** What the outside saw of one event. */
export interface EventResult {
  readonly contender: string;
  readonly event: string;
  readonly downMs: number;
  readonly downAfterMs: number;
  readonly moves: number;
  /** Milliseconds with two engines running. */
  readonly overlapMs: number;
  /** Load of the machine when it began. */
  readonly load: number;
}

/** What one restart of the engine by its service manager cost, before the contender was set up. */
export interface EngineAloneResult {
  readonly contender: string;
  readonly downMs: number;
  readonly load: number;
}

/** Memory of a contender's processes on one host, in kilobytes. */
export interface MemoryResult {
  readonly contender: string;
  readonly host: string;
  readonly rssKb: number;
  readonly pssKb: number;
  readonly anonymousKb: number;
}

export interface PeersResult {
  readonly contenders: readonly {
    readonly name: string;
    readonly title: string;
    readonly kind: 'product' | 'peer';
  }[];
  readonly events: readonly { readonly name: string; readonly title: string }[];
  readonly holdMs: number;
  readonly results: readonly EventResult[];
  /** Missing in results from before it was measured. */
  readonly engineAlone?: readonly EngineAloneResult[];
  readonly memory: readonly MemoryResult[];
  /** What could not be measured, in words. */
  readonly missing: readonly string[];
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly count: number;
}

/** Null without values. The median of an even number is the mean of the middle two. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const half = (sorted.length - 1) / 2;
  return {
    min: sorted[0]!,
    median: (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2,
    max: sorted.at(-1)!,
    count: sorted.length,
  };
}

export function resultsOf(all: readonly EventResult[], contender: string, event: string): EventResult[] {
  return all.filter((one) => one.contender === contender && one.event === event);
}

/** An earlier result with the contenders of a later one put in their places, in the order of `names`. Pure. */
export function withLater(earlier: PeersResult, later: PeersResult, names: readonly string[]): PeersResult {
  const again = new Set(later.contenders.map(({ name }) => name));
  const kept = <One extends { readonly contender: string }>(all: readonly One[]) =>
    all.filter(({ contender }) => !again.has(contender));
  const contenders = [...earlier.contenders.filter(({ name }) => !again.has(name)), ...later.contenders];
  const events = new Map([...earlier.events, ...later.events].map((event) => [event.name, event]));
  return {
    ...later,
    contenders: contenders.sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name)),
    events: [...events.values()],
    results: [...kept(earlier.results), ...later.results],
    engineAlone: [...kept(earlier.engineAlone ?? []), ...(later.engineAlone ?? [])],
    memory: [...kept(earlier.memory), ...later.memory],
    missing: [
      ...earlier.missing.filter((told) => !later.contenders.some(({ title }) => told.startsWith(title))),
      ...later.missing,
    ],
  };
}
