import { certificateWords } from '../../fleet/certificate-findings.ts';
import {
  failed,
  joinJudged,
  notApplicable,
  ok,
  unknown,
  warning,
  type CheckDefinition,
  type Judged,
} from '../check.ts';
import { judgeNotifications } from './notifications.ts';
import { isDemo, type ClusterScene, type SiteScene } from '../scene.ts';

const security = {
  section: 'security',
  stage: 'operations',
  protects: ['failover'],
} as const;
const quarterly = { by: 'person', asks: 'site', validDays: 90 } as const;
const halfYearly = { by: 'person', asks: 'site', validDays: 180 } as const;
const yearly = { by: 'person', asks: 'site', validDays: 365 } as const;

/** Keys, accounts and rights. */
export const securityChecks: readonly CheckDefinition[] = [
  {
    ...security,
    id: 'C01',
    title: 'Every certificate is valid for more than a month',
    why: 'Consoles refuse a certificate that has ended, and see nothing of that agent.',
    remedy: 'Renew the certificates: npm run site -- renew FILE.',
    every: 'always',
    place: 'servers',
    how: { by: 'agent', site: judgeCertificates },
  },
  {
    ...security,
    id: 'C02',
    title: 'A recovery kit of the site’s authority is kept apart from this workstation',
    why: 'Without it nobody can install, upgrade or give a certificate after this workstation is lost.',
    remedy: 'Make a recovery kit, and keep file and passphrase in two places.',
    every: 'twice a year',
    place: 'recovery-kit',
    how: halfYearly,
  },
  {
    ...security,
    id: 'C03',
    title: 'Host keys of all servers are pinned',
    why: 'Nothing is sent to a server whose key was never confirmed.',
    remedy: 'Compare and pin them: npm run site -- keys FILE.',
    every: 'at each new server',
    place: 'servers',
    how: { by: 'SSH', site: judgePins },
  },
  {
    ...security,
    id: 'C04',
    title: 'Roles are given, at least two administrators, leavers removed',
    why: 'One administrator on holiday leaves nobody who may force a takeover.',
    remedy: 'Go through the list of people with a certificate of this site.',
    every: 'every quarter',
    how: quarterly,
  },
  {
    ...security,
    id: 'C05',
    title: 'Ports of engine API and agents are open to those who need them only',
    why: 'Fewer who can reach a port are fewer who can disturb it.',
    remedy: 'Compare the firewall rules with docs/installation.md.',
    every: 'twice a year',
    how: halfYearly,
  },
  {
    ...security,
    id: 'C06',
    title: 'Agents run with the rights that they need, and no more',
    why: 'An agent is a program with power over the engine.',
    remedy:
      'Read how open the units are, on the page Servers under Hardening or with site hardening, and compare with docs/hardening.md.',
    every: 'after each upgrade',
    place: 'servers',
    how: halfYearly,
  },
  {
    ...security,
    id: 'C07',
    title: 'No secret stands in configuration, logs or tickets',
    why: 'A password that was copied once is known to everybody who reads there.',
    remedy: 'Search the places where people keep notes on this site; change what was found.',
    every: 'twice a year',
    how: halfYearly,
  },
  {
    ...security,
    id: 'C08',
    title: 'Programs on the servers are those that were installed',
    why: 'A changed program under the name of the agent would have all its rights.',
    remedy: 'Compare with the installation on the page of the servers.',
    every: 'every quarter',
    place: 'servers',
    how: quarterly,
  },
];

const operations = { section: 'operations', stage: 'operations', protects: ['failover'] } as const;

/** People, papers and rehearsals. */
export const operationsChecks: readonly CheckDefinition[] = [
  {
    ...operations,
    id: 'O01',
    title: 'Contacts and escalation are written down',
    why: 'At night the first call must reach somebody who may decide.',
    remedy: 'Note names, numbers and deputies for interfaces, servers, network and storage.',
    every: 'every quarter',
    how: quarterly,
  },
  {
    ...operations,
    id: 'O02',
    title: 'The run-book can be read without the network',
    why: 'When the network is the problem, a wiki is not there.',
    remedy: 'Print it, or keep it on this workstation.',
    every: 'twice a year',
    how: halfYearly,
  },
  {
    ...operations,
    id: 'O03',
    title: 'Alarms arrive while the console is closed',
    why: 'A cluster that has lost its Passive works on, and nobody looks.',
    remedy:
      'Name targets on the page Notifications and send each a test; or have the monitoring of the site ask the agents, and raise one alarm on purpose.',
    every: 'every quarter',
    place: 'notifications',
    how: { ...quarterly, settled: judgeNotifications },
  },
  {
    ...operations,
    id: 'O04',
    title: 'Each cluster was moved in both directions within 90 days',
    why: 'What was not done for a quarter of a year is not known to work.',
    protects: ['failover', 'position', 'order'],
    section: 'drills',
    remedy: 'Switch over and back in a quiet hour.',
    every: 'every quarter',
    place: 'move',
    how: { by: 'agent', cluster: judgeMoves },
  },
  {
    ...operations,
    id: 'O05',
    title: 'The procedure for maintenance is agreed',
    why: 'A server that is restarted without a handover is a failover.',
    stage: 'behaviour',
    remedy: 'Agree who announces, who hands over and who ends the maintenance.',
    every: 'once a year',
    place: 'maintenance',
    how: yearly,
  },
  {
    ...operations,
    id: 'O06',
    title: 'Windows for changes and freezes are known',
    why: 'Drills and upgrades need an hour in which a short pause hurts nobody.',
    remedy: 'Note the windows of the hospital and of the partners.',
    every: 'once a year',
    how: yearly,
  },
  {
    ...operations,
    id: 'O07',
    title: 'A second person can do it',
    why: 'The one who knows how may be the one who is away.',
    remedy: 'Let the second person make the next switchover, with the first one watching.',
    every: 'twice a year',
    how: halfYearly,
  },
  {
    ...operations,
    id: 'O08',
    title: 'Support contracts and contacts of the vendors are at hand',
    why: 'A licence or a defect is mended by the vendor only.',
    remedy: 'Note contract numbers and hotlines of engine, storage and balancer.',
    every: 'once a year',
    how: yearly,
  },
  {
    ...operations,
    id: 'O09',
    title: 'The console is installed on a second workstation',
    why: 'Servers fail over by themselves; people need a window to look through.',
    remedy: 'Join the site on another workstation with a recovery kit.',
    every: 'once a year',
    place: 'recovery-kit',
    how: yearly,
  },
  {
    ...operations,
    id: 'O10',
    title: 'A power-off was rehearsed',
    why: 'Pulling the plug shows what no planned move shows: detection, fencing and the storage together.',
    protects: ['failover', 'no-loss', 'order'],
    section: 'drills',
    remedy: 'Switch the Active’s server off in a maintenance window, and note the time without an Active.',
    every: 'once a year',
    how: { by: 'person', asks: 'cluster', validDays: 365 },
  },
];

const dayMs = 24 * 3_600_000;

function judgeCertificates({ sight }: SiteScene): Judged {
  const ends = [...sight.clusters.flatMap(({ members }) => members), sight.store];
  const judged = ends.map(({ name, snapshot, silent, heardMs }): Judged => {
    if (silent || snapshot === null) return unknown(`Nothing is heard of ${name}`);
    const words = certificateWords(name, snapshot);
    if (words !== null) {
      return words.severity === 'danger' ? failed(words.title, heardMs) : warning(words.title, heardMs);
    }
    const { certificateEndsInMs } = snapshot;
    return certificateEndsInMs === undefined
      ? unknown(`The agent on ${name} does not tell when its certificate ends`)
      : ok(`${name} ${Math.floor(certificateEndsInMs / dayMs)} days left`, heardMs);
  });
  // An etcd has no certificate of this site.
  return joinJudged(sight.store.kind === 'etcd' ? judged.slice(0, -1) : judged);
}

function judgePins(scene: SiteScene): Judged {
  if (isDemo(scene)) return notApplicable('The servers of the demo are processes of this machine.');
  const { pinned, document } = scene;
  if (pinned === null) return unknown('This workstation does not know how the servers are reached over SSH');
  const open = document.servers.filter(({ id }) => !pinned.includes(id)).map(({ name }) => name);
  return open.length === 0
    ? ok(`Pinned for ${document.servers.map(({ name }) => name).join(', ')}`)
    : failed(`Not pinned: ${open.join(', ')}`);
}

function judgeMoves({ document, site }: ClusterScene): Judged {
  if (typeof site.journals === 'string') return unknown(site.journals);
  const own = site.journals.moves.filter(({ cluster, to }) => cluster === document.id && to !== null);
  const nameOf = (id: string) => site.document.servers.find((server) => server.id === id)?.name ?? id;
  const seen = document.members.filter(({ server }) => own.some(({ to }) => to === server));
  const missing = document.members.filter(({ server }) => !seen.some((member) => member.server === server));
  if (missing.length > 0) {
    const to = missing.map(({ server }) => nameOf(server)).join(' and ');
    return warning(`No move to ${to} is in the journals of the last 90 days`, 0);
  }
  const last = own[0];
  return ok(`Moved to both; last to ${nameOf(last?.to ?? '')} on ${last?.wallTime.slice(0, 10) ?? '?'}`, 0);
}
