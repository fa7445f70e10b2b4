/** A stretch of time in boot milliseconds, both ends included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One engine process as its own record shows it. */
export interface EngineRun {
  readonly pid: number;
  /** Times it proved to be running; a frozen process leaves a gap. */
  readonly stretches: readonly Stretch[];
  readonly pollers: readonly Stretch[];
}

/** Records come every 50 ms; a pause beyond this means that the process made no step. */
export const gapMs = 300;

interface Line {
  readonly at: number;
  readonly pid: number;
  readonly poller?: string;
  readonly phase?: 'start' | 'end';
}

/**
 * Reads the record an engine writes of itself: which process ran when, and what its pollers did. Every
 * line proves that the process was running. The last line may be cut off by a kill and is left out then.
 */
export function readRecord(text: string): EngineRun[] {
  const runs = new Map<number, Line[]>();
  for (const row of text.split('\n')) {
    const line = parse(row);
    if (!line) continue;
    const lines = runs.get(line.pid);
    if (lines) lines.push(line);
    else runs.set(line.pid, [line]);
  }
  return [...runs.entries()].map(([pid, lines]) => ({
    pid,
    stretches: joined(lines.map((line) => ({ from: line.at, to: line.at }))),
    pollers: pollerRuns(lines),
  }));
}

/** Milliseconds during which both sides ran. */
export function overlapMs(one: readonly Stretch[], other: readonly Stretch[]): number {
  let sum = 0;
  for (const a of one) {
    for (const b of other) sum += Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
  }
  return Math.round(sum);
}

/** How many runs of one side's poller met a run of the other side's. */
export function meetings(one: readonly Stretch[], other: readonly Stretch[]): number {
  return one.filter((a) => other.some((b) => a.from <= b.to && b.from <= a.to)).length;
}

/** What of the stretches lies after an instant. */
export function since(stretches: readonly Stretch[], from: number): Stretch[] {
  return stretches.filter((one) => one.to >= from).map((one) => ({ ...one, from: Math.max(one.from, from) }));
}

function joined(points: readonly Stretch[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const point of points) {
    const last = stretches.at(-1);
    if (last && point.from - last.to <= gapMs) stretches[stretches.length - 1] = { ...last, to: point.to };
    else stretches.push(point);
  }
  return stretches;
}

/** A run without an end was cut short by a kill: it lasted as long as its process gave signs. */
function pollerRuns(lines: readonly Line[]): Stretch[] {
  const lastSign = lines.at(-1)?.at ?? 0;
  const open = new Map<string, number>();
  const runs: Stretch[] = [];
  for (const { at, poller, phase } of lines) {
    if (poller === undefined) continue;
    const from = open.get(poller);
    if (phase === 'start') open.set(poller, at);
    else if (from !== undefined && open.delete(poller)) runs.push({ from, to: at });
  }
  return [...runs, ...[...open.values()].map((from) => ({ from, to: lastSign }))];
}

function parse(row: string): Line | undefined {
  try {
    const line = JSON.parse(row) as Line;
    return Number.isFinite(line.at) && Number.isInteger(line.pid) ? line : undefined;
  } catch {
    return undefined;
  }
}
