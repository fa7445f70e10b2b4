import type { Blocker } from '../agent-api/member-snapshot.ts';
import { formatSpan } from '../fleet/age.ts';
import { clusterRole } from '../fleet/cluster-role.ts';
import { clusterVerdict, isReady } from '../fleet/cluster-verdict.ts';
import { recoveryBasis, recoveryEstimate } from '../fleet/recovery.ts';
import type { ClusterSight } from '../fleet/sight.ts';
import { line, nameOf, timeLines, type Parts, type Told } from './plan-parts.ts';

/** Level 3: a person cuts the power of the Active's server. The console asks no agent for anything; it watches. */
export function powerOff(parts: Parts, { others }: { readonly others: readonly ClusterSight[] }): Told {
  const { sight, active, taker } = parts;
  const { id } = sight.cluster;
  const old = nameOf(active, 'the Active');
  const next = nameOf(taker, 'the other server');
  const estimate = recoveryEstimate(sight, active ?? undefined);
  const expected =
    estimate === null
      ? 'How long that takes is not known here yet.'
      : `That is expected ${formatSpan(estimate.bestMs)} to ${formatSpan(estimate.worstMs)} after the power is gone (${recoveryBasis(estimate)}).`;
  return {
    prose: [
      `A person cuts the power of ${old}, or pulls every network cable of it, when this console says so. The console itself changes nothing: it watches ${id}, and measures.`,
      `${next} takes over once the lease of ${old} has certainly run out, and serves. ${expected} Senders wait meanwhile, and send again what was not acknowledged. A message may reach a destination twice if its acknowledgement was lost with the power.`,
      ...othersWords(parts, others),
      `Have at hand: somebody at ${old} or its power control, who is reached by telephone; a second way to switch it on again; this console on another machine than ${old}; the recovery kit and the printed run-book.`,
      `Agree before with those who answer for the senders and receivers of ${id}, and for everything else that runs on ${old}: a power cut can cost what was not yet on its disks. Alarms go out as at a real failure; tell those who get them. ${secondPersonWords(sight)}`,
      `Afterwards the console asks for the power again, and watches until ${old} is back as Passive. ${id} stays on ${next}, Active and protected, until somebody moves it back. If this console is closed, the agents go on by themselves.`,
    ],
    expectation: {
      bestMs: estimate?.bestMs ?? null,
      worstMs: estimate?.worstMs ?? null,
      basis: estimate === null ? 'no timing is known yet' : recoveryBasis(estimate),
    },
    lines: [
      line('cut', `Power of ${old}`, 'cut by a person, and the server is silent'),
      line('takes', 'Takeover', `${next} is Active under a higher epoch`),
      line('back', `Return of ${old}`, 'Passive again, by itself'),
      line('proof', 'Verification of the takeover', 'no line is violated', false),
      line('loss', 'Messages', 'no acknowledged one lost, order kept'),
      ...timeLines(parts, estimate),
      line('ready', 'Can it fail over', `${id} can fail over again`),
    ],
    steps: [
      `Power of ${old} cut by a person`,
      `${id} taken over by ${next}`,
      `Power of ${old} given back`,
      `${id} can fail over again`,
      'Takeover verified',
    ],
    ...(active === null ? {} : { typed: active.name }),
  };
}

/** Clusters that go with the server and could not fail over then, each with its remedy. */
export function goesAlongBlockers(
  { active }: Pick<Parts, 'active'>,
  others: readonly ClusterSight[],
): Blocker[] {
  return goingAlong(active?.server, others).flatMap((sight) => {
    const verdict = clusterVerdict(sight);
    if (isReady(verdict)) return [];
    const { id } = sight.cluster;
    return {
      code: 'goes-along',
      reason: `${nameOf(active, 'The server')} has ${id} too, or may have it: ${verdict.sentence}.`,
      remedy: `Clear that first, or move ${id} to the other server: a power cut takes every cluster of a server along.`,
    };
  });
}

/** Other clusters that are Active on this server, or of which nobody knows that they are not. */
function goingAlong(server: string | undefined, others: readonly ClusterSight[]): ClusterSight[] {
  return others.filter((sight) => {
    if (!sight.members.some((member) => member.server === server)) return false;
    const role = clusterRole(sight);
    return role.kind !== 'one' || role.active.server === server;
  });
}

/** What the power cut does to the other clusters of the server. */
function othersWords({ active }: Parts, others: readonly ClusterSight[]): string[] {
  const there = others.filter(({ members }) => members.some(({ server }) => server === active?.server));
  if (there.length === 0) return [];
  const along = goingAlong(active?.server, others);
  const moved = along.map(({ cluster }) => `${cluster.id} is taken over with it, and its senders wait too`);
  const bare = there
    .filter((sight) => !along.includes(sight))
    .map(({ cluster }) => `${cluster.id} stays where it is, and nobody could take it over meanwhile`);
  return [`Every cluster of ${nameOf(active, 'the server')} goes along: ${[...moved, ...bare].join('; ')}.`];
}

/** No agent can have a person ask a second one before pulling a plug; that somebody has agreed is left to the reason. */
function secondPersonWords({ members }: ClusterSight): string {
  const scope = members.flatMap(({ snapshot }) => snapshot?.secondPerson?.said?.scope ?? []);
  return scope.includes('planned')
    ? 'This site has a second person agree to planned moves, and no agent can ask for one here: name who has agreed in the reason.'
    : 'Name who has agreed in the reason.';
}
