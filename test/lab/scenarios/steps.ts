import { pause, until } from '../hosts/command.ts';
import { signalUnit, unitProcesses } from '../hosts/control-group.ts';
import type { HostName } from '../hosts/layout.ts';
import { tryOnHost } from '../hosts/ssh.ts';
import { signalIfThere } from '../hosts/signal.ts';
import { activeAnswer, engineHosts } from '../judge/observe.ts';
import { ixha, switchOverWords } from '../site/console-command.ts';
import type { LabCluster } from '../site/lab-site.ts';
import type { Stage } from './scenario.ts';

export const witnessUnit = 'ixha-witness.service';

export function agentUnit(cluster: LabCluster): string {
  return `ixha-agent@${cluster.id}.service`;
}

export function guardUnit(cluster: LabCluster, number: 1 | 2): string {
  return `ixha-guard-${number}@${cluster.id}.service`;
}

/** Longer than a lease of the cluster lasts: what was going to happen because it ran out has happened by then. */
export function leaseAndMoreMs(cluster: LabCluster): number {
  return cluster.timing === 'fast' ? 6_500 : 18_000;
}

/** Signals a unit that must be running. */
export function signalRunning({ lab }: Stage, host: HostName, unit: string, signal: NodeJS.Signals): void {
  if (signalUnit(lab, host, unit, signal) === 0) throw new Error(`${unit} does not run on ${host}`);
}

/** Kills every process of the unit that shows up, until `enough`. */
export async function killAgainAndAgain(
  { lab }: Stage,
  host: HostName,
  unit: string,
  enough: () => boolean,
  limits: { readonly deadlineMs: number; readonly everyMs: number },
): Promise<number> {
  const killed = new Set<number>();
  await until(
    `enough of killing ${unit}`,
    () => {
      for (const pid of unitProcesses(lab, host, unit)) {
        if (!killed.has(pid)) signalIfThere(pid, 'SIGKILL');
        killed.add(pid);
      }
      return enough();
    },
    limits,
  );
  return killed.size;
}

/** A unit that was killed has a new process. */
export async function waitForNewProcess(
  { lab }: Stage,
  host: HostName,
  unit: string,
  before: readonly number[],
): Promise<void> {
  const back = () => {
    const now = unitProcesses(lab, host, unit);
    return now.length > 0 && !now.some((pid) => before.includes(pid));
  };
  await until(`a new process of ${unit}`, back, { deadlineMs: 15_000, everyMs: 20 });
}

/** A guard writes down why it killed; `numbers` names the files: a guard's number, or `*` for either. */
export async function checkGuardKill(
  { lab, check }: Stage,
  cluster: LabCluster,
  host: HostName,
  wish: { readonly name: string; readonly numbers: string },
): Promise<void> {
  const kills = await tryOnHost(lab, host, `cat /run/ixha/${cluster.id}/kill-${wish.numbers}`);
  const noted = kills.stdout.trim() || kills.stderr.trim();
  check(wish.name, /^\d+ \S/m.test(kills.stdout), noted);
}

/** A switchover there is refused, and the reason is said. */
export async function checkRefused(
  { lab, check }: Stage,
  cluster: LabCluster,
  to: HostName,
  reason: RegExp,
): Promise<void> {
  const { code, stdout, stderr } = await ixha(lab, switchOverWords(cluster, to));
  const said = (stdout + stderr).trim();
  check('a switchover there is refused with the reason', code === 1 && reason.test(said), said.slice(0, 300));
}

/** What of a text is worth showing beside a check. */
export function firstLineWith(text: string, words: RegExp): string {
  const line = text.split('\n').find((one) => words.test(one));
  return line?.trim() ?? text.trim().slice(0, 200);
}

export async function waitForGone({ lab }: Stage, host: HostName, unit: string): Promise<void> {
  const gone = () => unitProcesses(lab, host, unit).length === 0;
  await until(`${unit} gone from ${host}`, gone, { deadlineMs: 15_000, everyMs: 5 });
}

/** Looks for a while whether the engine stays where it is and is offered to the balancer all the time. */
export async function staysActive(stage: Stage, cluster: LabCluster, forMs: number): Promise<void> {
  const { lab, first, check } = stage;
  const host = first(cluster);
  const end = performance.now() + forMs;
  let odd = '';
  while (performance.now() < end && odd === '') {
    const hosts = engineHosts(lab, cluster);
    const answer = await activeAnswer(lab, cluster, host);
    if (hosts.join() !== host || answer !== 200)
      odd = `engine on ${hosts.join() || 'none'}, /active ${answer ?? 'silent'}`;
    await pause(100);
  }
  check(`${cluster.id} stays Active on ${host} for ${forMs / 1000} s`, odd === '', odd || 'all the time');
}

/** Looks for a while whether no engine of the cluster runs anywhere. */
export async function staysDown(stage: Stage, cluster: LabCluster, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  let odd = '';
  while (performance.now() < end && odd === '') {
    odd = engineHosts(stage.lab, cluster).join();
    await pause(100);
  }
  stage.check(`nothing is started for ${cluster.id} for ${forMs / 1000} s`, odd === '', odd || 'nothing');
}
