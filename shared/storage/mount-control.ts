import type { MemberSnapshot, MountFacts } from '../agent-api/member-snapshot.ts';
import type { MemberFacts } from '../failover/member-facts.ts';

/**
 * The mount unit of a directory, by the name that the service manager itself insists on: `/iguana/wk-1` is mounted by
 * `iguana-wk\x2d1.mount`. Pure.
 */
export function mountUnitOf(directory: string): string {
  const path = pathWords(directory);
  return path === '' ? '-.mount' : `${[...path].map(escaped).join('')}.mount`;
}

/** A path without its first slash, and without what means nothing in it: `/iguana//wk1/` is `iguana/wk1`. Pure. */
export function pathWords(directory: string): string {
  return directory
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}

function escaped(letter: string, index: number): string {
  if (letter === '/') return '-';
  if (/[A-Za-z0-9:_.]/.test(letter) && !(index === 0 && letter === '.')) return letter;
  const code = letter.charCodeAt(0);
  const bytes = code < 0x80 ? code.toString(16).padStart(2, '0') : encodeURIComponent(letter).slice(1);
  return bytes
    .toLowerCase()
    .split('%')
    .map((byte) => `\\x${byte}`)
    .join('');
}

/**
 * Whether a member lets go of a directory that is mounted on its server: it is not Active, no process of its engine is
 * left, and nothing is about to make it Active. While the lease store can grant it the lease, or a change names it, the
 * directory stays: it would have to be mounted again at once. Pure.
 */
export function unmountDue(f: MemberFacts): boolean {
  if (f.self.mode !== undefined || !f.observedOnce || f.inherited !== null) return false;
  if (f.lease.held || f.emergency || f.engine.process.value !== 'stopped' || f.engine.outsider !== null)
    return false;
  // Whoever works there may need it: a maintenance leaves everything as people have it.
  if (f.lease.maintenance !== null) return false;
  const comesHere = f.operation !== null || f.peer.operationToUs !== null;
  const mayBeGranted = f.lease.storeReachable && (f.lease.freeInMs ?? 0) <= 0;
  return !comesHere && !mayBeGranted;
}

/** Said of a directory that nothing is mounted on, where that is right. */
export const notMountedWords = 'not mounted, as it should be on a Passive';

/** What is known of the mount that the agent governs, one sentence each. */
export function mountSentences({ unit, mounted, trouble }: MountFacts): string[] {
  const state =
    mounted === null ? 'is not known to be mounted or not' : mounted ? 'is mounted' : 'is not mounted';
  const tried = 'It is tried again every 30 s; nobody waits for it';
  return [`${unit} ${state}.`, ...(trouble === null ? [] : [`It should not be: ${trouble}. ${tried}.`])];
}

/** How long the last look at the storage took; null: not known, also where nothing was there to look at. Pure. */
export function provenInMs({ storage }: Pick<MemberSnapshot, 'storage'>): number | null {
  const { value } = storage.proven;
  return value === null || value.unmounted ? null : value.tookMs;
}
