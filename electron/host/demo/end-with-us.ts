/** Of a process: where one is told that it exits. */
export interface Exiting {
  once(event: 'exit', listener: () => void): unknown;
  off(event: 'exit', listener: () => void): unknown;
}

/**
 * Runs `end`, which must not wait for anything, when this process exits before it was let go: a second
 * Ctrl+C, or a mistake that nobody caught. Only a kill that cannot be caught leaves something behind, and
 * the next demo removes that. Returns the function that lets go.
 */
export function endWithUs(process: Exiting, end: () => void): () => void {
  process.once('exit', end);
  return () => process.off('exit', end);
}
