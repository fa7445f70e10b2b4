import { until } from '../hosts/command.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import { engineHosts } from '../judge/observe.ts';
import { ixha } from '../site/console-command.ts';
import type { Scenario } from './scenario.ts';
import { leaseAndMoreMs, staysDown } from './steps.ts';

export const forcedTakeover: Scenario = {
  name: 'forced-takeover',
  fault: 17,
  does: 'cut the power of the witness and of WK1’s Active at once; a person forces WK1 to the other server; boot both, then re-admit the old Active',
  expected:
    'nobody takes over by rule; after the command the other server serves; the old Active takes no part until it is re-admitted',
  held: true,
  limitMs: 180_000,
  // WK2’s Active has lost store and peer at once: it stops, and goes on where it was.
  nobodyCan: 'lease store and Active are off at once: only a person may decide',
  journeys: { WK1: ['first', 'other'], WK2: ['first', 'first'] },
  told: 'operation',
  tells: [/has forced it to take over without the lease store/],
  async carryOut(stage) {
    const { lab, wk1, wk2, first, other, check, waitForActive } = stage;
    await Promise.all([cutPower(lab, first(wk1)), cutPower(lab, 'wit')]);
    await staysDown(stage, wk1, leaseAndMoreMs(wk1));
    const words = ['--to', other(wk1), '--fence', 'power-off', '--typed-name', wk1.id, '--reason', 'lab'];
    await accepted(stage.lab, ['force-takeover', wk1.id, ...words, '--without-store']);
    await waitForActive(wk1, other(wk1));
    const notBefore = leaseAndMoreMs(wk2);
    await staysDown(stage, wk2, notBefore);
    await Promise.all([bootHost(lab, first(wk1)), bootHost(lab, 'wit')]);
    await waitForActive(wk2, first(wk2));
    const hosts = engineHosts(lab, wk1).join();
    check('one engine of WK1, where it was forced to', hosts === other(wk1), hosts);
    await accepted(lab, ['readmit', wk1.id, '--server', first(wk1), '--reason', 'lab']);
  },
};

/** Asks until it is accepted: what has to be known before is known only after a while. */
async function accepted(lab: Parameters<typeof ixha>[0], words: readonly string[]): Promise<void> {
  let said = '';
  const done = async () => {
    const { code, stdout, stderr } = await ixha(lab, words);
    said = (stdout + stderr).trim().slice(-300);
    return code === 0;
  };
  await until(`ixha ${words[0]}`, done, { deadlineMs: 60_000, everyMs: 1_000 }).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}; it said: ${said}`);
  });
}
