import type { AdvisedInterface } from './answers.ts';

/** Interfaces that must be in one cluster, with what they carry together. */
interface Group {
  readonly names: readonly string[];
  readonly load: number;
}

export interface SuggestedCluster {
  readonly names: readonly string[];
  /** Messages a second, counting `assumed` for each interface of unknown rate. */
  readonly load: number;
}

export interface Partition {
  /** In order of load, the busiest first. A cluster may stay empty when there are fewer groups. */
  readonly clusters: readonly SuggestedCluster[];
  /** Sets of more than one interface that stay together. */
  readonly kept: readonly (readonly string[])[];
  /** Interfaces whose rate is not known, and what each was counted as. */
  readonly unknown: { readonly count: number; readonly assumed: number };
  /** True: no other division has a smaller busiest cluster. */
  readonly isBest: boolean;
}

/** Up to so many groups every division into two is looked at: 2^15 of them. */
const exactGroups = 16;

/**
 * Divides interfaces among `count` clusters so that the busiest carries as little as possible, and what must stay in
 * order with each other stays together. Rates are finite and not negative, names differ. Pure; the order of the list
 * makes no difference to the loads.
 */
export function suggestPartition(interfaces: readonly AdvisedInterface[], count: number): Partition {
  const assumed = assumedRate(interfaces);
  const groups = groupsOf(interfaces, assumed);
  const exact = count === 2 && groups.length <= exactGroups;
  const bins = exact ? bestOfTwo(groups) : improved(greedy(groups, count));
  return {
    clusters: bins
      .map((bin) => ({ names: bin.flatMap(({ names }) => names), load: loadOf(bin) }))
      .sort((one, other) => other.load - one.load || other.names.length - one.names.length),
    kept: groups.map(({ names }) => names).filter(({ length }) => length > 1),
    unknown: { count: interfaces.filter(({ perSecond }) => perSecond === null).length, assumed },
    isBest: exact || groups.length <= count,
  };
}

/** How many sets of interfaces could be in different clusters. */
export function separableGroups(interfaces: readonly AdvisedInterface[]): number {
  return groupsOf(interfaces, 0).length;
}

/** The average of those that are known; 1 when none is, so that interfaces are counted. */
function assumedRate(interfaces: readonly AdvisedInterface[]): number {
  const known = interfaces.flatMap(({ perSecond }) => (perSecond === null ? [] : [perSecond]));
  return known.length === 0 ? 1 : known.reduce((sum, rate) => sum + rate, 0) / known.length;
}

/** Whoever names each other, also over others, is one group. The busiest first, then by name. */
function groupsOf(interfaces: readonly AdvisedInterface[], assumed: number): Group[] {
  const leader = new Map(interfaces.map(({ name }) => [name, name]));
  const find = (name: string): string => {
    let at = name;
    while (leader.get(at) !== at) at = leader.get(at)!;
    leader.set(name, at);
    return at;
  };
  for (const { name, together } of interfaces) {
    for (const other of together) if (leader.has(other)) leader.set(find(name), find(other));
  }
  const groups = new Map<string, { names: string[]; load: number }>();
  for (const { name, perSecond } of interfaces) {
    const group = groups.get(find(name)) ?? { names: [], load: 0 };
    group.names.push(name);
    group.load += perSecond ?? assumed;
    groups.set(find(name), group);
  }
  for (const { names } of groups.values()) names.sort();
  return [...groups.values()].sort(
    (one, other) => other.load - one.load || (one.names[0]! < other.names[0]! ? -1 : 1),
  );
}

type Bins = Group[][];

function loadOf(bin: readonly Group[]): number {
  return bin.reduce((sum, { load }) => sum + load, 0);
}

/** Looks at every division. Of equally good ones the one with the most equal numbers of interfaces. */
function bestOfTwo(groups: readonly Group[]): Bins {
  const [first, ...rest] = groups;
  if (first === undefined) return [[], []];
  let best: { bins: Bins; busiest: number; spread: number } | null = null;
  for (let choice = 0; choice < 2 ** rest.length; choice += 1) {
    const bins: Bins = [[first], []];
    rest.forEach((group, index) => bins[(choice >> index) & 1]!.push(group));
    const busiest = Math.max(...bins.map(loadOf));
    const spread = Math.abs(sizeOf(bins[0]!) - sizeOf(bins[1]!));
    const isBetter =
      best === null || busiest < best.busiest || (busiest === best.busiest && spread < best.spread);
    if (isBetter) best = { bins, busiest, spread };
  }
  return best!.bins;
}

function sizeOf(bin: readonly Group[]): number {
  return bin.reduce((sum, { names }) => sum + names.length, 0);
}

/** The busiest group that is left goes to the cluster that carries least. */
function greedy(groups: readonly Group[], count: number): Bins {
  const bins: Bins = Array.from({ length: count }, () => []);
  for (const group of groups) {
    const [least] = [...bins].sort(
      (one, other) => loadOf(one) - loadOf(other) || sizeOf(one) - sizeOf(other),
    );
    least!.push(group);
  }
  return bins;
}

/** Moves single groups out of the busiest cluster as long as that makes the busier of the two less busy. */
function improved(bins: Bins): Bins {
  const groups = bins.reduce((sum, { length }) => sum + length, 0);
  for (let move = 0; move < 4 * groups; move += 1) {
    const ordered = [...bins].sort((one, other) => loadOf(other) - loadOf(one));
    const [busiest, least] = [ordered[0]!, ordered.at(-1)!];
    const room = loadOf(busiest) - loadOf(least);
    const index = busiest.findIndex(({ load }) => load > 0 && load < room * (1 - 1e-9));
    if (index < 0) return bins;
    least.push(...busiest.splice(index, 1));
  }
  return bins;
}
