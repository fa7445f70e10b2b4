/** One sentence for each value that is there more than once. */
export function repeated(what: string, values: readonly string[]): string[] {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(twice)].map((value) => `${what} ${value} is used twice`);
}
