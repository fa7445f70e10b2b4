/** Signals by which a person or the system asks a console to end. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type SignalSource = Pick<NodeJS.Process, 'on' | 'removeAllListeners'>;

/**
 * Calls `onFirst` for the first signal and `onAgain` for any after it. Listeners that libraries left
 * are removed: the settings library's temporary-file clean-up answers a signal by raising it again,
 * which would look like a second Ctrl+C and cut the orderly end short (it cleans up at exit as well).
 */
export function onEndSignals(source: SignalSource, onFirst: () => void, onAgain: () => void): void {
  let asked = false;
  for (const signal of endSignals) {
    source.removeAllListeners(signal);
    source.on(signal, () => {
      if (asked) onAgain();
      else {
        asked = true;
        onFirst();
      }
    });
  }
}
