import { must, run, tolerate } from './command.ts';
import { address, cableName, macAddress, type HostName, type LabLayout } from './layout.ts';

/** The lab's switch: a bridge with the outer machine's own address on it. */
export async function bridgeUp(lab: LabLayout): Promise<void> {
  if ((await run('ip', ['link', 'show', lab.bridge])).code === 0) return;
  const options = ['stp_state', '0', 'forward_delay', '0', 'mcast_snooping', '0'];
  await must('ip', ['link', 'add', lab.bridge, 'type', 'bridge', ...options]);
  await must('ip', ['addr', 'add', `${address(lab, 'outer')}/24`, 'dev', lab.bridge]);
  await must('ip', ['link', 'set', lab.bridge, 'up']);
}

export async function bridgeDown(lab: LabLayout): Promise<void> {
  await tolerate('ip', ['link', 'del', lab.bridge]);
  await tolerate('nft', ['delete', 'table', 'bridge', lab.table]);
}

/**
 * A new cable and network namespace, made at every boot: a namespace outlives its host, and with it
 * addresses, sockets and neighbour entries that a machine without power would not have.
 */
export async function plugIn(lab: LabLayout, host: HostName): Promise<void> {
  await unplug(lab, host);
  const name = cableName(lab, host);
  await must('ip', ['netns', 'add', name]);
  const inner = ['name', 'eth0', 'netns', name, 'address', macAddress(lab, host)];
  await must('ip', ['link', 'add', name, 'type', 'veth', 'peer', ...inner]);
  await must('ip', ['link', 'set', name, 'master', lab.bridge, 'up']);
  await must('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  await must('ip', ['-n', name, 'addr', 'add', `${address(lab, host)}/24`, 'dev', 'eth0']);
  await must('ip', ['-n', name, 'link', 'set', 'eth0', 'up']);
}

export async function unplug(lab: LabLayout, host: HostName): Promise<void> {
  await tolerate('ip', ['netns', 'del', cableName(lab, host)]);
  await tolerate('ip', ['link', 'del', cableName(lab, host)]);
}

/** Pulls or plugs the cable: the host sees the carrier go; its address stays. */
export async function setLink(lab: LabLayout, host: HostName, state: 'up' | 'down'): Promise<void> {
  await must('ip', ['link', 'set', cableName(lab, host), state]);
}
