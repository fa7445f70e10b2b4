/** Where the host writes what is of use to a person who looks for a cause. Never secrets, never messages. */
export interface HostLog {
  info(line: string): void;
  error(line: string, cause?: unknown): void;
}

/** Log lines on standard error, so that standard output carries only what a person asked for. */
export function standardErrorLog(
  write: (text: string) => void = (text) => process.stderr.write(text),
): HostLog {
  return {
    info: (line) => write(`${line}\n`),
    error: (line, cause) => write(`${line}${cause === undefined ? '' : `: ${describeCause(cause)}`}\n`),
  };
}

/** The cause of a mistake as text: an error's stack, or the value itself. */
export function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
