/**
 * One sentence for each value that is there more than once.
 *
 * @param owners whose each value is, in the same order: then the sentence names them
 */
export function repeated(what: string, values: readonly string[], owners?: readonly string[]): string[] {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(twice)].map((value) => {
    const whose = owners?.filter((_, index) => values[index] === value) ?? [];
    return `${what} ${value} is used twice${whose.length > 0 ? `: by ${whose.join(' and ')}` : ''}`;
  });
}
