import { until } from '../hosts/command.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import { switchoverThereAndBack } from './planned-changes.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Longest age of a copy when the power goes: 5 s between two copies, and what each takes on a busy machine. */
const copyAgeMs = 20_000;

const copiedSwitchover: Scenario = {
  name: 'copied-switchover',
  fault: null,
  does: 'switch WK1 over and back again, with a directory on each server that is copied',
  expected: 'each move makes a last copy after the engine has stopped: nothing is lost; WK2 stays',
  store: 'copied',
  journeys: { WK1: ['first', 'other', 'first'], WK2: ['first'] },
  told: 'operation',
  tells: [
    /the last copy is complete on .* nothing is lost/,
    /the last copy, made after the engine had stopped/,
  ],
  carryOut: (stage) => switchoverThereAndBack.carryOut(stage),
};

const copiedPowerOff: Scenario = {
  name: 'copied-power-off',
  fault: 10,
  does: 'cut the power of WK1’s Active, with a directory on each server that is copied; boot it after the failover',
  expected:
    'the other server takes over with the last complete copy: the loss is bounded by its lag, and told; the old one comes back Passive and tells what it has alone; WK2 stays',
  store: 'copied',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/may be lost/, /the last complete copy of epoch \d+, read at .* is used/],
  limit: {
    overlapMs: 0,
    pollerMeetings: 0,
    lost: 300,
    because: 'what is written after the last complete copy is lost with the server',
  },
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, waitForWords, check, journal } = stage;
    await copyThere(stage);
    await cutPower(lab, first(wk1));
    await waitForActive(wk1, other(wk1));
    const said = journal(wk1).flatMap(
      ({ sentence }) => /in the last ([0-9.]+) s before its end/.exec(sentence)?.[1] ?? [],
    );
    const lagMs = Math.max(...said.map(Number)) * 1000;
    await bootHost(lab, first(wk1));
    await waitForWords(wk1, /is not in the copy that/, 60_000);
    check(
      'the copy that is used is a young one',
      lagMs <= copyAgeMs,
      `${lagMs} ms before the end of the Active`,
    );
  },
};

/** A complete copy of the present Active lies on the other server. */
async function copyThere({ lab, wk1, other }: Stage): Promise<void> {
  const look = `grep -q ^whole /run/ixha/${wk1.id}/copied`;
  const there = async () => (await tryOnHost(lab, other(wk1), look)).code === 0;
  await until('a complete copy on the other server', there, { deadlineMs: 30_000, everyMs: 500 });
}

/** With a directory on each server that is copied; the one that may lose messages comes last. */
export const copiedFaults: readonly Scenario[] = [copiedSwitchover, copiedPowerOff];
