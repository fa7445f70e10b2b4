import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { Dial, DialEvents, Dialled } from './dial.ts';

/** The direct way to the lease store; the way to the peer, and through it to anybody else. */
export type CutWay = 'store' | 'peer';

/** Why nothing comes over a way that is cut. */
export const cutWords = 'a drill has taken this way away for a while';

/**
 * Ways that a drill has taken away from this member. Nothing is sent or heard on them, as if a cable were pulled, until
 * the time that was said before: this member gives them back by its own clock, whoever asked for the drill may be gone by
 * then, and an agent that starts anew has all of them.
 */
export class RehearsedCuts {
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly untilMs = new Map<CutWay, number>();
  private endHeal: CancelTimer = () => undefined;

  constructor(clock: Clock, timers: Timers) {
    this.clock = clock;
    this.timers = timers;
  }

  /** Takes the ways away from now on; `healed` is called once they are back. */
  cut(ways: readonly CutWay[], forMs: number, healed: () => void): void {
    for (const way of ways) this.untilMs.set(way, this.clock.bootMs() + forMs);
    this.endHeal();
    this.endHeal = this.timers.after(forMs, healed);
  }

  /** Judged by the clock and not by a timer: one that is late holds nothing up. */
  isCut(way: CutWay): boolean {
    return this.clock.bootMs() < (this.untilMs.get(way) ?? -Infinity);
  }

  /** One drill at a time. */
  any(): boolean {
    return this.isCut('store') || this.isCut('peer');
  }

  close(): void {
    this.endHeal();
  }
}

/** The same way of connecting, silent where a drill has taken the way away. */
export function cutDial(dial: Dial, cuts: RehearsedCuts, timers: Timers): Dial {
  return (target, events) => {
    const way: CutWay = target.expected.kind === 'witness' && target.through === undefined ? 'store' : 'peer';
    if (cuts.isCut(way)) return unanswered(target.limitMs, events, timers);
    const heard: DialEvents = {
      ...events,
      onText: (text) => {
        if (!cuts.isCut(way)) events.onText(text);
      },
    };
    const dialled = dial(target, heard);
    return {
      isOpen: () => dialled.isOpen(),
      send: (text) => {
        if (!cuts.isCut(way)) dialled.send(text);
      },
      terminate: () => dialled.terminate(),
    };
  };
}

/** An attempt that nobody answers. */
function unanswered(limitMs: number, events: DialEvents, timers: Timers): Dialled {
  let over = false;
  const end = (why: Error | null) => {
    if (over) return;
    over = true;
    if (why !== null) events.onError(why);
    events.onClose();
  };
  const limit = timers.after(limitMs, () => end(new Error(cutWords)));
  return {
    isOpen: () => false,
    send: () => undefined,
    terminate: () => {
      limit();
      timers.soon(() => end(null));
    },
  };
}
