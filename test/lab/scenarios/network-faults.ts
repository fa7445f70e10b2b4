import { pause } from '../hosts/command.ts';
import { cut, type Cut } from '../hosts/cuts.ts';
import type { Scenario } from './scenario.ts';
import { leaseAndMoreMs, staysActive } from './steps.ts';

export const peerLinkCut: Scenario = {
  name: 'peer-link-cut',
  fault: 11,
  does: 'cut the link between the members; both reach the witness',
  expected: 'nothing moves, both tell it',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/does not answer here, so whether it could take over is not known/],
  async carryOut(stage) {
    const { lab, wk1, first, other } = stage;
    await cut(lab, first(wk1), other(wk1));
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
  },
};

/** The Active is cut off from both others in some way: it stops itself, the peer takes over. */
function isolated(
  name: string,
  fault: number,
  does: string,
  how: Cut['how'],
  direction: 'one' | 'both',
  core?: true,
): Scenario {
  return {
    name,
    fault,
    does,
    expected: 'it stops by itself, the other server takes over; WK2, whose Passive is cut off, stays',
    ...(core ? { core } : {}),
    held: true,
    journeys: { WK1: ['first', 'other'], WK2: ['first'] },
    told: 'failover',
    tells: [/has run out without a renewal/],
    async carryOut({ lab, wk1, first, other, waitForActive }) {
      await cut(lab, first(wk1), other(wk1), how, direction);
      await cut(lab, first(wk1), 'wit', how, direction);
      await waitForActive(wk1, other(wk1));
      await pause(2_000);
    },
  };
}

export const isolations: readonly Scenario[] = [
  isolated(
    'active-isolated',
    12,
    'cut WK1’s Active from its peer and the witness; the balancer still reaches it',
    'drop',
    'both',
    true,
  ),
  isolated(
    'active-isolated-refused',
    14,
    'refuse (RST, unreachable) all between WK1’s Active and its peer and the witness',
    'reject',
    'both',
  ),
];
