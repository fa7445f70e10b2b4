import { readFileSync } from 'node:fs';
import { until } from './hosts/command.ts';
import { freezeHost, signalUnit, thawHost, unitProcesses } from './hosts/control-group.ts';
import { cut, heal, type Cut } from './hosts/cuts.ts';
import { bootHost, cutPower } from './hosts/host.ts';
import { address, hostNames, memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { setLink } from './hosts/network.ts';
import { signalShare } from './hosts/shared-directory.ts';
import { onHost, tryOnHost } from './hosts/ssh.ts';
import { engineHosts, engineRuns } from './judge/observe.ts';
import { overlapMs } from './judge/records.ts';
import type { Check } from './judge/verdict.ts';
import { labClusters } from './site/lab-site.ts';
import { installEngines } from './site/provision.ts';

/**
 * Whether the lab itself does what scenarios rely on: a fault that is not really made, or not really
 * undone, would let every scenario pass, and so would a judge that sees nothing. Runs on hosts without the product.
 */
export async function checkLab(lab: LabLayout): Promise<Check[]> {
  return [
    ...(await freshHost(lab)),
    ...(await cutsAndHeals(lab)),
    ...(await freezes(lab)),
    ...(await shares(lab)),
    ...(await powerCut(lab)),
    ...(await twoEngines(lab)),
  ];
}

/** Without the product nothing keeps two engines apart: the judge has to see them. */
async function twoEngines(lab: LabLayout): Promise<Check[]> {
  const [wk1] = labClusters;
  await installEngines(lab);
  const both = memberHosts.map((host) => onHost(lab, host, `systemctl start ${wk1.unit}`));
  await Promise.all(both);
  const overlap = () => {
    const [one, other] = memberHosts.map((host) =>
      engineRuns(lab, wk1, host).flatMap((run) => run.stretches),
    );
    return overlapMs(one!, other!);
  };
  await until('two engines', () => overlap() > 0, { deadlineMs: 10_000 }).catch(() => undefined);
  return [
    seen('two engines at once are seen in their records', overlap() > 0, `${overlap()} ms`),
    seen('and from outside', engineHosts(lab, wk1).length === 2, engineHosts(lab, wk1).join(' ')),
  ];
}

const wantedServices = ['dbus.service', 'ssh.service', 'systemd-journald.service'];

async function freshHost(lab: LabLayout): Promise<Check[]> {
  const list = await Promise.all(
    hostNames.map((host) =>
      onHost(lab, host, 'systemctl list-units --type=service --state=running --plain --no-legend'),
    ),
  );
  const odd = list.flatMap((text, index) =>
    text
      .split('\n')
      .flatMap((line) => line.split(' ')[0] || [])
      .filter((unit) => !wantedServices.includes(unit) && !/^(user@|session-)/.test(unit))
      .map((unit) => `${hostNames[index]} ${unit}`),
  );
  return [seen('a new host runs nothing unasked', odd.length === 0, odd.join(', ') || 'nothing')];
}

async function cutsAndHeals(lab: LabLayout): Promise<Check[]> {
  const checks: Check[] = [];
  const ways: readonly (readonly [string, Cut['how'], 'one' | 'both'])[] = [
    ['dropped', 'drop', 'both'],
    ['refused', 'reject', 'both'],
    ['dropped one way', 'drop', 'one'],
  ];
  for (const [word, how, direction] of ways) {
    await cut(lab, 'wk-a', 'wk-b', how, direction);
    await cut(lab, 'outer', 'wit', how === 'reject' ? 'reject' : 'drop', direction);
    checks.push(seen(`wk-a to wk-b is ${word}`, !(await reaches(lab, 'wk-a', 'wk-b')), 'no connection'));
    checks.push(seen(`wk-a to lb is open meanwhile`, await reaches(lab, 'wk-a', 'lb'), 'connected'));
    await heal(lab);
    const healed = (await reaches(lab, 'wk-a', 'wk-b')) && (await reaches(lab, 'wk-b', 'wk-a'));
    const outside = (await tryOnHost(lab, 'wit', 'true')).code === 0;
    checks.push(seen(`heal ends what was ${word}, everywhere`, healed && outside, 'connected again'));
  }
  await setLink(lab, 'wk-a', 'down');
  checks.push(seen('a pulled cable cuts', !(await reaches(lab, 'wk-b', 'wk-a')), 'no connection'));
  await setLink(lab, 'wk-a', 'up');
  checks.push(seen('a plugged cable connects', await reaches(lab, 'wk-b', 'wk-a'), 'connected'));
  return checks;
}

async function freezes(lab: LabLayout): Promise<Check[]> {
  await freezeHost(lab, 'wk-b');
  const kernel = await reaches(lab, 'wk-a', 'wk-b');
  const program = (await tryOnHost(lab, 'wk-b', 'true', 1_500)).code === 0;
  thawHost(lab, 'wk-b');
  const back = (await tryOnHost(lab, 'wk-b', 'true')).code === 0;
  await onHost(lab, 'wk-b', 'systemd-run --quiet --unit=lab-sleep sleep 600');
  const [pid] = unitProcesses(lab, 'wk-b', 'lab-sleep.service');
  signalUnit(lab, 'wk-b', 'lab-sleep.service', 'SIGSTOP');
  const isStopped = () => /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  const stopped = await until('stopped', isStopped, { deadlineMs: 2_000, everyMs: 10 }).then(
    () => true,
    () => false,
  );
  signalUnit(lab, 'wk-b', 'lab-sleep.service', 'SIGKILL');
  await onHost(lab, 'wk-b', 'systemctl reset-failed lab-sleep.service || true');
  return [
    seen('a frozen host’s kernel answers, its programs do not', kernel && !program, `${kernel} ${program}`),
    seen('a thawed host goes on', back, String(back)),
    seen('one process of a host is frozen by its unit', stopped, String(stopped)),
  ];
}

async function shares(lab: LabLayout): Promise<Check[]> {
  await onHost(lab, 'wk-a', 'echo one > /share/wk1/probe');
  const common = (await onHost(lab, 'wk-b', 'cat /share/wk1/probe')).trim() === 'one';
  signalShare(lab, 'wk-a', 'wk1', 'SIGSTOP');
  const hangs = (await tryOnHost(lab, 'wk-a', 'cat /share/wk1/probe', 1_500)).code !== 0;
  const otherWorks = (await tryOnHost(lab, 'wk-a', 'ls /share/wk2', 3_000)).code === 0;
  signalShare(lab, 'wk-a', 'wk1', 'SIGCONT');
  const resumes = (await tryOnHost(lab, 'wk-a', 'cat /share/wk1/probe')).code === 0;
  signalShare(lab, 'wk-a', 'wk1', 'SIGKILL');
  const gone = await tryOnHost(lab, 'wk-a', 'cat /share/wk1/probe');
  const peerWorks = (await tryOnHost(lab, 'wk-b', 'rm /share/wk1/probe')).code === 0;
  return [
    seen('a shared directory is one directory', common, String(common)),
    seen('it hangs for one host and one cluster alone', hangs && otherWorks && resumes, 'and goes on'),
    seen('it is cut for one host alone', gone.code !== 0 && peerWorks, gone.stderr.trim()),
  ];
}

async function powerCut(lab: LabLayout): Promise<Check[]> {
  await onHost(lab, 'wk-a', 'echo kept > /data/synced; sync; echo lost > /data/unsynced');
  await cutPower(lab, 'wk-a');
  const silent = !(await reaches(lab, 'wk-b', 'wk-a'));
  await bootHost(lab, 'wk-a');
  const files = (await onHost(lab, 'wk-a', 'ls /data')).split('\n');
  const share = (await tryOnHost(lab, 'wk-a', 'ls /share/wk1')).code === 0;
  const lostOnly = files.includes('synced') && !files.includes('unsynced');
  return [
    seen('a host without power is silent', silent, String(silent)),
    seen('a power cut loses what was not synced, and only that', lostOnly, files.filter(Boolean).join(' ')),
    seen('a boot brings a cut shared directory back', share, String(share)),
  ];
}

/** Whether a connection to the other host's ssh port is made; one second is long on one machine. */
async function reaches(lab: LabLayout, from: HostName, to: HostName): Promise<boolean> {
  const probe = `timeout 1 bash -c '</dev/tcp/${address(lab, to)}/22'`;
  return (await tryOnHost(lab, from, probe, 5_000)).code === 0;
}

function seen(what: string, ok: boolean, text: string): Check {
  return { what, ok, seen: ok ? text : `not so (${text})` };
}
