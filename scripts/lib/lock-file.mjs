// Reads package-lock.json: is it complete for every platform, and is it what node_modules holds?

/**
 * Optional packages that a locked package names but the lock does not hold. `npm ci` on the machine that would
 * need one refuses the whole lock, so a lock made on one platform must still list the siblings of all others.
 * @param {{ packages: Record<string, any> }} lock
 * @returns {string[]} sentences, empty when complete
 */
export function missingSiblings(lock) {
  const names = new Set(Object.keys(lock.packages).map(packageName));
  return Object.entries(lock.packages).flatMap(([place, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !names.has(name))
      .map((name) => `${place || 'the project'} names ${name}, which is not in the lock`),
  );
}

/**
 * Dependencies of the project that are not pinned to one version.
 * @param {Record<string, any>} manifest package.json
 */
export function unpinned(manifest) {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) =>
    Object.entries(manifest[group] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${group}: ${name} is "${version}", not one exact version`),
  );
}

/**
 * Differences between the lock and what is installed (`node_modules/.package-lock.json`, which npm writes last).
 * Optional packages may be absent: most belong to other platforms.
 * @param {{ packages: Record<string, any> }} lock
 * @param {{ packages: Record<string, any> } | undefined} installed
 * @returns {string[]} empty when `npm ci` has nothing to do
 */
export function differencesFromLock(lock, installed) {
  if (!installed) return ['nothing is installed'];
  const differences = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '') continue;
    const present = installed.packages[place];
    if (!present && !entry.optional) differences.push(`${place} is missing`);
    if (present && present.version !== entry.version) differences.push(`${place} is ${present.version}`);
  }
  for (const place of Object.keys(installed.packages)) {
    if (!(place in lock.packages)) differences.push(`${place} is not in the lock`);
  }
  return differences;
}

/** How many packages an install on this platform fetches, as the total of its progress line. */
export function expectedPackages(lock, platform, arch) {
  return Object.entries(lock.packages).filter(
    ([place, entry]) => place !== '' && allows(entry.os, platform) && allows(entry.cpu, arch),
  ).length;
}

/** `os` and `cpu` of a package: absent, one name, or a list of names or of `!name`. */
function allows(names, value) {
  const list = [names ?? []].flat();
  const refused = list.filter((name) => name.startsWith('!'));
  if (refused.length === list.length) return !refused.includes(`!${value}`);
  return list.includes(value);
}

function packageName(place) {
  return place.split('node_modules/').at(-1) ?? place;
}
