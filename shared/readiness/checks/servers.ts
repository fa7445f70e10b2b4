import { ok, unknown, warning, type CheckDefinition, type Judged } from '../check.ts';
import { overSsh } from '../look.ts';
import type { SiteScene } from '../scene.ts';

const server = {
  section: 'infrastructure',
  stage: 'infrastructure',
  requires: 'instances',
  protects: ['failover'],
  every: 'monthly, and after each change of a server',
  place: 'servers',
} as const;

/** Servers of the site. */
export const serverChecks: readonly CheckDefinition[] = [
  {
    ...server,
    id: 'S01',
    title: 'Operating system, processor and C library are supported',
    why: 'The agent’s runtime and the kernel’s way to kill a whole service rest on them.',
    remedy: 'Bring the server to what docs/installation.md asks for.',
    how: overSsh(['systemd', 'architecture', 'libc']),
  },
  {
    ...server,
    id: 'S02',
    title: 'Both servers have the same system',
    why: 'A patch on one server only makes a failover the first test of the difference.',
    remedy: 'Bring both servers to the same release.',
    how: overSsh(['same-system']),
  },
  {
    ...server,
    id: 'S03',
    title: 'Both servers are of one class',
    why: 'The weaker one must carry everything after a failover.',
    remedy: 'Give both the same memory and processors.',
    how: overSsh(['same-memory']),
  },
  {
    ...server,
    id: 'S04',
    title: 'Disks have room for the agents’ state and for upgrades',
    why: 'A member that cannot write its state steps back and cannot take over.',
    remedy: 'Free space below /usr and /var.',
    how: overSsh(['disk']),
  },
  {
    ...server,
    id: 'S05',
    title: 'Clocks are right and synchronised',
    why: 'Leases do not rest on the wall clock, but certificates and journals of two servers do.',
    protects: ['failover', 'order'],
    requires: 'heartbeat',
    section: 'heartbeat',
    remedy: 'Run a time service on every server.',
    how: overSsh(['clock-right', 'clock-synchronised', 'clock-difference']),
  },
  {
    ...server,
    id: 'S06',
    title: 'Servers know each other by numeric addresses',
    why: 'A name server that fails must not take the heartbeat with it.',
    requires: 'heartbeat',
    remedy: 'Put numeric addresses into the site document.',
    every: 'at each change of the site',
    how: { by: 'agent', site: judgeAddresses },
  },
  {
    ...server,
    id: 'S07',
    title: 'Kernel and systemd fit guards and gate',
    why: 'Guards kill a whole control group; without that a fenced engine could live on.',
    protects: ['no-loss', 'order'],
    remedy: 'Use a kernel with cgroup.kill and control groups of version 2.',
    how: overSsh(['cgroup', 'boot-clock', 'systemd']),
  },
  {
    ...server,
    id: 'S08',
    title: 'Memory is free on every server',
    why: 'Under memory pressure the system ends programs, and heartbeats come late.',
    remedy: 'Free memory, or add some.',
    how: overSsh(['memory']),
  },
  {
    ...server,
    id: 'S09',
    title: 'The engine may open enough files',
    why: 'Each connection and each queue takes some; at the limit listeners stop to answer.',
    protects: ['failover', 'no-loss'],
    section: 'engine',
    remedy: 'Set LimitNOFILE=16384 in its service.',
    how: overSsh(['engine-open-files']),
  },
  {
    ...server,
    id: 'S10',
    title: 'Members share no hypervisor host, power feed or switch',
    why: 'What both share takes both away at once.',
    remedy: 'Ask the infrastructure team, and keep members apart by a rule of the hypervisor.',
    every: 'twice a year',
    how: { by: 'person', asks: 'site', validDays: 180 },
  },
  {
    ...server,
    id: 'S11',
    title: 'No automatic restart of both servers at the same hour',
    why: 'Two servers that patch themselves at night are both away then.',
    remedy: 'Set different maintenance windows for the members.',
    every: 'twice a year',
    how: { by: 'person', asks: 'site', validDays: 180 },
  },
  {
    ...server,
    id: 'S12',
    title: 'Snapshots and live migration of the members are known and agreed',
    why: 'A virtual machine that is paused longer than its lease loses it, and may write until it notices.',
    protects: ['failover', 'no-loss', 'order'],
    remedy: 'Agree with the infrastructure team when members may be paused, and note it.',
    every: 'twice a year',
    how: { by: 'person', asks: 'site', validDays: 180 },
  },
];

/** Every address of the document is numeric by its form; the product reads no other one. */
function judgeAddresses({ document }: SiteScene): Judged {
  const addresses = document.servers.map(({ name, address }) => `${name} ${address}`);
  const twice = document.servers.filter(
    ({ address }, index) => document.servers.findIndex((other) => other.address === address) !== index,
  );
  if (document.servers.length === 0) return unknown('The site document names no server');
  if (twice.length > 0 && document.loadBalancer.kind !== 'demo') {
    return warning(`${twice.map(({ name }) => name).join(', ')} shares its address with another server`);
  }
  return ok(`Pinned in the site document: ${addresses.join(', ')}`);
}
