import { onHost } from '../hosts/ssh.ts';
import type { HostName, LabLayout } from '../hosts/layout.ts';

/**
 * Everything that a removal, or a refused installation, must leave as it was: files and folders outside of data and
 * logs, users and groups, units, processes, mounts, firewall rules, keys that are let in or known, schedules.
 */
const inventory = [
  "find /etc /usr/lib/ixha /usr/bin/ixha /var/lib/ixha /run/ixha -xdev -newer /etc/machine-id '(' -type f -o -type l ')' 2>/dev/null | grep -v -e '/etc/haproxy' -e '/etc/g\\?shadow' -e '/etc/passwd' -e '/etc/group' | sort",
  'ls -d /usr/lib/ixha /usr/bin/ixha /etc/ixha /var/lib/ixha /run/ixha /var/tmp/ixha-* 2>/dev/null',
  'cut -d: -f1 /etc/passwd /etc/group | sort',
  'find /etc/systemd/system /etc/cron* /var/spool/cron -xdev -type d 2>/dev/null | sort',
  'cat /root/.ssh/authorized_keys /root/.ssh/known_hosts /etc/ssh/ssh_known_hosts 2>/dev/null | sort',
  'nft list ruleset 2>/dev/null',
  "awk '{print $2}' /proc/mounts | grep -v -e ^/run/user -e ^/proc | sort",
  'cat /etc/haproxy/haproxy.cfg 2>/dev/null | sha256sum; systemctl is-enabled haproxy 2>/dev/null',
  "systemctl list-unit-files --no-legend 2>/dev/null | awk '{print $1}' | grep -e ixha -e iguanax | sort",
  "systemctl list-units --all --no-legend --plain 2>/dev/null | awk '{print $1}' | grep ixha",
  "pgrep -fa 'ixha' | grep -v pgrep",
].join('; echo --; ');

/** As an interrupted removal, or a person who knew better, leaves it. */
export const halfRemoved =
  'systemctl disable --now ixha-agent@WK2.service; rm -f /etc/systemd/system/ixha-agent@.service; rm -rf /usr/lib/ixha/current /etc/ixha/WK2; systemctl daemon-reload';

/** What is on each host, as text to be compared. */
export type Inventories = ReadonlyMap<HostName, string>;

export async function inventories(
  lab: LabLayout,
  hosts: readonly HostName[],
  look = inventory,
): Promise<Inventories> {
  const texts = await Promise.all(hosts.map((host) => onHost(lab, host, `(${look}) 2>&1 || true`)));
  return new Map(hosts.map((host, index) => [host, texts[index]!]));
}

/** Throws with every line that differs. */
export function expectAsBefore(before: Inventories, after: Inventories): void {
  for (const [host, text] of before) {
    if (after.get(host) !== text)
      throw new Error(`${host} is not as it was:\n${difference(text, after.get(host)!)}`);
  }
}

function difference(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ].join('\n');
}
