/** `0.1.0` of `0.1.0-3f2a…`, the name of a program's folder on a server; null: no such name. Pure. */
export function productVersionOf(folder: string): string | null {
  return /^(\d+\.\d+\.\d+)(?:-|$)/.exec(folder)?.[1] ?? null;
}

/** Whether `one` is an older product version than `other`. What cannot be compared is not older. Pure. */
export function isOlder(one: string, other: string): boolean {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  if (a === null || b === null) return false;
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && a[at]! < b[at]!;
}

function numbersOf(version: string): number[] | null {
  return productVersionOf(version)?.split('.').map(Number) ?? null;
}
