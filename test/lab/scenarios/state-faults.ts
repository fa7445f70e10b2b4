import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../hosts/command.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import { breakDisk, freezeDisk, thawDisk } from '../hosts/disk.ts';
import { diskOf, stateOf, type HostName } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import { ixha, switchOver } from '../site/console-command.ts';
import type { Scenario, Stage } from './scenario.ts';
import {
  agentUnit,
  firstLineWith,
  leaseAndMoreMs,
  signalRunning,
  staysActive,
  waitForGone,
} from './steps.ts';

export const stateDiskHangs: Scenario = {
  name: 'state-disk-hangs',
  fault: 22,
  does: 'every write to the disk with the agents’ state hangs on WK1’s Active; go on after the failover',
  expected: 'a stuck write never prolongs the lease: the engine is dead in time, the other server takes over',
  held: true,
  journeys: { WK1: /^first( → other)?$/, WK2: ['first'] },
  told: 'own-checks',
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    await freezeDisk(lab, first(wk1));
    // The agent writes when it decides something: a death of the engine makes it.
    await onHost(lab, first(wk1), `systemctl kill --signal=KILL ${wk1.unit}`);
    await waitForActive(wk1, other(wk1));
    await thawDisk(lab, first(wk1));
  },
};

export const stateDiskBroken: Scenario = {
  name: 'state-disk-broken',
  fault: 22,
  does: 'every access to the disk with the agents’ state fails on WK1’s Active; its engine dies, later its agent',
  expected:
    'the engine is started again; an agent that cannot read its state keeps nothing: the other server takes over',
  held: true,
  journeys: { WK1: /^first → first → other$/, WK2: ['first'] },
  told: 'failover',
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, undo } = stage;
    undo(async () => {
      await cutPower(lab, first(wk1));
      await bootHost(lab, first(wk1));
    });
    await breakDisk(lab, first(wk1));
    signalRunning(stage, first(wk1), wk1.unit, 'SIGKILL');
    await waitForGone(stage, first(wk1), wk1.unit);
    await waitForActive(wk1, first(wk1));
    signalRunning(stage, first(wk1), agentUnit(wk1), 'SIGKILL');
    await waitForActive(wk1, other(wk1));
  },
};

export const stateDiskFull: Scenario = {
  name: 'state-disk-full',
  fault: 21,
  does: 'fill the disk with the agents’ state on WK1’s Active, and kill its engine again and again',
  expected: 'the cluster is served again, here or by the other server',
  held: true,
  journeys: { WK1: /^first( → first)*( → other)?$/, WK2: ['first'] },
  told: 'own-checks',
  async carryOut(stage) {
    const { lab, wk1, first, undo } = stage;
    const filler = join(diskOf(lab, first(wk1)), 'data/filler');
    undo(() => {
      for (const end of ['', '-rest']) rmSync(`${filler}${end}`, { force: true });
    });
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M']);
    await run('dd', ['if=/dev/zero', `of=${filler}-rest`, 'bs=512']);
    await onHost(lab, first(wk1), `systemctl kill --signal=KILL ${wk1.unit}`);
    await stage.waitForAnyActive(wk1);
  },
};

/** What is done to a member's state file while its agent is away. */
interface Damage {
  readonly name: string;
  readonly does: string;
  damage(file: string): void;
}

const damages: readonly Damage[] = [
  {
    name: 'truncated',
    does: 'cut off in the middle',
    damage: (file) => writeFileSync(file, readFileSync(file).subarray(0, 90)),
  },
  {
    name: 'bit-flipped',
    does: 'with one flipped bit',
    damage: (file) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 20]! ^= 1;
      writeFileSync(file, bytes);
    },
  },
];

export const stateDamaged: readonly Scenario[] = damages.map(({ name, does, damage }): Scenario => ({
  name: `state-${name}`,
  fault: 23,
  does: `the agent of WK1’s Active dies and finds its state file ${does}`,
  expected:
    'never Active with it: the engine stops, the other server takes over; the state is rebuilt by itself',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/checksum does not fit|damaged/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive } = stage;
    await whileAgentIsAway(stage, first(wk1), (file) => damage(file));
    await waitForActive(wk1, other(wk1));
    const epochs = [first(wk1), other(wk1)].map((host) => epochOf(stateFile(lab, host)));
    stage.check(
      'no epoch went back',
      epochs.every((epoch) => epoch >= 1),
      epochs.join(', '),
    );
  },
}));

export const olderState: Scenario = {
  name: 'older-state-put-back',
  fault: 23,
  does: 'switch WK1 over and back, then put the Passive’s state of before both moves back while its agent is away',
  expected: 'it finds the higher epoch in the store and stays Passive; no epoch is used twice; nothing moves',
  held: true,
  journeys: { WK1: ['first', 'other', 'first', 'other', 'first'], WK2: ['first'] },
  told: 'operation',
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForActive, check } = stage;
    const file = stateFile(lab, other(wk1));
    const older = `${file}.of-the-lab`;
    stage.undo(() => rmSync(older, { force: true }));
    copyFileSync(file, older);
    for (const to of [other(wk1), first(wk1)]) {
      await switchOver(lab, wk1, to);
      await waitForActive(wk1, to);
    }
    await whileAgentIsAway(stage, other(wk1), () => copyFileSync(older, file));
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
    await switchOver(lab, wk1, other(wk1));
    await waitForActive(wk1, other(wk1));
    await switchOver(lab, wk1, first(wk1));
    const granted = stage
      .journal(wk1)
      .flatMap(({ sentence }) => /Lease of epoch (\d+) granted/.exec(sentence)?.[1] ?? []);
    check('no epoch was granted twice', new Set(granted).size === granted.length, granted.join(', '));
  },
};

export const clonedServer: Scenario = {
  name: 'cloned-server',
  fault: 28,
  does: 'the Passive of both finds itself on another machine: its machine id is another one',
  expected: 'refused by name on that server, a switchover there too; the Actives are not touched',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  async carryOut(stage) {
    const { lab, wk1, other, undo, waitForWords } = stage;
    const host = other(wk1);
    const restart = `systemctl restart ${agentUnit(wk1)}`;
    undo(() =>
      onHost(lab, host, `cp /root/machine-id.lab /etc/machine-id && rm /root/machine-id.lab && ${restart}`),
    );
    await onHost(
      lab,
      host,
      `cp /etc/machine-id /root/machine-id.lab && echo 0123456789abcdef0123456789abcdef > /etc/machine-id && ${restart}`,
    );
    await waitForWords(wk1, /another machine/);
    const { stdout } = await ixha(lab, ['status']);
    stage.check('ixha status names it', /another machine/.test(stdout), firstLineWith(stdout, /machine/));
    await staysActive(stage, wk1, 2_000);
  },
};

function stateFile(lab: Stage['lab'], host: HostName): string {
  return join(stateOf(lab, host), 'WK1/member.json');
}

function epochOf(file: string): number {
  const body = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[1] : undefined;
  return body === undefined ? 0 : (JSON.parse(body) as { epoch: number }).epoch;
}

/** Stops WK1's agent on a host, does something and starts it again; the engine is not touched by that. */
async function whileAgentIsAway(
  { lab, wk1 }: Stage,
  host: HostName,
  act: (file: string) => void,
): Promise<void> {
  await onHost(lab, host, `systemctl stop ${agentUnit(wk1)}`);
  act(stateFile(lab, host));
  await onHost(lab, host, `systemctl start ${agentUnit(wk1)}`);
}
