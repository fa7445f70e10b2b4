import { longestCut } from '../agent-api/agent-api.ts';
import { recoveryBasis, recoveryEstimate } from '../fleet/recovery.ts';
import type { MemberSight } from '../fleet/sight.ts';
import { leaseRunOut } from '../lease/timing.ts';
import { line, nameOf, timeLines, type Parts, type Told } from './plan-parts.ts';

/** Time for the other member's start beyond the end of the lease, in seconds. */
const startSeconds = 20;
/** A way that is cut for so long is missed for certain by a cluster whose timing is not known yet. */
const unknownSeconds = 60;

/**
 * For how long a drill takes ways away from a member, in seconds: longer than any lease of it lasts, so that what
 * happens rests on the rules and not on luck.
 */
export function cutSeconds(member: MemberSight | null): number {
  const timing = member?.snapshot?.timing;
  if (timing === undefined) return unknownSeconds;
  return Math.min(longestCut, Math.ceil(leaseRunOut(timing).worst + startSeconds));
}

/** Level 3: the Active loses the direct way to the lease store. */
export function storeCut({ sight, active, taker, ...rest }: Parts): Told {
  const { id } = sight.cluster;
  const old = nameOf(active, 'the Active');
  const next = nameOf(taker, 'the other server');
  const seconds = cutSeconds(active);
  return {
    prose: [
      `The agent on ${old} sends nothing to the lease store any more, and hears nothing from it, for ${seconds} s. That is longer than its lease lasts.`,
      `It is expected to keep ${id} all the same: its lease is renewed through ${next}, or it goes on while ${next} has promised not to take over. No sender sees anything.`,
      `The agent gives the way back by its own clock after ${seconds} s, also when this console is closed or the agent is started anew.`,
    ],
    expectation: { bestMs: 0, worstMs: 0, basis: `${id} stays where it is` },
    lines: [
      line('cut', 'Lease store', `not reached directly from ${old}`),
      line('stays', 'Active', `${old} all the time`),
      line('healed', 'The way back', `given back by the agent on ${old} itself`),
      line('loss', 'Messages', 'none lost, order kept'),
      ...timeLines({ sight, active, taker, ...rest }, null),
      line('ready', 'Can it fail over', `${id} can fail over again`),
    ],
    steps: [
      `Lease store cut off from ${old}`,
      `${id} kept while it was`,
      'The way is back',
      `${id} can fail over again`,
    ],
  };
}

/** Level 3: the Active loses lease store and peer at once, as if its cable were pulled. */
export function cutOff(parts: Parts): Told {
  const { sight, active, taker } = parts;
  const { id } = sight.cluster;
  const old = nameOf(active, 'the Active');
  const next = nameOf(taker, 'the other server');
  const seconds = cutSeconds(active);
  const estimate = recoveryEstimate(sight, active ?? undefined);
  return {
    prose: [
      `The agent on ${old} neither reaches the lease store nor ${next} for ${seconds} s, as if its cable were pulled. Its lease runs out, and its engine is stopped before that; ${next} takes over once the lease has certainly run out.`,
      `Senders wait meanwhile, and send again what was not acknowledged. A message may reach a destination twice if its acknowledgement was lost when the engine was stopped.`,
      `The agent gives both ways back by its own clock after ${seconds} s, also when this console is closed or the agent is started anew. ${id} stays on ${next} afterwards, Active and protected, until somebody moves it back.`,
    ],
    expectation: {
      bestMs: estimate?.bestMs ?? null,
      worstMs: estimate?.worstMs ?? null,
      basis: estimate === null ? 'no timing is known yet' : recoveryBasis(estimate),
    },
    lines: [
      line('cut', `Ways of ${old}`, 'lease store and the other member not reached'),
      line('takes', 'Takeover', `${next} is Active under a higher epoch`),
      line('healed', 'The ways back', `given back by the agent on ${old} itself`),
      line('loss', 'Messages', 'no acknowledged one lost, order kept'),
      ...timeLines(parts, estimate),
      line('ready', 'Can it fail over', `${id} can fail over again`),
    ],
    steps: [
      `${old} cut off`,
      `${id} taken over by ${next}`,
      'The ways are back',
      `${id} can fail over again`,
    ],
  };
}
