export type Sections = ReadonlyMap<string, readonly string[]>;

/** Splits the output of the facts script at its `== name` lines; empty lines go. */
export function splitSections(text: string): Sections {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^== ([a-z-]+)$/.exec(line)?.[1];
    if (name !== undefined) sections.set(name, (current = []));
    else if (line.trim() !== '') current.push(line);
  }
  return sections;
}

/** Groups `Key=value` lines that each begin with `Asked=NAME`. */
export function blocks(lines: readonly string[]): [string, string[]][] {
  const grouped: [string, string[]][] = [];
  for (const line of lines) {
    if (line.startsWith('Asked=')) grouped.push([line.slice('Asked='.length), []]);
    else grouped.at(-1)?.[1].push(line);
  }
  return grouped;
}

export function valueOf(block: readonly string[], key: string): string {
  return block.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
}
