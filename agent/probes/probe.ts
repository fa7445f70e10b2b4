import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { Fact } from '../../shared/failover/member-facts.ts';
import { fail, type Result } from '../../shared/result.ts';

/** One thing that is looked at again and again on its own clock; it never blocks the loop and never overlaps itself. */
export interface Probe<Value> {
  /** The newest finding: a value, or unknown with why. Older than `staleMs`, a value counts as unknown. */
  fact(nowMs: number): Fact<Value>;
  /** Answers when a look has ended that began after this call: one that is under way proves nothing about now. */
  lookNow(): Promise<void>;
  /** Forgets what was found, for example after a change that makes it meaningless. */
  forget(why: string): void;
  close(): void;
}

export interface ProbeOptions<Value> {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly everyMs: () => number;
  readonly staleMs: number;
  readonly look: () => Promise<Result<Value, string>>;
  readonly onLook: () => void;
  /** Takes what `onLook` threw, which ends neither the agent nor the looking. */
  readonly onBroken?: (error: unknown) => void;
}

/** A look that breaks is a finding too: an exception here would end the agent. */
async function lookSafely<Value>(look: () => Promise<Result<Value, string>>): Promise<Result<Value, string>> {
  try {
    return await look();
  } catch (error) {
    return fail(`the look itself failed: ${String(error)}`);
  }
}

function tellLook({ onLook, onBroken }: Pick<ProbeOptions<unknown>, 'onLook' | 'onBroken'>): void {
  try {
    onLook();
  } catch (error) {
    onBroken?.(error);
  }
}

export function startProbe<Value>(options: ProbeOptions<Value>): Probe<Value> {
  const { clock, timers } = options;
  let value: Value | null = null;
  let why: string | undefined = 'not looked at yet';
  let atMs = clock.bootMs();
  let under: Promise<void> | null = null;
  let following: Promise<void> | null = null;
  let timer: CancelTimer | null = null;
  let generation = 0;
  let closed = false;

  async function look(): Promise<void> {
    const mine = generation;
    const found = await lookSafely(options.look);
    // A look that began before `forget` saw a world that no longer counts.
    if (closed || mine !== generation) return;
    atMs = clock.bootMs();
    value = found.ok ? found.value : null;
    why = found.ok ? undefined : found.error;
    tellLook(options);
  }

  function begin(): Promise<void> {
    timer?.();
    timer = null;
    under = look().finally(() => {
      under = null;
      if (!closed) timer = timers.after(timers.untilBeat(options.everyMs()), () => void lookNow());
    });
    return under;
  }

  function lookNow(): Promise<void> {
    if (under === null) return begin();
    following ??= under.then(() => {
      following = null;
      // Somebody else who waited for the same look may have begun the next one already.
      return under ?? begin();
    });
    return following;
  }

  void begin();
  return {
    fact(nowMs) {
      const ageMs = Math.max(0, nowMs - atMs);
      if (value !== null && ageMs > options.staleMs) {
        return { value: null, ageMs, why: `no finding for ${(ageMs / 1000).toFixed(1)} s` };
      }
      return why === undefined ? { value, ageMs } : { value, ageMs, why };
    },
    lookNow,
    forget(reason) {
      generation += 1;
      value = null;
      why = reason;
      atMs = clock.bootMs();
    },
    close() {
      closed = true;
      timer?.();
    },
  };
}
