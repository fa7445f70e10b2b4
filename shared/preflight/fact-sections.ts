import type { Listening } from './server-facts.ts';

export type Sections = ReadonlyMap<string, readonly string[]>;

/** Splits the output of a script that looks at a server at its `== name` lines; empty lines go. */
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

/** A row of /proc/net/tcp: local address and port in hexadecimal, state 0A is LISTEN. */
export function parseListener(line: string): Listening[] {
  const fields = line.trim().split(/\s+/);
  const local = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(fields[1] ?? '');
  if (!local || fields[3] !== '0A') return [];
  // IPv4 words are little-endian: 127.x ends in 7F. IPv6 loopback is ::1.
  const loopbackOnly =
    local[1]!.length === 8 ? local[1]!.endsWith('7F') : local[1] === `${'0'.repeat(24)}01000000`;
  const ipv6Only = isIpv6Only(local[1]!) && { ipv6Only: true as const };
  return [{ port: parseInt(local[2]!, 16), inode: fields[9] ?? '', loopbackOnly, ...ipv6Only }];
}

/** `[::]` mostly takes IPv4 too, which is not told here, and so does an address of IPv4 that is written as one of IPv6. */
function isIpv6Only(address: string): boolean {
  return address.length === 32 && !/^0{32}$|^0{16}FFFF0000/.test(address);
}
