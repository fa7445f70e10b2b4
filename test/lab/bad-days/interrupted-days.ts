import { readFileSync } from 'node:fs';
import { unitProcesses } from '../hosts/control-group.ts';
import { bootHost, cutPower } from '../hosts/host.ts';
import type { HostName, LabLayout } from '../hosts/layout.ts';
import { signalIfThere } from '../hosts/signal.ts';
import { onHost } from '../hosts/ssh.ts';
import type { Tell } from '../site-at-work.ts';
import { halfRemoved } from './bare-hosts.ts';
import { expectDone, expectRefused, type Workstation } from './workstation.ts';

const host: HostName = 'wk-b';

/** What the transfer of a file or its placing would leave behind. */
const partsOfFiles =
  "find /var/tmp /etc /usr/lib/ixha -xdev '(' -name 'ixha-upload-*' -o -name '*.ixha-new' ')' 2>/dev/null || true";

export async function expectNoParts(lab: LabLayout, after: string): Promise<void> {
  const until = performance.now() + 20_000;
  for (;;) {
    const found = (await onHost(lab, host, partsOfFiles)).trim();
    if (found === '') return;
    if (performance.now() > until) throw new Error(`${after}: left behind: ${found}`);
  }
}

/** A disk that is full in the middle of an upload, where files are taken in and where they are placed. */
export async function proveFullDisks(lab: LabLayout, site: Workstation, tell: Tell): Promise<void> {
  for (const folder of ['/var/tmp', '/usr/lib/ixha']) {
    await onHost(lab, host, `mkdir -p ${folder} && mount -t tmpfs -o size=30m small-disk ${folder}`);
    const said = await site.site('install');
    await expectNoParts(lab, `full ${folder}`);
    await onHost(lab, host, `umount ${folder}`);
    tell(
      `${folder} full in an upload: ${expectRefused(said, 'server.disk-full', /wk-b: there is no room for /)}`,
    );
  }
  expectDone(await site.site('install'));
  tell('with room again: installed by the same command');
}

/**
 * The connection to one server is cut as each step of an installation begins there, one step more each time: every
 * time the same command goes on. Answers how often it was cut.
 */
export async function proveLostConnections(lab: LabLayout, site: Workstation, tell: Tell): Promise<void> {
  const cut: string[] = [];
  let endedAllTheSame = 0;
  for (;;) {
    const before = cut.length;
    const said = await site.site('install', [], ({ server, step }) => {
      // Before it is connected there is nothing to lose.
      if (server !== host || cut.length > before || cut.includes(step) || step.startsWith('connect')) return;
      cut.push(step);
      dropConnections(lab);
    });
    if (cut.length === before) {
      expectDone(said);
      break;
    }
    await expectNoParts(lab, cut.at(-1)!);
    // The step was its last on this server, and had nothing more to say.
    if (said.code === 0) endedAllTheSame += 1;
    else expectRefused(said, 'server.unreachable', /wk-b .* the connection broke during /);
  }
  if (cut.length < 20) throw new Error(`only ${cut.length} steps were seen`);
  tell(`connection cut at ${cut.length} steps, one after the other: each time the same command went on`);
  tell(`  of these ${endedAllTheSame} ended all the same; last step: ${cut.at(-1)}`);
}

/** The power of a server goes at two points of an installation; it boots again, and the same command goes on. */
export async function proveReboots(lab: LabLayout, site: Workstation, tell: Tell): Promise<void> {
  for (const at of ['guard ixha-guard-1@WK1', 'agent ixha-agent@WK2']) {
    let cut: Promise<void> | undefined;
    const said = await site.site('install', [], ({ server, step }) => {
      if (server === host && step.startsWith(at)) cut ??= cutPower(lab, host);
    });
    if (cut === undefined) throw new Error(`no step ${at}`);
    await cut;
    if (said.code === 0) throw new Error(`the installation ended although ${host} was off`);
    tell(`power cut at “${at}…”: ${said.errors.map(({ code }) => code).join(', ')}`);
    await bootHost(lab, host);
  }
  expectDone(await site.site('install'));
  tell('booted again: installed by the same command, one Active in each cluster');
}

/** A half-removed agent is put back by the same command. */
export async function proveHalfRemoved(lab: LabLayout, site: Workstation, tell: Tell): Promise<void> {
  await onHost(lab, host, halfRemoved);
  const { changed } = expectDone(await site.site('install'));
  tell(`half-removed agent: put back by an installation, ${changed.length} changes`);
}

/** Ends what sshd runs for its callers; the listener stays. */
function dropConnections(lab: LabLayout): void {
  for (const pid of unitProcesses(lab, host, 'ssh.service')) {
    if (commandOf(pid).startsWith('sshd: root')) signalIfThere(pid, 'SIGKILL');
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
