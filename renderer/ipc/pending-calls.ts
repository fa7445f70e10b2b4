import type { CallOutcome } from '../../shared/console-ipc/envelope.ts';
import { productError } from '../../shared/errors.ts';

/** Runs `task` after `delayMs`; returns the function that cancels it. */
export type Later = (task: () => void, delayMs: number) => () => void;

/** Calls that wait for their outcome. Each settles exactly once: by its answer, its time limit or a broken connection. */
export interface PendingCalls {
  /** Adds a call under a new id, which `send` puts on the wire. */
  add(name: string, send: (id: number) => void): Promise<CallOutcome>;
  settle(id: number, outcome: CallOutcome): void;
  /** The connection broke: nobody will answer these. */
  settleAll(outcome: CallOutcome): void;
}

/** `limitMs`: how long the answer to a call of this name may take. */
export function createPendingCalls(later: Later, limitMs: (name: string) => number): PendingCalls {
  const pending = new Map<
    number,
    { readonly resolve: (outcome: CallOutcome) => void; readonly cancelTimeout: () => void }
  >();
  let nextId = 1;

  function settle(id: number, outcome: CallOutcome): void {
    const entry = pending.get(id);
    if (!entry) return;
    pending.delete(id);
    entry.cancelTimeout();
    entry.resolve(outcome);
  }

  return {
    add(name, send) {
      const id = nextId++;
      const withinMs = limitMs(name);
      return new Promise((resolve) => {
        const tooLate = () => settle(id, hostGone(`No answer to ${name} within ${withinMs / 1000} s.`));
        pending.set(id, { resolve, cancelTimeout: later(tooLate, withinMs) });
        send(id);
      });
    },
    settle,
    settleAll(outcome) {
      for (const id of [...pending.keys()]) settle(id, outcome);
    },
  };
}

/** What was asked may or may not have happened: the code that says so, never "failed". */
export function hostGone(message: string): CallOutcome {
  return { ok: false, error: productError('server.timeout', message) };
}
