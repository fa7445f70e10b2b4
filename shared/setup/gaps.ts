import { balancerRefusals } from '../site/balancer-rules.ts';
import { etcdRefusals } from '../site/etcd-rules.ts';
import { directoryClashes } from '../site/directory-rules.ts';
import { checkTiming, type TimingPolicy } from '../lease/timing.ts';
import { siteRefusals } from '../site/site-rules.ts';
import { draftDirectories, storedDraftCluster } from './draft-storage.ts';
import { draftPolicy } from './draft-timing.ts';
import type {
  DraftCluster,
  DraftJumpHost,
  DraftLeaseStore,
  DraftServer,
  SetupDraft,
  SetupStepName,
} from './draft.ts';
import {
  balancedSite,
  isAddress,
  isCertificateName,
  isEntityId,
  isEtcdPrefix,
  siteFromDraft,
} from './site-from-draft.ts';
import type { MeasuredTimes } from './measured-times.ts';
import { measuredRefusals, measuredWords, nothingMeasured } from './timing-choice.ts';

/** Something that a step still needs before the next one makes sense. */
export interface Gap {
  /** Where it is said: a path such as `servers.0.address`; empty when it concerns the step as a whole. */
  readonly field: string;
  /** What is needed, as a sentence. */
  readonly needs: string;
}

/**
 * What the values of a step lack, in the order of its fields; empty: it can be left. What only the servers can tell
 * (reached, fit, installed) is not judged here, but for times that were measured: a timing that does not fit them is a
 * gap.
 */
export function setupGaps(
  draft: SetupDraft,
  step: SetupStepName,
  measured: MeasuredTimes = nothingMeasured,
): Gap[] {
  switch (step) {
    case 'servers':
      return serverGaps(draft);
    case 'design':
      return draft.design === null ? [gap('design', 'Choose one of the two designs.')] : [];
    case 'clusters':
      return clusterGaps(draft);
    case 'balancer':
      return balancerGaps(draft);
    case 'storage':
      return storageGaps(draft);
    case 'lease-store':
      return leaseStoreGaps(draft);
    case 'timing':
      return timingGaps(draft, measured);
    case 'review':
      return reviewGaps(draft, measured);
    case 'preflight':
    case 'install':
    case 'baseline':
      return [];
  }
}

function timingGaps({ timing }: SetupDraft, measured: MeasuredTimes): Gap[] {
  if (timing === null) return [gap('timing', 'Choose a timing.')];
  const policy = draftPolicy(timing);
  if (policy === null) return [gap('timing', 'All five times are needed, in seconds.')];
  const checked = checkTiming(policy);
  return [
    ...(checked.ok ? [] : checked.error).map(({ formula, numbers }) =>
      gap('timing', `${formula} does not hold: ${numbers}.`),
    ),
    ...measuredGaps(policy, measured),
  ];
}

function measuredGaps(policy: TimingPolicy, measured: MeasuredTimes): Gap[] {
  return measuredRefusals(policy, measured).map((refusal) => gap('timing', measuredWords(refusal)));
}

function serverGaps(draft: SetupDraft): Gap[] {
  const { site, servers, leaseStore, jumpHosts } = draft;
  const members = servers.filter(({ purpose }) => purpose === 'member');
  return [
    ...(site.name.trim() === '' ? [gap('site.name', 'Give the site a name.')] : []),
    ...(site.name.trim() !== '' && !isEntityId(site.id)
      ? [gap('site.id', 'Its short name has letters, digits, - and _ only, 32 at most.')]
      : []),
    ...jumpHosts.flatMap(jumpHostGaps),
    ...servers.flatMap((server, index) => oneServerGaps(server, index, draft)),
    ...(members.length < 2 ? [gap('', 'At least two servers that run IguanaX are needed.')] : []),
    ...(leaseStore.kind === 'witness' && servers.length === members.length
      ? [gap('', 'A third machine is needed for the lease store. It may be small.')]
      : []),
  ];
}

function jumpHostGaps({ name, address, ssh }: DraftJumpHost, index: number): Gap[] {
  const at = (field: string) => `jumpHosts.${index}.${field}`;
  const gaps: Gap[] = [];
  if (name.trim() === '') gaps.push(gap(at('name'), 'Give this jump host a name.'));
  if (!isHostName(address)) gaps.push(gap(at('address'), 'An address or a name is needed.'));
  gaps.push(...signInGaps(at, ssh));
  if (ssh.hostKey === null) {
    gaps.push(gap(at('ssh.hostKey'), `${name || 'This jump host'} was not reached yet.`));
  }
  return gaps;
}

function signInGaps(
  at: (field: string) => string,
  { user, port, login }: Pick<DraftServer['ssh'], 'user' | 'port' | 'login'>,
): Gap[] {
  return [
    ...(user.trim() === '' ? [gap(at('ssh.user'), 'Who logs in there?')] : []),
    ...(isPort(port) ? [] : [gap(at('ssh.port'), portNeeded)]),
    ...(login.kind === 'key' && login.file.trim() === ''
      ? [gap(at('ssh.login.file'), 'Name the file of the private key on this workstation.')]
      : []),
  ];
}

/** Only a person's work depends on a jump host, no lease does: a name is good enough. */
function isHostName(text: string): boolean {
  return /^[A-Za-z0-9:][A-Za-z0-9:.-]{0,252}$/.test(text);
}

function oneServerGaps(server: DraftServer, index: number, { servers: all, jumpHosts }: SetupDraft): Gap[] {
  const at = (field: string) => `servers.${index}.${field}`;
  const gaps: Gap[] = [];
  if (server.name.trim() === '') gaps.push(gap(at('name'), 'Give this server a name.'));
  if (!isAddress(server.address)) {
    gaps.push(gap(at('address'), 'A numeric address is needed: agents never wait for a name look-up.'));
  }
  const same = (other: DraftServer) => other !== server && other.address === server.address;
  const twin = all.slice(0, index).find(same);
  if (twin && server.address !== '') {
    gaps.push(gap(at('address'), `${twin.name || 'Another server'} has this address too.`));
  }
  if (all.slice(0, index).some(({ name }) => name.trim() !== '' && name === server.name)) {
    gaps.push(gap(at('name'), 'Another server has this name too.'));
  }
  gaps.push(...signInGaps(at, server.ssh));
  if (server.ssh.jump !== undefined && !jumpHosts.some(({ id }) => id === server.ssh.jump)) {
    gaps.push(gap(at('ssh.jump'), 'Its jump host was taken out: choose another way to it.'));
  }
  if (server.ssh.sudo === 'root' && server.ssh.user.trim() !== '' && server.ssh.user !== 'root') {
    gaps.push(gap(at('ssh.sudo'), `${server.ssh.user} is not root: choose how sudo works there.`));
  }
  if (server.ssh.hostKey === null) {
    gaps.push(gap(at('ssh.hostKey'), `${server.name || 'This server'} was not reached yet.`));
  }
  return gaps;
}

function clusterGaps(draft: SetupDraft): Gap[] {
  const { clusters, design } = draft;
  const few = design === 'multi-cluster' ? 2 : 1;
  const gaps: Gap[] = clusters.flatMap((cluster, index) => oneClusterGaps(draft, cluster, index));
  if (clusters.length < few) {
    gaps.push(gap('', few === 2 ? 'Multi-Cluster needs two clusters or more.' : 'A cluster is needed.'));
  }
  if (design === 'active-passive' && clusters.length > 1) {
    gaps.push(gap('', 'Active–Passive has one cluster. For more choose Multi-Cluster.'));
  }
  return gaps;
}

function oneClusterGaps({ clusters, servers }: SetupDraft, cluster: DraftCluster, index: number): Gap[] {
  const at = (field: string) => `clusters.${index}.${field}`;
  const gaps: Gap[] = [];
  if (!isEntityId(cluster.id)) {
    gaps.push(gap(at('id'), 'A short name such as WK1: letters, digits, - and _.'));
  } else if (clusters.slice(0, index).some(({ id }) => id === cluster.id)) {
    gaps.push(gap(at('id'), `Another cluster is called ${cluster.id} too.`));
  }
  const members = cluster.members.map(({ server }) => server);
  if (members.length < 2 || members[0] === members[1]) {
    gaps.push(gap(at('members'), 'Two different servers are needed.'));
  }
  if (members.some((id) => servers.find((server) => server.id === id)?.purpose !== 'member')) {
    gaps.push(gap(at('members'), 'Its members must be servers that run IguanaX.'));
  }
  cluster.members.forEach((member, place) => {
    const inMember = (field: string) => at(`members.${place}.${field}`);
    if (!isServiceUnit(member.unit)) {
      gaps.push(gap(inMember('unit'), 'The engine’s service is needed, such as iguanax-wk1.service.'));
    }
    if (!isPort(member.apiPort)) gaps.push(gap(inMember('apiPort'), portNeeded));
    if (member.apiUser.trim() === '') gaps.push(gap(inMember('apiUser'), 'Who may ask the engine’s API?'));
    if (!member.workingDirectory.startsWith('/')) {
      gaps.push(gap(inMember('workingDirectory'), 'The engine’s working directory is needed.'));
    }
  });
  if (cluster.listeners.length === 0) gaps.push(gap(at('listeners'), 'At least one LLP listener is needed.'));
  cluster.listeners.forEach((listener, place) => {
    const inListener = (field: string) => at(`listeners.${place}.${field}`);
    if (listener.name.trim() === '') gaps.push(gap(inListener('name'), 'Give this listener a name.'));
    if (!isPort(listener.port)) gaps.push(gap(inListener('port'), portNeeded));
    if (!isPort(listener.frontendPort)) gaps.push(gap(inListener('frontendPort'), portNeeded));
  });
  return gaps;
}

function balancerGaps(draft: SetupDraft): Gap[] {
  const { balancer, servers, clusters } = draft;
  if (balancer.kind === 'haproxy') {
    return servers.some(({ id }) => id === balancer.server)
      ? []
      : [gap('balancer.server', 'Choose the server with HAProxy.')];
  }
  const fields =
    balancer.kind === 'keepalived'
      ? clusters.map(({ id, index }) => ({
          id,
          field: `balancer.addresses.${index}`,
          address: balancer.addresses[index] ?? '',
        }))
      : [{ id: '', field: 'balancer.address', address: balancer.address }];
  const missing = fields
    .filter(({ address }) => !isAddress(address))
    .map(({ id, field }) =>
      gap(field, `The numeric address that the senders${id === '' ? '' : ` of ${id}`} know is needed.`),
    );
  if (missing.length > 0) return missing;
  const site = balancedSite(draft);
  return site ? balancerRefusals(site).map((refusal) => gap('', sentence(refusal))) : [];
}

function storageGaps(draft: SetupDraft): Gap[] {
  return [...directoryGaps(draft), ...draft.clusters.flatMap(cutGaps)];
}

function cutGaps({ id, storage = 'shared', cutProgram = '' }: DraftCluster, index: number): Gap[] {
  const path = cutProgram.trim();
  const fits = path === '' || /^\/[^\0\n]+$/.test(path);
  return storage === 'copied' || fits
    ? []
    : [gap(`clusters.${index}.cutProgram`, `${id}: the program is named by its whole path, or not at all.`)];
}

/** What is no whole path, and what would be another cluster's: by the one rule of all sites. */
function directoryGaps({ clusters, servers }: SetupDraft): Gap[] {
  const nameOf = (id: string) => servers.find((server) => server.id === id)?.name || id;
  const clashes = directoryClashes(clusters.map(storedDraftCluster), nameOf);
  return clusters.flatMap((cluster, index) => {
    const at = (server: string | null) =>
      server !== null && draftDirectories(cluster)[server] !== undefined
        ? `clusters.${index}.copy.directories.${server}`
        : `clusters.${index}.directory`;
    return [
      ...(cluster.directory.startsWith('/')
        ? []
        : [gap(at(null), `${cluster.id}: a ${cluster.storage ?? 'shared'} directory is needed.`)]),
      ...Object.entries(draftDirectories(cluster))
        .filter(([, path]) => !path.startsWith('/'))
        .map(([server]) =>
          gap(
            at(server),
            `${cluster.id}: the directory on ${nameOf(server)} is named by its whole path, or not at all.`,
          ),
        ),
      ...clashes
        .filter((clash) => clash.cluster === index)
        .map(({ server, reason }) => gap(at(server), sentence(reason))),
    ];
  });
}

function leaseStoreGaps(draft: SetupDraft): Gap[] {
  const { leaseStore } = draft;
  return leaseStore.kind === 'witness' ? witnessGaps(draft, leaseStore) : etcdGaps(draft, leaseStore);
}

function witnessGaps(
  { servers, clusters }: SetupDraft,
  leaseStore: Extract<DraftLeaseStore, { kind: 'witness' }>,
): Gap[] {
  const server = servers.find(({ id }) => id === leaseStore.server);
  if (!server) return [gap('leaseStore.server', 'Choose the third machine.')];
  const users = clusters.filter(({ members }) => members.some((member) => member.server === server.id));
  if (server.purpose === 'member' || users.length > 0) {
    return [
      gap(
        'leaseStore.server',
        `${server.name} runs the engine: if it dies, the lease store dies with it, and nobody may take over. Choose another machine.`,
      ),
    ];
  }
  return isPort(leaseStore.port) ? [] : [gap('leaseStore.port', portNeeded)];
}

function etcdGaps(draft: SetupDraft, leaseStore: Extract<DraftLeaseStore, { kind: 'etcd' }>): Gap[] {
  const gaps: Gap[] = leaseStore.endpoints.flatMap(({ address, port, certificateName }, index) => {
    const at = (field: string) => `leaseStore.endpoints.${index}.${field}`;
    return [
      ...(isAddress(address)
        ? []
        : [gap(at('address'), 'A numeric address is needed: a renewal never waits for a name look-up.')]),
      ...(isPort(port) ? [] : [gap(at('port'), portNeeded)]),
      ...(certificateName === '' || isCertificateName(certificateName)
        ? []
        : [gap(at('certificateName'), 'A name as it stands in a certificate, or nothing.')]),
    ];
  });
  if (leaseStore.endpoints.length === 0) gaps.push(gap('', 'Name the endpoints of the etcd: 1, 3 or 5.'));
  if (!isEtcdPrefix(leaseStore.prefix)) {
    gaps.push(gap('leaseStore.prefix', `A path such as /ixha/${draft.site.id} is needed.`));
  }
  for (const [field, what] of etcdFiles) {
    if (leaseStore[field].trim() === '') {
      gaps.push(gap(`leaseStore.${field}`, `Name the file with ${what} on this workstation.`));
    }
  }
  if (gaps.length > 0) return gaps;
  const site = siteFromDraft({ ...draft, timing: draft.timing ?? 'normal' });
  return site ? etcdRefusals(site).map((refusal) => gap('', sentence(refusal))) : [];
}

const etcdFiles = [
  ['authorityFile', 'the authority that has issued etcd’s certificates'],
  ['certificateFile', 'the certificate that members show to etcd'],
  ['keyFile', 'the private key of that certificate'],
] as const;

/** What only the whole can show: names and ports used twice, timing outside its formula. */
function reviewGaps(draft: SetupDraft, measured: MeasuredTimes): Gap[] {
  const site = siteFromDraft(draft);
  const policy = draftPolicy(draft.timing);
  if (!site || !policy) return [gap('', 'An earlier step is not complete.')];
  return [
    ...siteRefusals(site).map((refusal) => gap('', sentence(refusal))),
    ...measuredGaps(policy, measured).map(({ needs }) => gap('', `Step Timing: ${needs}`)),
  ];
}

function sentence(refusal: string): string {
  return `${refusal[0]!.toUpperCase()}${refusal.slice(1)}.`;
}

/** Whether a text names a service of systemd. */
export function isServiceUnit(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9@._-]{0,80}\.service$/.test(text);
}

const portNeeded = 'A port from 1 to 65535 is needed.';

function isPort(value: number | null): boolean {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function gap(field: string, needs: string): Gap {
  return { field, needs };
}
