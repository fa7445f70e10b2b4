import { useEffect, useReducer, useRef, useState } from 'react';
import type { ProductError } from '../../../shared/errors.ts';
import { productErrorOf } from '../../ipc/console-client.ts';

/** After an answer it rests so many times as long as that took: following the news costs a twentieth of the time at most. */
const restShare = 20;
const longestRestMs = 10_000;

export interface Following<Answer> {
  /** The newest answer, also to an earlier question; null before the first one. */
  readonly answer: Answer | null;
  /** What the answer is of; null before the first one. */
  readonly scope: string | null;
  readonly error: ProductError | null;
}

interface Asking {
  key: string;
  beat: string;
  busy: boolean;
  endedMs: number;
  tookMs: number;
}

/**
 * Asks again whenever `beat` changes, one question at a time and with a rest between: whoever reads is not held up by
 * what is written meanwhile. Another `key` is another question and is asked at once. `scope` names what a person has
 * chosen, where the key holds more than that.
 */
export function useFollowing<Answer>(
  ask: () => Promise<Answer>,
  { key, beat, scope = key }: { readonly key: string; readonly beat: string; readonly scope?: string },
): Following<Answer> {
  const asking = useRef<Asking>({ key: '', beat: '', busy: false, endedMs: 0, tookMs: 0 });
  const [following, setFollowing] = useState<Following<Answer>>({ answer: null, scope: null, error: null });
  const [turn, lookAgain] = useReducer((turns: number) => turns + 1, 0);
  useEffect(() => {
    const now = asking.current;
    const isSame = now.key === key;
    if (isSame && (now.beat === beat || now.busy)) return undefined;
    const restMs = isSame
      ? now.endedMs + Math.min(now.tookMs * restShare, longestRestMs) - performance.now()
      : 0;
    if (restMs > 0) {
      const timer = setTimeout(lookAgain, restMs);
      return () => clearTimeout(timer);
    }
    const beganMs = performance.now();
    const own: Asking = { key, beat, busy: true, endedMs: beganMs, tookMs: 0 };
    asking.current = own;
    const end = (next: (before: Following<Answer>) => Following<Answer>) => {
      // Another question was asked meanwhile: nobody waits for this answer any more.
      if (asking.current !== own) return;
      own.busy = false;
      own.endedMs = performance.now();
      own.tookMs = own.endedMs - beganMs;
      setFollowing(next);
      lookAgain();
    };
    ask().then(
      (answer) => end(() => ({ answer, scope, error: null })),
      (thrown: unknown) => end((before) => ({ ...before, error: productErrorOf(thrown) })),
    );
    return undefined;
    // What is asked is in its key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, beat, turn]);
  return following;
}
