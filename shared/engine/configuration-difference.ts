/** Files of one engine's configuration as they were read: SHA-256 by path below its working directory. */
export interface ConfigurationListing {
  readonly files: ReadonlyMap<string, string>;
  /** Why it is not whole, as a clause; null: it is. */
  readonly lack: string | null;
}

/** What differs between the members of a cluster, by name. */
export interface ConfigurationDifference {
  /** How many files are the same. */
  readonly same: number;
  readonly changed: readonly string[];
  /** Only the first has them. */
  readonly missing: readonly string[];
  /** Only the other has them. */
  readonly surplus: readonly string[];
}

/** A server's own licence belongs to it: two that are right differ. */
const ofServer = /(^|\/)IguanaLicense[^/]*$/;

/** Compares the configuration of `first`, whose is the right one, with that of the other member. Pure. */
export function configurationDifference(
  first: ConfigurationListing,
  other: ConfigurationListing,
): ConfigurationDifference {
  const own = (files: ReadonlyMap<string, string>) =>
    [...files.keys()].filter((path) => !ofServer.test(path));
  const both = own(first.files).filter((path) => other.files.has(path));
  const changed = both.filter((path) => first.files.get(path) !== other.files.get(path));
  return {
    same: both.length - changed.length,
    changed: changed.toSorted(),
    missing: own(first.files)
      .filter((path) => !other.files.has(path))
      .toSorted(),
    surplus: own(other.files)
      .filter((path) => !first.files.has(path))
      .toSorted(),
  };
}

export function isSameConfiguration({ changed, missing, surplus }: ConfigurationDifference): boolean {
  return changed.length + missing.length + surplus.length === 0;
}

/** More would not be read. */
const toldFiles = 60;

/** Every file that differs, as people read it; `first` and `other` are the members' names. Pure. */
export function differenceWords(
  { changed, missing, surplus }: ConfigurationDifference,
  { first, other }: { readonly first: string; readonly other: string },
): string[] {
  const lines = [
    ...changed.map((path) => `${path} differs`),
    ...missing.map((path) => `${path} is only on ${first}`),
    ...surplus.map((path) => `${path} is only on ${other}`),
  ];
  const more = lines.length - toldFiles;
  return more > 0 ? [...lines.slice(0, toldFiles), `and ${more} more files`] : lines;
}

/** `3 files differ, 1 is missing, 2 are surplus`, of the other member. Pure. */
export function differenceSum({ changed, missing, surplus }: ConfigurationDifference): string {
  const count = (number: number, one: string, many: string) =>
    number === 0 ? [] : [number === 1 ? `1 file ${one}` : `${number} files ${many}`];
  return [
    ...count(changed.length, 'differs', 'differ'),
    ...count(missing.length, 'is missing', 'are missing'),
    ...count(surplus.length, 'is surplus', 'are surplus'),
  ].join(', ');
}
