/** Which processes of this server hold what belongs to the engine, as one look saw it. */
export interface Occupancy {
  readonly ports: readonly HeldPort[];
  /** Processes that have the engine's journal open for writing. */
  readonly journalWriters: readonly number[];
  /** Processes of the engine's unit; null: not known. */
  readonly unit: readonly number[] | null;
}

export interface HeldPort {
  /** `API` or the name of a listener. */
  readonly name: string;
  readonly port: number;
  readonly listening: boolean;
  /** Empty while it listens: whose it is cannot be seen. */
  readonly holders: readonly number[];
}

/** Something that holds what belongs to the engine and is not of its unit. */
export interface Outsider {
  readonly pid: number;
  /** `process 4711 listens on port 6661 of ADT`. */
  readonly sentence: string;
}

/** @param journalCounts false where several servers share one kernel, so that the other's engine is seen too */
export function outsiders(seen: Occupancy, journalCounts: boolean): Outsider[] {
  const { unit } = seen;
  if (unit === null) return [];
  const foreign = (pid: number) => !unit.includes(pid);
  const listening = seen.ports.flatMap(({ name, port, holders }) =>
    holders
      .filter(foreign)
      .map((pid) => ({ pid, sentence: `process ${pid} listens on port ${port} of ${name}` })),
  );
  const writing = seen.journalWriters
    .filter((pid) => journalCounts && foreign(pid))
    .map((pid) => ({ pid, sentence: `process ${pid} has the journal of the engine open for writing` }));
  return [...listening, ...writing];
}

/** Those that were seen by two looks in a row: a process of the unit that just starts or ends is none. */
export function lastingOutsiders(before: readonly Outsider[], now: readonly Outsider[]): Outsider[] {
  return now.filter(({ sentence }) => before.some((other) => other.sentence === sentence));
}
