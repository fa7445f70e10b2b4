/**
 * What a look at a cluster's shared directory can find: a closed list, each with what it means and what to do.
 * The codes of the script that looks (resources/agent/storage.sh) stand beside them.
 */
interface VerdictMeaning {
  /** Exit code of the script; null: concluded by the agent. */
  readonly exit: number | null;
  readonly meaning: string;
  readonly next: string;
}

export const storageVerdicts = {
  fine: { exit: 0, meaning: 'The shared directory is the right one and answers.', next: 'Nothing to do.' },
  hanging: {
    exit: null,
    meaning: 'A look at the shared directory did not come back within its limit and was killed.',
    next: 'Check the storage and the network to it. The lease is kept meanwhile; nothing is started there.',
  },
  'late-write': {
    exit: null,
    meaning: 'Somebody writes there under an older generation: an engine or agent that should have ended.',
    next: 'Find that server and stop its engine, or withdraw the storage from it, before anything else.',
  },
  'not-run': {
    exit: null,
    meaning:
      'The look itself could not be made: its script could not be started or did not answer as it should.',
    next: 'Check memory and processes of this server; if they are fine, install the agent there again.',
  },
  'wrong-use': {
    exit: 2,
    meaning: 'The script that looks does not fit the agent.',
    next: 'Install the agent on this server again.',
  },
  'not-mounted': {
    exit: 10,
    meaning:
      'The directory is there, but nothing is mounted on it: a write would land on the disk of the server.',
    next: 'Mount the storage of this cluster there.',
  },
  'wrong-one': {
    exit: 11,
    meaning: 'The directory carries the mark of another cluster.',
    next: 'Correct the mount. Two clusters never share a directory.',
  },
  unreadable: {
    exit: 12,
    meaning: 'The directory answers, but what lies in it cannot be read.',
    next: 'Check the rights of the agent there.',
  },
  unwritable: {
    exit: 13,
    meaning: 'The directory can be read, but not written.',
    next: 'Check the rights of the agent there, and how the storage is exported.',
  },
  'newer-generation': {
    exit: 14,
    meaning: 'The storage belongs to a newer epoch: another member has taken it over.',
    next: 'Nothing to do here. This member must not write there any more.',
  },
  'read-only': {
    exit: 15,
    meaning: 'The storage is mounted read-only.',
    next: 'Mount it for writing. A file system that turned so by itself is damaged: check it first.',
  },
  full: {
    exit: 16,
    meaning: 'There is no room left on the storage, or no inode, or the quota is used up.',
    next: 'Make room. An engine without room cannot take messages in.',
  },
  stale: {
    exit: 17,
    meaning: 'The mount is stale: the server of the storage does not know it any more.',
    next: 'Mount the storage again on this server.',
  },
  'io-error': {
    exit: 18,
    meaning: 'The storage answers with input/output errors.',
    next: 'Check the storage itself before anything is started on it.',
  },
  disconnected: {
    exit: 19,
    meaning: 'The mount has lost what was behind it.',
    next: 'Bring the server of the storage back, then mount it again.',
  },
  unmarked: {
    exit: 20,
    meaning: 'The directory carries no mark of a cluster: it may be the empty directory below a lost mount.',
    next: 'Mount the storage of this cluster there. A new storage is marked by the installer.',
  },
  missing: {
    exit: 21,
    meaning: 'The directory does not exist on this server, or cannot be reached.',
    next: 'Check its path in the site file, and make and mount it on this server.',
  },
  'damaged-generation': {
    exit: 22,
    meaning: 'The file that says who may write there is damaged.',
    next: 'Both members tell the epoch they know (ixha status): write the higher one into .ixha/generation.',
  },
  'not-returned': {
    exit: 23,
    meaning: 'What was written there does not come back as it was written.',
    next: 'Do not use this storage. Check its caches and its mount options.',
  },
  'no-ledger': {
    exit: 24,
    meaning: 'No Active has left a queue ledger there yet.',
    next: 'Nothing to do. It is written while a member is Active.',
  },
} as const satisfies Readonly<Record<string, VerdictMeaning>>;

export type StorageVerdictCode = keyof typeof storageVerdicts;

export interface StorageVerdict {
  readonly code: StorageVerdictCode;
  /** What was seen, as a sentence without its full stop. */
  readonly seen: string;
}

/** The verdict that belongs to an exit code of the script; null: the script has no such code. */
export function verdictOfExit(exit: number | null): StorageVerdictCode | null {
  const codes = Object.keys(storageVerdicts) as StorageVerdictCode[];
  return exit === null ? null : (codes.find((code) => storageVerdicts[code].exit === exit) ?? null);
}

/** The whole of it for people: what was seen, what that means and what to do. */
export function describeStorageVerdict({ code, seen }: StorageVerdict): {
  readonly code: StorageVerdictCode;
  readonly sentence: string;
  readonly next: string;
} {
  const { meaning, next } = storageVerdicts[code];
  return { code, sentence: code === 'fine' ? meaning : `${meaning} Seen: ${seen}.`, next };
}
