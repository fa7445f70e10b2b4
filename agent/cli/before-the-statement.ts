import { createInterface } from 'node:readline/promises';
import type { Blocker, MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { twoEnginesPossible } from '../../shared/failover/rules/forced-words.ts';

/** What a member knows of the others, and what can happen if that and the statement are not true. */
export function whatIsKnown(
  { store, peer, lease, serverName }: MemberSnapshot,
  blockers: readonly Blocker[],
): string[] {
  const age = (ms: number | null) => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s ago`);
  const free =
    lease.freeInMs === null
      ? 'not known'
      : lease.freeInMs > 0
        ? `${(lease.freeInMs / 1000).toFixed(1)} s`
        : 'now';
  return [
    `What ${serverName} knows:`,
    `  lease store   ${store.reachable ? 'answers' : 'does not answer'}, last heard ${age(store.answeredMs)}`,
    `  lease         last holder ${lease.holder ?? 'nobody'}, free ${free}`,
    `  ${peer.server.padEnd(13)} ${peer.reachable ? 'answers' : 'does not answer'}, last heard ${age(peer.answeredMs)}`,
    ...blockers.map(({ reason, remedy }) => `  blocker       ${reason} ${remedy}`),
    twoEnginesPossible(peer.server),
  ];
}

/** Asks on the terminal; a script has to say it as an option. */
export async function typedName(cluster: string): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Type the name of the cluster (${cluster}) to go on: `)).trim();
  } finally {
    terminal.close();
  }
}
