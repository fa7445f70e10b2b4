import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';

/**
 * Why the store refuses this member whatever the state of the lease is, as the end of a sentence; null for refusals
 * that are part of normal life.
 *
 * @param T this member's own lease length in seconds
 */
export function standingRefusal(answer: LeaseAnswer, T: number): string | null {
  if (answer.result !== 'refused') return null;
  switch (answer.why) {
    case 'lease-too-long': {
      const longest = answer.view?.longestT;
      const known = longest === undefined ? 'shorter ones only' : `at most T = ${longest} s`;
      return `it refuses a lease of T = ${T} s, it knows ${known}: give the witness the present site document`;
    }
    case 'lease-length-missing':
      return 'it refuses a request that does not tell T: this agent must be updated';
    case 'not-durable':
      return 'it has no usable record of this cluster: it must be seeded, or its disk must take writes again';
    case 'retired':
      return 'it is retired: another lease store takes its place';
    default:
      return answer.view === null ? `it refuses: ${answer.why}` : null;
  }
}
