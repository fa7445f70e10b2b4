import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';
import type { RevocationFile } from './revocations.ts';

/** The list among the durable state of a program. */
export function durableRevocations(stateFolder: string, files: Files): RevocationFile {
  const path = join(stateFolder, 'revocations.json');
  return {
    read: () => {
      const kept = readDurable(path, files);
      if (kept.ok && typeof kept.value === 'string') return kept.value;
      if (kept.ok) throw new Error(`${path} holds something else`);
      if (kept.error.kind === 'missing') return undefined;
      throw new Error(kept.error.why);
    },
    write: (text) => writeDurable(path, text, files),
  };
}

/** The list in the profile folder of a workstation, which only the console writes. */
export function profileRevocations(profile: string): RevocationFile {
  const path = join(profile, 'revocations.txt');
  return {
    read: () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
    write: () => {
      throw new Error(`${path} is written by the console only`);
    },
  };
}
