import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause, run, until } from '../hosts/command.ts';
import { cutPower } from '../hosts/host.ts';
import type { HostName } from '../hosts/layout.ts';
import { failShare } from '../hosts/share-errors.ts';
import { signalShare } from '../hosts/shared-directory.ts';
import { onHost } from '../hosts/ssh.ts';
import { ixha, ixhaExitCode, switchOverWords } from '../site/console-command.ts';
import type { LabCluster } from '../site/lab-site.ts';
import type { Scenario, Stage } from './scenario.ts';
import { agentUnit, checkRefused, leaseAndMoreMs, signalRunning, staysActive, staysDown } from './steps.ts';

export const storageHangs: Scenario = {
  name: 'storage-hangs-on-the-active',
  fault: 24,
  does: 'WK1’s shared directory hangs on its Active for 12 s, which is three leases',
  expected: 'renewals go on, it is told, nothing moves; messages wait and go on afterwards',
  held: true,
  nobodyCan:
    'the storage of the Active answers nothing for 12 s, and a move by rule would not be sure to help',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/its storage cannot be proven any more/],
  async carryOut({ lab, wk1, first, waitForWords }) {
    signalOrThrow(lab, first(wk1), wk1, 'SIGSTOP');
    const hung = performance.now();
    await waitForWords(wk1, /its storage cannot be proven any more/);
    await pause(Math.max(0, 12_000 - (performance.now() - hung)));
  },
};

export const storageGone: Scenario = {
  name: 'storage-gone-on-the-active',
  fault: 24,
  does: 'take WK1’s shared directory from its Active (open files fail from then on) and kill its engine',
  expected: 'no start without proof of the storage: handed over to the server that has it',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    signalOrThrow(lab, first(wk1), wk1, 'SIGKILL');
    await onHost(lab, first(wk1), `systemctl kill --signal=KILL ${wk1.unit} || true`);
    await waitForActive(wk1, other(wk1));
  },
};

export const storageReadOnly: Scenario = {
  name: 'storage-read-only-on-the-active',
  fault: 24,
  does: 'WK1’s shared directory turns read-only on its Active, also for files that are open (EROFS)',
  expected:
    'its engine ends by itself; where the storage must be proven first it is not started, else its restarts are used up: handed over to the server that has the storage',
  journeys: { WK1: /^first( → first){0,2} → other$/, WK2: ['first'] },
  told: 'failover',
  // Which of the two depends on who has proven the storage under this epoch: this agent, or one before it.
  tells: [/is mounted read-only|the engine died 3 times within ten minutes/],
  async carryOut({ lab, wk1, first, other, undo, waitForActive }) {
    undo(await failShare(lab, first(wk1), wk1.share, 'EROFS'));
    await waitForActive(wk1, other(wk1));
  },
};

export const storageStale: Scenario = {
  name: 'storage-stale-on-the-active',
  fault: 24,
  does: 'WK1’s mount is stale on its Active, ESTALE to all that is asked, open files included; once it is told, kill its engine',
  expected:
    'its engine lives and refuses messages: told by name, and left to a person; when it has died, handed over to the server that has the storage',
  journeys: { WK1: /^first( → first){0,2} → other$/, WK2: ['first'] },
  told: 'failover',
  tells: [/is a stale mount/],
  async carryOut(stage) {
    const { lab, wk1, first, other, undo, waitForWords, waitForActive } = stage;
    undo(await failShare(lab, first(wk1), wk1.share, 'ESTALE'));
    await waitForWords(wk1, /its storage cannot be proven any more: .* is a stale mount/);
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    await waitForActive(wk1, other(wk1));
  },
};

export const noStorageNoStart: Scenario = {
  name: 'taker-without-storage',
  fault: 24,
  does: 'WK1’s shared directory hangs on its Passive; cut the power of its Active; let the directory go on later',
  expected: 'nothing is started until the storage is proven; then the other server takes over',
  held: true,
  nobodyCan: 'the only server that is left has no storage until the lab gives it back',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    signalOrThrow(lab, other(wk1), wk1, 'SIGSTOP');
    await pause(1_000);
    await cutPower(lab, first(wk1));
    await staysDown(stage, wk1, 2 * leaseAndMoreMs(wk1));
    signalOrThrow(lab, other(wk1), wk1, 'SIGCONT');
    await waitForActive(wk1, other(wk1));
  },
};

export const unfitTarget: Scenario = {
  name: 'switchover-to-an-unfit-target',
  fault: 32,
  does: 'WK1’s shared directory hangs on its Passive; ask for a switchover there',
  expected: 'refused with the reason; the Active is not touched',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  async carryOut(stage) {
    const { lab, wk1, other } = stage;
    signalOrThrow(lab, other(wk1), wk1, 'SIGSTOP');
    const told = async () => (await ixhaExitCode(lab, ['status', wk1.id])) === 1;
    await until('the Passive told as unfit', told, { deadlineMs: 30_000, everyMs: 500 });
    await checkRefused(stage, wk1, other(wk1), /storage|share/i);
    await staysActive(stage, wk1, 1_000);
  },
};

export const targetStepHangs: Scenario = {
  name: 'target-loses-storage-in-a-switchover',
  fault: 33,
  does: 'WK1’s shared directory hangs on its Passive, and a switchover there is asked for before anybody can know',
  expected: 'the step at the target ends at its limit; rolled back to the old Active, all of it told',
  held: true,
  journeys: { WK1: ['first', 'first'], WK2: ['first'] },
  told: 'operation',
  async carryOut({ lab, wk1, first, other, check, waitForActive }) {
    signalOrThrow(lab, other(wk1), wk1, 'SIGSTOP');
    const { code, stdout, stderr } = await ixha(lab, switchOverWords(wk1, other(wk1)));
    const said = (stdout + stderr).trim();
    check(
      'ixha says how it ended',
      code === 1 && /did not take over|rolled back/.test(said),
      said.slice(-300),
    );
    await waitForActive(wk1, first(wk1));
  },
};

export const wrongStorage: Scenario = {
  name: 'wrong-storage-mounted',
  fault: 24,
  does: 'give WK1’s shared directory the mark of another cluster and cut the power of its Active; put it right later',
  expected: 'told by name on both; nothing is started on the wrong storage; then the other server takes over',
  held: true,
  nobodyCan: 'the storage is the wrong one on both servers until the lab puts it right',
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/belongs to lab WK9/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, waitForWords, undo } = stage;
    const mark = shared(stage, wk1, '.ixha/identity');
    const right = readFileSync(mark, 'utf8');
    undo(() => writeFileSync(mark, right));
    writeFileSync(mark, 'lab WK9\n');
    await waitForWords(wk1, /belongs to lab WK9/);
    await cutPower(lab, first(wk1));
    await staysDown(stage, wk1, leaseAndMoreMs(wk1) + 3_000);
    writeFileSync(mark, right);
    await waitForActive(wk1, other(wk1));
  },
};

export const storageFull: Scenario = {
  name: 'storage-full',
  fault: 21,
  does: 'fill WK1’s shared directory for 10 s, for both servers',
  expected: 'told by name; a move would not help, so nothing moves; messages are refused, none is lost',
  held: true,
  nobodyCan: 'the storage is full for both servers',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/is full/],
  async carryOut(stage) {
    const { wk1, undo, waitForWords } = stage;
    const filler = shared(stage, wk1, 'filler');
    undo(() => rmSync(filler, { force: true }));
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M', 'count=200']);
    await run('dd', ['if=/dev/zero', `of=${filler}-rest`, 'bs=512', 'count=20000']);
    undo(() => rmSync(`${filler}-rest`, { force: true }));
    await waitForWords(wk1, /is full/);
    await pause(5_000);
  },
};

export const lateWriter: Scenario = {
  name: 'late-writer',
  fault: 25,
  does: 'write to WK1’s shared directory as the agent of its Passive would if it still thought that it serves',
  expected: 'told as a conflict, with who it was; nothing moves',
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  tells: [/Somebody wrote to the storage under an older generation: the agent of .* still writes there/],
  async carryOut(stage) {
    const { lab, wk1, first, other, undo, waitForWords } = stage;
    // It is remembered for an hour, except by an agent that begins anew.
    undo(() => onHost(lab, first(wk1), `systemctl restart ${agentUnit(wk1)}`));
    appendFileSync(shared(stage, wk1, `.ixha/probe-${other(wk1)}`), '1.00 1\n');
    await waitForWords(wk1, /under an older generation/);
    await staysActive(stage, wk1, 1_000);
  },
};

/** A file of a cluster's shared directory, as the storage server sees it. */
function shared({ lab }: Stage, cluster: LabCluster, path: string): string {
  return join(lab.shared, cluster.share, path);
}

function signalOrThrow(
  lab: Stage['lab'],
  host: HostName,
  cluster: LabCluster,
  signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL',
): void {
  if (!signalShare(lab, host, cluster.share, signal))
    throw new Error(`${cluster.share} is not mounted on ${host}`);
}
