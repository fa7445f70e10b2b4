import type { MemberSnapshot } from '../../agent-api/member-snapshot.ts';
import { formatMeasured, formatSpan } from '../../fleet/age.ts';
import { clusterVerdict } from '../../fleet/cluster-verdict.ts';
import { versionWords } from '../../fleet/version-findings.ts';
import { checkTiming } from '../../lease/timing.ts';
import { clusterTiming, witnessServerOf } from '../../site/site-rules.ts';
import { failed, ok, unknown, warning, type CheckDefinition, type Judged } from '../check.ts';
import { overMembers, overSsh } from '../look.ts';
import {
  silenceOf,
  type ClusterScene,
  type JournalNote,
  type JournalSight,
  type SiteScene,
} from '../scene.ts';

const heartbeat = {
  section: 'heartbeat',
  stage: 'infrastructure',
  requires: 'heartbeat',
  protects: ['failover'],
  every: 'always',
  place: 'cluster',
} as const;

/** Heartbeat, lease and decision. */
export const heartbeatChecks: readonly CheckDefinition[] = [
  {
    ...heartbeat,
    id: 'H01',
    title: 'Agent and both guards are at work on every member',
    why: 'Guards end the engine when the lease runs out, whatever has become of the agent.',
    protects: ['failover', 'no-loss', 'order'],
    remedy: 'Start the guards there: systemctl start ixha-guard-1@CLUSTER ixha-guard-2@CLUSTER.',
    how: { by: 'agent', member: judgeGuards },
  },
  {
    ...heartbeat,
    id: 'H02',
    title: 'Members hear each other',
    why: 'Without that path the lease store decides alone, and a planned move is slower.',
    remedy: 'Look at the network between the members.',
    how: { by: 'agent', member: judgePeer },
  },
  {
    ...heartbeat,
    id: 'H03',
    title: 'Every member reaches the lease store, well within its time',
    why: 'A member that does not reach it cannot take over; a slow answer costs the Active its lease.',
    remedy: 'Look at the network from that member to the lease store.',
    how: { by: 'agent', member: judgeStore },
  },
  {
    ...heartbeat,
    id: 'H04',
    title: 'The lease store is on a third machine',
    why: 'A store that dies together with the Active leaves nobody who could grant the lease.',
    remedy: 'Put it on a machine of its own, with its own power feed and switch.',
    every: 'at each change of the site',
    place: 'setup',
    how: { by: 'agent', site: judgeThirdMachine },
  },
  {
    ...heartbeat,
    id: 'H05',
    title: 'The lease store is the pinned one and has all records',
    why: 'A store that lost its disk would grant leases that it has granted before.',
    protects: ['failover', 'no-loss', 'order'],
    remedy: 'If it was replaced: ixha replace-store, on the page of the cluster.',
    how: { by: 'agent', cluster: judgePinnedStore },
  },
  {
    ...heartbeat,
    id: 'H06',
    title: 'The timing is safe by its formula, and the network keeps to it',
    why: 'max(H, O) + 2·O + K + δ ≤ T keeps the Active from stopping without need.',
    protects: ['failover', 'no-loss'],
    stage: 'behaviour',
    remedy: 'Choose a preset that fits what was measured.',
    place: 'setup',
    how: { by: 'agent', member: judgeTiming },
  },
  {
    ...heartbeat,
    id: 'H07',
    title: 'The guards kill the engine within D, proven on the real service',
    why: 'That is what keeps two engines apart when everything else is frozen.',
    protects: ['no-loss', 'order'],
    stage: 'behaviour',
    remedy: 'Install the site again: it proves refusal and kill. Then look: npm run site -- preflight FILE.',
    every: 'after each upgrade of the system',
    place: 'servers',
    how: overSsh(['guard-proof']),
  },
  {
    ...heartbeat,
    id: 'H08',
    title: 'Firewalls let every pair through in both directions',
    why: 'A way that is open in one direction only shows itself at the failover.',
    remedy: 'Open the port that the finding names.',
    every: 'monthly, and after each change of a firewall',
    place: 'servers',
    how: overSsh(['way']),
  },
  {
    ...heartbeat,
    id: 'H09',
    title: 'The cluster can fail over now',
    why: 'Everything else is only worth something if this holds.',
    protects: ['failover', 'no-loss', 'position', 'order'],
    stage: 'behaviour',
    remedy: 'Do what the page of the cluster says.',
    how: { by: 'agent', cluster: judgeVerdict },
  },
  {
    ...heartbeat,
    id: 'H10',
    title: 'Members work by the site document',
    why: 'Members with different timing do not agree when a lease has ended.',
    protects: ['failover', 'order'],
    remedy: 'Install the site again from the workstation that has the right document.',
    place: 'servers',
    how: { by: 'agent', cluster: judgeSameConfiguration },
  },
  {
    ...heartbeat,
    id: 'H11',
    title: 'All agents run one version',
    why: 'Mixed versions work together, and are meant for the time of an upgrade only.',
    remedy: 'Finish the upgrade: npm run site -- upgrade FILE.',
    place: 'servers',
    how: { by: 'agent', site: judgeAgentVersions },
  },
  {
    ...heartbeat,
    id: 'H12',
    title: 'Journals are whole',
    why: 'They are the evidence of what happened, and why.',
    protects: ['position', 'order'],
    remedy: 'Keep the journal of that member, and find out who has changed it.',
    place: 'timeline',
    how: { by: 'agent', cluster: judgeJournals },
  },
  {
    ...heartbeat,
    id: 'H13',
    title: 'The Active has the epoch of the lease store, and nobody knows a higher one',
    why: 'A store that has granted less than a member knows would grant an epoch a second time.',
    protects: ['order', 'no-loss'],
    remedy: 'See on the page of the cluster who says what.',
    how: { by: 'agent', cluster: judgeEpoch },
  },
  {
    ...heartbeat,
    id: 'H14',
    title: 'No clock jumped within the last week',
    why: 'A machine that was paused counts its lease as lost.',
    remedy: 'Ask the infrastructure team who paused that machine: snapshot, migration, backup.',
    place: 'timeline',
    how: { by: 'agent', cluster: (scene) => judgeNotes(scene, 'clockJumps', 'clock jump') },
  },
  {
    ...heartbeat,
    id: 'H15',
    title: 'No lease was lost within the last week',
    why: 'A lease that is lost without a fault shows a network or a disk that is too slow for the preset.',
    stage: 'behaviour',
    remedy: 'See in the timeline what was slow then; choose a slower preset if it stays.',
    place: 'timeline',
    how: { by: 'agent', cluster: (scene) => judgeNotes(scene, 'lostLeases', 'lost lease') },
  },
];

function judgeGuards({ guards, serverName }: MemberSnapshot): Judged {
  const beating = guards.filter((guard) => guard.beating);
  const ageMs = Math.max(0, ...guards.map((guard) => guard.ageMs ?? 0));
  const told = `${serverName}: ${beating.length} of 2 guards beat`;
  return beating.length >= 2 ? ok(told, ageMs) : failed(told, ageMs);
}

/** Lost beats, in per cent. */
const loss = { well: 1, bearable: 10 };

function judgePeer({ peer, serverName }: MemberSnapshot): Judged {
  if (!peer.reachable) {
    return failed(`${serverName} does not hear ${peer.server}: ${peer.why ?? 'no answer'}`, peer.answeredMs);
  }
  const trip = peer.roundTripMs === null ? '' : ` in ${formatMeasured(peer.roundTripMs)}`;
  const lost = peer.lossPercent ?? 0;
  const told = `${serverName} hears ${peer.server}${trip}, ${lost.toFixed(lost < 10 ? 1 : 0)} % lost`;
  if (lost <= loss.well) return ok(told, peer.answeredMs);
  return lost <= loss.bearable ? warning(told, peer.answeredMs) : failed(told, peer.answeredMs);
}

function judgeStore({ store, timing: { O }, serverName }: MemberSnapshot): Judged {
  const { reachable, roundTripMs, answeredMs, throughPeerMs, why } = store;
  if (!reachable) return failed(`${serverName} does not reach it: ${why ?? 'no answer'}`, answeredMs);
  if (throughPeerMs !== undefined)
    return warning(`${serverName} reaches it only through the other member`, answeredMs);
  if (roundTripMs === null) return unknown(`${serverName} has not measured its way to it yet`);
  const told = `${serverName}: ${formatMeasured(roundTripMs)} of O ${O} s`;
  return roundTripMs <= O * 500 ? ok(told, answeredMs) : warning(told, answeredMs);
}

function judgeThirdMachine({ document }: SiteScene): Judged {
  const server = witnessServerOf(document);
  if (server === undefined) return ok('An etcd of the site keeps the leases');
  const members = document.clusters.flatMap((cluster) => cluster.members.map((member) => member.server));
  const name = document.servers.find(({ id }) => id === server)?.name ?? server;
  return members.includes(server) ? failed(`${name} is a member`) : ok(`${name}, which is no member`);
}

function judgePinnedStore(scene: ClusterScene): Judged {
  const { store } = scene.sight;
  const up =
    store.kind === 'witness' && !store.silent
      ? scene.site.sight.site.witness?.snapshot?.startedMs
      : undefined;
  const since = up === undefined ? '' : `, up ${formatSpan(up)}`;
  return overMembers(scene, ({ replacement, store: { storeId, answeredMs } }, name) => {
    if (replacement === undefined) return unknown(`The agent on ${name} is too old to tell`);
    if (replacement.standing === 'silent') return unknown(`${name} gets no answer from it`);
    if (replacement.standing !== 'working')
      return failed(`${name} finds a store that is ${replacement.standing}`, answeredMs);
    return ok(`Store ${storeId ?? '?'}${since}`, answeredMs);
  });
}

function judgeTiming({ timing, store: { roundTripMs, answeredMs }, serverName }: MemberSnapshot): Judged {
  const checked = checkTiming(timing);
  if (!checked.ok) return failed(checked.error.map(({ numbers }) => numbers).join('; '));
  const { T, H, O, K } = timing;
  if (roundTripMs === null) return unknown(`${serverName} has not measured its way to the lease store yet`);
  const told = `T ${T} s, H ${H} s, O ${O} s, K ${K} s; ${serverName} measured ${formatMeasured(roundTripMs)}`;
  return roundTripMs <= O * 500 ? ok(told, answeredMs) : warning(`${told}, more than O/2`, answeredMs);
}

function judgeVerdict({ sight }: ClusterScene): Judged {
  const { kind, sentence, detail, findings } = clusterVerdict(sight);
  const said = detail === '' ? sentence : `${sentence}. ${detail}`;
  const ages = sight.members.flatMap(({ heardMs }) => heardMs ?? []);
  const ageMs = ages.length === 0 ? null : Math.max(...ages);
  switch (kind) {
    case 'ready':
      return ok(said, ageMs);
    case 'caution':
      return warning(`${sentence}. ${findings.map(({ title }) => title).join('; ')}`, ageMs);
    case 'maintenance':
      return warning(said, ageMs);
    case 'changing':
    case 'not-known':
    case 'no-answer':
      return unknown(said);
    case 'observing':
    case 'cannot':
    case 'no-active':
    case 'conflict':
      return failed(said, ageMs);
  }
}

function judgeSameConfiguration(scene: ClusterScene): Judged {
  const wanted = clusterTiming(scene.document);
  return overMembers(scene, ({ timing, preferred, server, siteVersion }, name) => {
    const { T, H, O, K, D, emergencyStop } = wanted;
    const same =
      [timing.T - T, timing.H - H, timing.O - O, timing.K - K, timing.D - D].every((gap) => gap === 0) &&
      timing.emergencyStop === emergencyStop;
    const member = scene.document.members.find((one) => one.server === server);
    if (!same) return failed(`${name} works with another timing than the site document`);
    if (member?.preferred !== preferred)
      return failed(`${name} does not know the same preferred member as the site document`);
    const { version } = scene.site.document;
    if (siteVersion === undefined)
      return unknown(
        `${name}: timing and preference of version ${version}; which version it has is not told`,
      );
    return siteVersion === version
      ? ok(`${name}: version ${version}`)
      : warning(
          `${name} has version ${siteVersion}, this console ${version}; timing and preference are the same`,
        );
  });
}

function judgeAgentVersions({ sight }: SiteScene): Judged {
  const ends = [...sight.clusters.flatMap(({ members }) => members), sight.store];
  const heard = ends.filter((end) => !end.silent);
  const found = heard.flatMap(({ name, snapshot }) =>
    snapshot?.productVersion === undefined ? [] : [{ name, productVersion: snapshot.productVersion }],
  );
  const ageMs = Math.max(0, ...heard.map(({ heardMs }) => heardMs ?? 0));
  const words = versionWords(found);
  if (words !== null) return warning(words.title, ageMs);
  const silent = [...new Set(ends.filter((end) => end.silent).map(({ name }) => name))];
  if (silent.length > 0) return unknown(`Nothing is heard of ${silent.join(' and ')}`);
  return ok(
    `Version ${found[0]?.productVersion ?? '?'} on ${new Set(found.map(({ name }) => name)).size} servers`,
    ageMs,
  );
}

function judgeJournals({ document, site }: ClusterScene): Judged {
  if (typeof site.journals === 'string') return unknown(site.journals);
  const own = site.journals.journals.filter(({ cluster }) => cluster === document.id);
  const broken = own.filter(({ chainBroken }) => chainBroken === true);
  const where = (some: JournalSight['journals']) => some.map(({ server }) => server).join(' and ');
  if (broken.length > 0) return failed(`A record does not fit the one before it on ${where(broken)}`);
  const silent = own.filter(({ chainBroken }) => chainBroken === null);
  if (silent.length > 0 || own.length === 0) {
    return unknown(`The journal of ${where(silent) || 'no member'} could not be asked`);
  }
  const missing = own.reduce((sum, journal) => sum + journal.missing, 0);
  const newest = own.map(({ server, head, wanted }) => `${wanted ?? head} on ${server}`).join(' and ');
  return missing > 0
    ? warning(`${missing} records were let go of before this workstation read them`)
    : ok(`Each record fits the one before, as the agents found at their start; the newest are ${newest}`, 0);
}

/** The newest epoch that the store itself has named; an etcd does so to its members only. Null: it is not known. */
function grantedEpoch({
  store,
  cluster,
  members,
}: ClusterScene['sight']): { epoch: number; by: string } | null {
  if (store.silent) return null;
  if (store.kind === 'witness') {
    const lease = store.snapshot?.leases.find((one) => one.cluster === cluster.id);
    return lease === undefined ? null : { epoch: lease.epoch, by: 'the lease store' };
  }
  const read = members.flatMap(({ name, silent, snapshot }) =>
    silent || snapshot?.lease.storeEpoch === undefined ? [] : [{ name, epoch: snapshot.lease.storeEpoch }],
  );
  const epoch = Math.max(...read.map((one) => one.epoch));
  const reader = read.find((one) => one.epoch === epoch);
  return reader === undefined ? null : { epoch, by: `the etcd, as ${reader.name} reads it,` };
}

/** A Passive may not have heard of the present epoch yet; nobody may know a higher one than the store has granted. */
function judgeEpoch(scene: ClusterScene): Judged {
  const { sight } = scene;
  const silence = sight.members.flatMap((member) => silenceOf(member) ?? []);
  const told = sight.members.flatMap(({ name, role, silent, snapshot }) =>
    silent || snapshot === null ? [] : [{ name, role, ...snapshot.lease }],
  );
  const words = told.map(({ name, epoch }) => `${name} ${epoch}`).join(', ');
  const granted = grantedEpoch(sight);
  if (granted === null) return unknown(`The lease store says nothing; ${words}`);
  const said = `${granted.by} ${granted.epoch}, ${words}`;
  const ageMs = Math.max(0, ...sight.members.map(({ heardMs }) => heardMs ?? 0));
  const wrong = told.some(
    ({ role, epoch }) => epoch > granted.epoch || (role.kind === 'active' && epoch !== granted.epoch),
  );
  if (wrong) return failed(said, ageMs);
  return silence.length > 0 ? unknown(silence.join('. ')) : ok(said, ageMs);
}

function judgeNotes(
  { document, site }: ClusterScene,
  which: 'clockJumps' | 'lostLeases',
  what: string,
): Judged {
  if (typeof site.journals === 'string') return unknown(site.journals);
  const own = site.journals[which].filter(({ cluster }) => cluster === document.id);
  const [newest] = own;
  if (newest === undefined) {
    const unread = site.journals.journals
      .filter(({ cluster }) => cluster === document.id)
      .filter(({ wanted, head, missing }) => wanted === null || head < wanted || missing > 0);
    const where = unread.map(({ server }) => server).join(' and ');
    return unread.length > 0
      ? unknown(`None is in what is here of the last week; the journal of ${where} is not read whole`)
      : ok(`None is in the journals of the last week`, 0);
  }
  const last = `${newest.wallTime.slice(0, 16).replace('T', ' ')} on ${newest.server}: ${quote(newest)}`;
  return warning(`${own.length} ${what}${own.length === 1 ? '' : 's'}, last ${last}`, 0);
}

function quote({ sentence }: JournalNote): string {
  return sentence.replace(/\.$/, '');
}
