import { pause } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { bothWays, cut, enforce, heal, type Cut } from '../hosts/cuts.ts';
import { delayPath } from '../hosts/delay.ts';
import { memberHosts } from '../hosts/layout.ts';
import { setLink } from '../hosts/network.ts';
import { switchOver } from '../site/console-command.ts';
import type { Scenario, Stage } from './scenario.ts';
import {
  agentUnit,
  leaseAndMoreMs,
  signalRunning,
  staysActive,
  waitForNewProcess,
  witnessUnit,
} from './steps.ts';

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

export const peerLinkOneWay: Scenario = {
  name: 'peer-link-cut-one-way',
  fault: 14,
  does: 'drop everything from WK1’s Active to its Passive, then only the other direction',
  expected: 'nothing moves',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut(stage) {
    const { lab, wk1, first, other } = stage;
    await cut(lab, first(wk1), other(wk1), 'drop', 'one');
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
    await heal(lab);
    await cut(lab, other(wk1), first(wk1), 'drop', 'one');
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
    'active-isolated-one-way',
    14,
    'drop everything that WK1’s Active sends to its peer and the witness; what they send arrives',
    'drop',
    'one',
  ),
  isolated(
    'active-isolated-refused',
    14,
    'refuse (RST, unreachable) all between WK1’s Active and its peer and the witness',
    'reject',
    'both',
  ),
];

export const cablePulled: Scenario = {
  name: 'cable-pulled',
  fault: 14,
  does: 'pull the cable of WK1’s Active: peer, witness and balancer are gone',
  expected: 'it stops by itself, the other server takes over; WK2 stays',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut({ lab, wk1, first, other, waitForActive }) {
    await setLink(lab, first(wk1), 'down');
    await waitForActive(wk1, other(wk1));
    await pause(1_000);
  },
};

export const passiveCutOff: Scenario = {
  name: 'passive-cut-off',
  fault: 13,
  does: 'switch WK2 to WK1’s Active, then cut the server that is Passive for both from everything but the balancer',
  expected: 'nothing moves, the Actives tell it',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first', 'other'] },
  told: 'nothing',
  tells: [/does not answer here, so whether it could take over is not known/],
  async carryOut(stage) {
    const { lab, wk1, wk2, first, other, waitForActive } = stage;
    await switchOver(lab, wk2, other(wk2));
    await waitForActive(wk2, other(wk2));
    await cut(lab, other(wk1), first(wk1));
    await cut(lab, other(wk1), 'wit');
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
  },
};

export const linkFlaps: Scenario = {
  name: 'link-flaps',
  fault: 31,
  does: 'cut WK1’s Active from its peer for 1 s in every 2 s, and from the witness for 0.7 s, ten times',
  expected: 'shorter than a lease: nothing moves',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  async carryOut({ lab, wk1, first, other }) {
    const peer = bothWays(first(wk1), other(wk1));
    const store = bothWays(first(wk1), 'wit');
    for (let turn = 0; turn < 10; turn += 1) {
      await enforce(lab, [...peer, ...store]);
      await pause(700);
      await enforce(lab, peer);
      await pause(300);
      await enforce(lab, []);
      await pause(1_000);
    }
  },
};

/** Preset normal must bear what a bad network does; the scenario's cluster is WK2. */
function badNetwork(name: string, does: string, make: (stage: Stage) => Promise<void>): Scenario {
  return {
    name,
    fault: 18,
    subject: 'WK2',
    does,
    expected: 'preset normal does not move',
    held: true,
    journeys: { WK1: /./, WK2: ['first'] },
    told: 'nothing',
    carryOut: make,
  };
}

export const badNetworks: readonly Scenario[] = [
  badNetwork(
    'delay-and-jitter',
    'delay all between WK2’s agents and to the witness by 100 ± 80 ms in each direction, for 40 s',
    async (stage) => {
      const { lab, wk2, undo } = stage;
      for (const host of memberHosts)
        undo(
          await delayPath(lab, host, [...memberHosts.filter((name) => name !== host), 'wit'], {
            meanMs: 100,
            jitterMs: 80,
          }),
        );
      await staysActive(stage, wk2, 40_000);
    },
  ),
  badNetwork(
    'loss-of-30-percent',
    'lose 30 % of all frames between WK2’s Active, its peer and the witness, in both directions, for 60 s',
    async (stage) => {
      const { lab, wk2, first, other } = stage;
      await cut(lab, first(wk2), 'wit', { lossPercent: 30 });
      await cut(lab, first(wk2), other(wk2), { lossPercent: 30 });
      await staysActive(stage, wk2, 60_000);
    },
  ),
  badNetwork(
    'half-open-connections',
    'cut the members from the witness and from each other while the witness and the agent of WK2’s Passive are killed and started anew: the others hold connections that nobody knows any more',
    async (stage) => {
      const { lab, wk2, other } = stage;
      const restarted = [
        { host: 'wit', unit: witnessUnit },
        { host: other(wk2), unit: agentUnit(wk2) },
      ] as const;
      for (const host of memberHosts) await cut(lab, host, 'wit');
      await cut(lab, 'wk-a', 'wk-b');
      for (const { host, unit } of restarted) {
        const before = unitProcesses(lab, host, unit);
        signalRunning(stage, host, unit, 'SIGKILL');
        await waitForNewProcess(stage, host, unit, before);
      }
      await heal(lab);
      await staysActive(stage, wk2, leaseAndMoreMs(wk2));
    },
  ),
  badNetwork(
    'bursts-of-loss',
    'lose everything between WK2’s Active and the two others for 3 s, six times in 36 s',
    async (stage) => {
      const { lab, wk2, first, other } = stage;
      const watched = staysActive(stage, wk2, 36_000);
      for (let turn = 0; turn < 6; turn += 1) {
        await cut(lab, first(wk2), 'wit');
        await cut(lab, first(wk2), other(wk2));
        await pause(3_000);
        await heal(lab);
        await pause(2_800);
      }
      await watched;
    },
  ),
];
