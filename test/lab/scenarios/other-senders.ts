import { pause } from '../hosts/command.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import { sendWithMllpSend, sendWithNodeClient } from '../judge/independent-senders.ts';
import { frontend } from '../site/lab-site.ts';
import type { Scenario } from './scenario.ts';

export const otherSenders: Scenario = {
  name: 'other-senders',
  fault: 10,
  does: 'cut the power of WK1’s Active while node-hl7-client and mllp_send send through the balancer',
  expected: 'both see an interruption, repeat and go on; all they were told is accepted arrives',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  async carryOut({ lab, wk1, first, other, waitForActive, check, foreignArrivals }) {
    const before = await foreignArrivals();
    const target = frontend(lab, wk1);
    let enough = false;
    const sending = [sendWithNodeClient, sendWithMllpSend].map((send) => send(target, () => enough));
    try {
      await pause(3_000);
      await cutPower(lab, first(wk1));
      await waitForActive(wk1, other(wk1));
      await pause(5_000);
    } finally {
      enough = true;
      await bootHost(lab, first(wk1));
    }
    const reports = await Promise.all(sending);
    for (const { sender, accepted, repeated } of reports) {
      const seen = `${accepted.length} accepted, ${repeated} attempts repeated`;
      check(`${sender} was interrupted and went on`, accepted.length > 10 && repeated > 0, seen);
    }
    await pause(2_000);
    const arrived = (await foreignArrivals()) - before;
    const accepted = reports.reduce((sum, report) => sum + report.accepted.length, 0);
    check(
      'what they were told is accepted arrived',
      arrived >= accepted,
      `${arrived} of ${accepted} arrived`,
    );
  },
};
