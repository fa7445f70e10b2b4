import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { insideHost, memberHosts } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import type { Scenario, Stage } from './scenario.ts';
import { agentUnit, staysActive } from './steps.ts';

/** In the order in which they are put on; the last turns go to and fro every half second. */
const offsets = [
  '+5m',
  '-5m',
  '+365d',
  '-365d',
  ...Array.from({ length: 6 }, (_, at) => (at % 2 ? '-1y' : '+1y')),
];
const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
/** Read by the programs of a host at every question for the time; a shared path of the host. */
const clockFile = '/var/lib/lab-clock';

export const wallClockJumps: Scenario = {
  name: 'wall-clock-jumps',
  fault: 19,
  subject: 'WK2',
  does: 'move the wall clock of both agents of WK2 by ± 5 minutes and ± 1 year, then to and fro; their certificates included',
  expected: 'no effect on lease, deadline and role: nothing moves',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  async carryOut(stage) {
    const { lab, wk2, first, other, check } = stage;
    await putClockOn(stage);
    for (const [host, sign] of [
      [first(wk2), 1],
      [other(wk2), -1],
    ] as const)
      check(`the agent on ${host} has the other clock`, await hasLibrary(stage, host), String(sign));
    for (const offset of offsets) {
      for (const host of memberHosts) writeFileSync(insideHost(lab, host, clockFile), `${offset}\n`);
      await staysActive(stage, wk2, offset.endsWith('y') ? 500 : 5_000);
    }
  },
};

/** Both agents of WK2 start anew under a clock that a file moves; undone by a third start. */
async function putClockOn({ lab, wk2, undo }: Stage): Promise<void> {
  for (const host of memberHosts) {
    const folder = insideHost(lab, host, `/etc/systemd/system/${agentUnit(wk2)}.d`);
    const restart = `systemctl daemon-reload && systemctl restart ${agentUnit(wk2)}`;
    undo(async () => {
      rmSync(folder, { recursive: true, force: true });
      rmSync(insideHost(lab, host, clockFile), { force: true });
      await onHost(lab, host, restart);
    });
    mkdirSync(folder, { recursive: true });
    writeFileSync(insideHost(lab, host, clockFile), '+0\n');
    const environment = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    const lines = Object.entries(environment).map(([name, value]) => `Environment=${name}=${value}\n`);
    writeFileSync(join(folder, 'lab-clock.conf'), `[Service]\n${lines.join('')}`);
    await onHost(lab, host, restart);
    await pause(1_500);
  }
}

async function hasLibrary({ lab, wk2 }: Stage, host: (typeof memberHosts)[number]): Promise<boolean> {
  if (unitProcesses(lab, host, agentUnit(wk2)).length === 0) return false;
  const maps = `cat /proc/$(systemctl show ${agentUnit(wk2)} -p MainPID --value)/maps | grep -c faketime || true`;
  return Number((await onHost(lab, host, maps)).trim()) > 0;
}
