/**
 * The one place that turns an argument array into a line for a remote POSIX shell. Everything goes
 * into single quotes, where the shell interprets nothing; a quote itself is closed, escaped, reopened.
 * Throws for a NUL byte, which no argument can carry.
 */
export function quoteArgument(argument: string): string {
  if (argument.includes('\0')) throw new Error('an argument cannot contain a NUL byte');
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** Quotes every argument and joins them. Throws for an empty array. */
export function quoteCommand(argv: readonly string[]): string {
  if (argv.length === 0) throw new Error('a command needs at least its name');
  return argv.map(quoteArgument).join(' ');
}
