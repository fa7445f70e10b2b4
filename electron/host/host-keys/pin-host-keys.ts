import { copyFile, open, readFile, rename } from 'node:fs/promises';
import * as z from 'zod/mini';
import { pinnedKeyText } from '../ssh/host-key.ts';
import type { SeenHostKey } from './look-at-host-keys.ts';

const Raw = z.record(z.string(), z.unknown());

/**
 * Keys that were asked to be pinned: `known-hosts` means every key that known_hosts confirms, everything
 * else is a fingerprint that was compared by a person. Only servers without a pinned key are in question. Pure.
 */
export function chosenKeys(seen: readonly SeenHostKey[], wanted: readonly string[]): SeenHostKey[] {
  return seen.filter(
    ({ verdict, known, presented }) =>
      verdict === 'unknown' &&
      (wanted.includes(presented.fingerprint) || (known === 'confirmed' && wanted.includes('known-hosts'))),
  );
}

/** Writes keys into the site file as a whole; the file before is kept beside it as `FILE.previous`. */
export async function pinHostKeys(path: string, chosen: readonly SeenHostKey[]): Promise<void> {
  const file = z.parse(Raw, JSON.parse(await readFile(path, 'utf8')));
  for (const { entry, presented } of chosen) {
    const entries = z.parse(z.record(z.string(), Raw), file[entry.kind]);
    file[entry.kind] = {
      ...entries,
      [entry.id]: { ...entries[entry.id], hostKey: pinnedKeyText(presented) },
    };
  }
  await copyFile(path, `${path}.previous`);
  const fresh = await open(`${path}.new`, 'w', 0o600);
  try {
    await fresh.writeFile(`${JSON.stringify(file, null, 2)}\n`);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${path}.new`, path);
}
