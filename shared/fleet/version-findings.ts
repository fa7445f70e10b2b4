import type { Finding } from './finding.ts';

interface Versioned {
  readonly name: string;
  readonly productVersion: string;
}

/** Agents of one site that run different versions, in words; null: all run the same. Pure. */
export function versionWords(
  found: readonly Versioned[],
): Pick<Finding, 'severity' | 'title' | 'text'> | null {
  const agents = found.toSorted((one, other) => one.name.localeCompare(other.name));
  const versions = [...new Set(agents.map(({ productVersion }) => productVersion))];
  if (versions.length < 2) return null;
  const told = versions.map((version) => {
    const names = agents.filter(({ productVersion }) => productVersion === version).map(({ name }) => name);
    return `${version} on ${[...new Set(names)].join(' and ')}`;
  });
  return {
    severity: 'warn',
    title: `Agents run different versions: ${told.join(', ')}`,
    text: 'They work together and a failover is possible, but an upgrade has not reached all of them. Run it again: npm run site -- upgrade FILE.',
  };
}
