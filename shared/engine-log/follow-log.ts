/**
 * Follows an engine's message log line by line and keeps of it what a verification compares. Memory grows with the
 * lines that are read, so whoever reads bounds those.
 */
import type { LoggedComponent, LoggedMessage, LoggedRun } from '../agent-api/engine-log.ts';
import type { LogLine, MessageEvent } from './log-line.ts';

/** Bounds of what is told; a log that breaks them is told up to here. */
export const toldLimits = { components: 200, messages: 5, refused: 100 } as const;

interface FollowedComponent {
  acknowledged: number;
  firstSent: LoggedMessage | null;
  last: LoggedMessage | null;
  /** The highest number that was sent; -1: none was. */
  highest: number;
  /** Taken in and not sent yet, the oldest first. */
  readonly waiting: Map<number, LoggedMessage>;
  readonly open: Map<number, LoggedMessage>;
  readonly done: Set<number>;
  readonly again: LoggedMessage[];
  readonly late: LoggedMessage[];
  readonly refused: number[];
  overtook: number;
}

/** What waited at the end of one log is sent by the engine that comes after it. */
export type Waiting = ReadonlyMap<string, ReadonlyMap<number, LoggedMessage>>;

export class LogFollower {
  private readonly components = new Map<string, FollowedComponent>();
  private head: { readonly server: string; readonly generation: number } | null = null;
  private lines = 0;
  private damagedLines = 0;
  private missedLines = 0;
  private closed = false;
  private begun = false;

  /** @param carried what waited at the end of the log before */
  constructor(carried: Waiting = new Map()) {
    for (const [name, waiting] of carried) {
      for (const [number, message] of waiting) this.component(name).waiting.set(number, message);
    }
  }

  /** @param line null: it could not be read */
  take(line: LogLine | null): void {
    this.lines += 1;
    if (line === null) {
      this.damagedLines += 1;
      return;
    }
    this.closed = line.what === 'closed';
    switch (line.what) {
      case 'opened':
      case 'continued':
        if (this.lines === 1) this.begun = line.what === 'opened';
        this.head = { server: line.server, generation: line.generation };
        return;
      case 'missed':
        this.missedLines += line.lines;
        return;
      case 'closed':
        return;
      default: {
        const { component, what, number, id, at } = line;
        note(this.component(component), what, { number, id, at });
      }
    }
  }

  /** Who wrote this is told at the beginning of the file, which is not part of what is followed. */
  takeHead(line: LogLine | null): void {
    if (line?.what === 'opened' || line?.what === 'continued') {
      this.head ??= { server: line.server, generation: line.generation };
    }
  }

  waiting(): Waiting {
    return new Map([...this.components].map(([name, { waiting }]) => [name, waiting]));
  }

  /** Null: it is not of the form that is known. */
  run({ beyond }: { readonly beyond: boolean }): LoggedRun | null {
    if (this.head === null) return null;
    const told = [...this.components].map(([name, component]) => toldOf(name, component));
    const oddFirst = told.sort(
      (one, other) => oddness(other) - oddness(one) || one.name.localeCompare(other.name),
    );
    return {
      ...this.head,
      fromBegin: this.begun,
      end: beyond ? 'beyond' : this.closed ? 'closed' : 'open',
      damaged: this.damagedLines,
      missed: this.missedLines,
      total: told.length,
      components: oddFirst.slice(0, toldLimits.components),
    };
  }

  private component(name: string): FollowedComponent {
    const known = this.components.get(name);
    if (known !== undefined) return known;
    const fresh: FollowedComponent = {
      acknowledged: 0,
      firstSent: null,
      last: null,
      highest: -1,
      waiting: new Map(),
      open: new Map(),
      done: new Set(),
      again: [],
      late: [],
      refused: [],
      overtook: 0,
    };
    this.components.set(name, fresh);
    return fresh;
  }
}

function note(component: FollowedComponent, what: MessageEvent, message: LoggedMessage): void {
  const { number } = message;
  switch (what) {
    case 'taken':
      // It may be sent before this line is written.
      if (!component.open.has(number) && !component.done.has(number)) component.waiting.set(number, message);
      return;
    case 'refused':
      component.refused.push(number);
      return;
    case 'sent':
      noteSent(component, message);
      return;
    case 'acknowledged':
      component.acknowledged += 1;
      component.open.delete(number);
      component.waiting.delete(number);
      component.done.add(number);
      component.highest = Math.max(component.highest, number);
      if (component.last === null || number > component.last.number) component.last = message;
  }
}

/** One whose acknowledgement did not come is sent until it does: that is neither twice nor late. */
function noteSent(component: FollowedComponent, message: LoggedMessage): void {
  const { number } = message;
  component.firstSent ??= message;
  if (number > component.highest && component.open.size > 0) component.overtook += 1;
  if (component.done.has(number)) component.again.push(message);
  else if (number < component.highest && !component.open.has(number)) component.late.push(message);
  component.highest = Math.max(component.highest, number);
  component.waiting.delete(number);
  component.open.set(number, message);
}

function toldOf(name: string, component: FollowedComponent): LoggedComponent {
  const { acknowledged, firstSent, last, highest, waiting, open, again, late, refused, overtook } = component;
  const few = (messages: Iterable<LoggedMessage>) => [...messages].slice(0, toldLimits.messages);
  return {
    name,
    acknowledged,
    firstSent,
    lastAcknowledged: last,
    open: few(open.values()),
    again: few(again),
    late: few(late),
    passed: few([...waiting.values()].filter(({ number }) => number < highest)),
    overtook,
    gaps: gapsOf(component),
    refused: refused.slice(-toldLimits.refused),
  };
}

/** Every number between is sent, waits or was refused: what is none of it was lost, by the log or by the engine. */
function gapsOf({ firstSent, highest, done, open, waiting, refused }: FollowedComponent): number {
  if (firstSent === null) return 0;
  const between = [...done, ...open.keys(), ...waiting.keys(), ...refused].filter(
    (number) => number >= firstSent.number && number <= highest,
  );
  return highest - firstSent.number + 1 - new Set(between).size;
}

function oddness({ again, late, passed }: LoggedComponent): number {
  return again.length + late.length + passed.length;
}
