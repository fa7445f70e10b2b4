import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';

/** True for a terminal, or a pipe from whoever started us; false for an input that never says anything. */
export function canBeEntered(descriptor: number): boolean {
  try {
    const input = fstatSync(descriptor);
    return isatty(descriptor) || input.isFIFO() || input.isSocket();
  } catch {
    return false;
  }
}

/**
 * Calls `onLine` for each line that is entered, until the input ends or the returned function is called.
 * An input that is closed or broken is no failure: then nobody can enter anything.
 */
export function onEnteredLine(input: Readable, onLine: () => void): () => void {
  const onData = (data: Buffer | string) => {
    const lines = data.toString().split('\n').length - 1;
    // A whole text that is piped in is one wish, not as many as it has lines.
    if (lines > 0) onLine();
  };
  input.on('error', () => undefined);
  input.on('data', onData);
  return () => {
    input.off('data', onData);
    input.pause();
  };
}
