import type { CopyFacts } from '../agent-api/member-snapshot.ts';
import { formatSpan } from '../fleet/age.ts';

/** Said wherever the guarantee matters. */
export const noLossNotMet =
  'The no-loss guarantee is not met: what is written after the last complete copy is lost with the server of the Active.';

/** What is known of copying, one sentence each, without what has to be done about it. */
export function copySentences(copy: CopyFacts): string[] {
  return [copy.direction === 'sends' ? sent(copy) : received(copy), ...lossSentence(copy), noLossNotMet];
}

function sent({ complete, lagMs, unsentBytes }: CopyFacts): string {
  if (complete === null) {
    const since = lagMs === null ? '' : ` for ${formatSpan(lagMs)}`;
    return `No copy is known to be complete on the other server${since}.`;
  }
  const grown = unsentBytes === null ? 'not known' : formatBytes(unsentBytes);
  return `The last complete copy on the other server is ${lagMs === null ? 'of unknown age' : `${formatSpan(lagMs)} old`}: ${complete.files} files, ${formatBytes(complete.bytes)}; grown since, as last read: ${grown}.`;
}

function received({ complete }: CopyFacts): string {
  if (complete === null) return 'There is no complete copy here.';
  const age = complete.agoMs === null ? 'of unknown age' : `${formatSpan(complete.agoMs)} old`;
  return `The last complete copy here is ${age}, of epoch ${complete.epoch}: ${complete.files} files, ${formatBytes(complete.bytes)}.`;
}

function lossSentence({ loss }: CopyFacts): string[] {
  if (loss === null) return [];
  switch (loss.kind) {
    case 'none':
      return ['If it took over now, nothing would be lost.'];
    case 'lag':
      return [`If it took over now, what was written in the last ${formatSpan(loss.lagMs)} may be lost.`];
    case 'unknown':
      return [`What would be lost if it took over now is not known: ${loss.why}.`];
  }
}

/** `0 B` · `812 B` · `3.1 MB`. */
function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
