import { pause, until } from '../hosts/command.ts';
import { unitProcesses } from '../hosts/control-group.ts';
import { cut } from '../hosts/cuts.ts';
import { onHost } from '../hosts/ssh.ts';
import { ixha } from '../site/console-command.ts';
import { switchEngineFault } from '../site/engine-control.ts';
import type { Scenario } from './scenario.ts';
import { checkRefused, killAgainAndAgain, signalRunning, waitForGone } from './steps.ts';

export const engineKilled: Scenario = {
  name: 'engine-killed',
  fault: 1,
  does: 'kill -9 the engine of WK1 once',
  expected: 'restarted on the same server, nothing moves',
  core: true,
  journeys: { WK1: ['first', 'first'], WK2: ['first'] },
  told: 'restart',
  tells: [/the engine died; this is local restart \d of 2/],
  async carryOut(stage) {
    const { wk1, first, waitForActive } = stage;
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    await waitForGone(stage, first(wk1), wk1.unit);
    await waitForActive(wk1, first(wk1));
  },
};

export const oneClusterBroken: Scenario = {
  name: 'one-cluster-broken',
  fault: 41,
  does: 'kill -9 the engine of WK1 each time it comes up on its server, until it is handed over',
  expected:
    'WK1 moves after its local restarts are used up, without a wait for the lease; WK2 is not touched',
  core: true,
  // Restarts of the last ten minutes count, and an earlier scenario may have used one.
  journeys: { WK1: /^first( → first){0,2} → other$/, WK2: ['first'] },
  told: 'failover',
  tells: [/the engine died \d times within ten minutes/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    const moved = () => unitProcesses(lab, other(wk1), wk1.unit).length > 0;
    await killAgainAndAgain(stage, first(wk1), wk1.unit, moved, { deadlineMs: 60_000, everyMs: 500 });
    await waitForActive(wk1, other(wk1));
  },
};

export const bothClustersMove: Scenario = {
  name: 'both-clusters-move',
  fault: 41,
  does: 'switch WK2 to WK1’s server, then cut that server off from peer and witness',
  expected: 'both clusters move to the other server, each by its own lease and preset',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first', 'other', 'first'] },
  told: 'failover',
  async carryOut({ lab, wk1, wk2, first, other, waitForActive, undo }) {
    undo(() => ixha(lab, ['allow-failover', wk2.id, '--reason', 'lab']));
    await ixha(lab, ['switchover', wk2.id, '--to', other(wk2), '--reason', 'lab']);
    await waitForActive(wk2, other(wk2));
    await cut(lab, first(wk1), other(wk1));
    await cut(lab, first(wk1), 'wit');
    await Promise.all([waitForActive(wk1, other(wk1)), waitForActive(wk2, first(wk2))]);
  },
};

export const stopRefused: Scenario = {
  name: 'engine-refuses-to-stop',
  fault: 33,
  does: 'switch WK1 over while its engine ignores SIGTERM and hangs in all it does',
  expected: 'killed when its time is over, proven dead, then the other server takes over; the steps tell it',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'operation',
  tells: [/Step stop-engine: its process is gone after/],
  async carryOut({ lab, wk1, first, other, waitForActive, check }) {
    await switchEngineFault(lab, wk1, first(wk1), 'refuse-stop', true);
    const { code, stdout, stderr } = await ixha(lab, [
      'switchover',
      wk1.id,
      '--to',
      other(wk1),
      '--reason',
      'lab',
    ]);
    check('ixha switchover says that it is done', code === 0, (stdout + stderr).trim().slice(-300));
    await waitForActive(wk1, other(wk1));
  },
};

export const stopSlowerThanK: Scenario = {
  name: 'emergency-stop-slower-than-k',
  fault: 33,
  subject: 'WK2',
  does: 'cut WK2’s Active from peer and witness while its engine takes 60 s to stop; preset normal stops gracefully first',
  expected: 'killed before the lease ends, then the other server takes over',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first', 'other'] },
  told: 'failover',
  tells: [/has run out without a renewal/],
  async carryOut({ lab, wk2, first, other, waitForActive, undo }) {
    undo(() => ixha(lab, ['allow-failover', wk2.id, '--reason', 'lab']));
    await switchEngineFault(lab, wk2, first(wk2), 'slow-stop', 60_000);
    await cut(lab, first(wk2), other(wk2));
    await cut(lab, first(wk2), 'wit');
    await waitForActive(wk2, other(wk2));
  },
};

export const engineOutsideService: Scenario = {
  name: 'engine-outside-its-service',
  fault: 7,
  does: 'start the engine’s program by hand on WK1’s Passive, beside its service; end it after a while',
  expected: 'seen and told as CONFLICT; a switchover there is refused; the Active is not touched',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  tells: [/CONFLICT on .* an engine runs outside its service/],
  async carryOut(stage) {
    const { lab, wk1, other, waitForWords, undo } = stage;
    undo(() => onHost(lab, other(wk1), 'systemctl stop lab-stray.service 2>/dev/null; true'));
    // A port of the engine's own in other hands, as the vendor's program started by cron would hold it.
    const listen = `require("net").createServer().listen(${wk1.listener.port})`;
    await onHost(
      lab,
      other(wk1),
      `systemd-run --quiet --collect --unit=lab-stray /opt/node/bin/node -e '${listen}'`,
    );
    await waitForWords(wk1, /CONFLICT on/);
    // The Active, which refuses, knows it from what its peer sends in each period.
    const told = async () => /outside its service/.test((await ixha(lab, ['status', wk1.id])).stdout);
    await until('ixha status tells it', told, { deadlineMs: 10_000, everyMs: 300 });
    await pause(1_000);
    await checkRefused(stage, wk1, other(wk1), /outside/);
    await pause(500);
  },
};
