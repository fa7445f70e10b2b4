import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { EngineLogAnswer } from '../../../shared/agent-api/engine-log.ts';
import { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import type { ClusterView } from '../../../shared/console-ipc/console-snapshot.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { configurationSeen } from '../../../shared/verification/configuration-seen.ts';
import {
  journalBegin,
  otherCluster,
  seenOfMove,
  storeByMembers,
  type AskedMember,
} from '../../../shared/verification/members-seen.ts';
import type {
  BalancerSeen,
  ConfigurationSeen,
  LogSeen,
  MemberSeen,
  MoveEvidence,
  OtherCluster,
  StoreSeen,
} from '../../../shared/verification/move-evidence.ts';
import { widened, windowsOf } from '../../../shared/verification/move-window.ts';
import type { Move } from '../../../shared/verification/moves.ts';
import type { LinkedAgent } from '../agent-links/agent-link.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { keptVerification } from '../balancer/kept-verification.ts';
import { keptPreflight } from '../preflight/kept-preflight.ts';
import { readGoal } from '../readiness/readiness-files.ts';
import type { HistoryDatabase } from '../history/history-database.ts';
import type { JournalProgress } from '../history/history-keeper.ts';
import type { SiteView } from '../snapshot/site-view.ts';
import { countsOfTraffic, type EarlierSights } from './earlier-sight.ts';

const evidenceWithinMs = 4_000;
/** The agent reads the parts of a log one after the other, each within a limit of its own. */
const logWithinMs = 12_000;
/** A view of the balancer that is older than this says nothing of now. */
const balancerFreshMs = 5_000;

/** Where evidence comes from. */
export interface EvidencePorts {
  readonly site: SiteDocument;
  readonly profileDirectory: string;
  readonly agents: () => readonly LinkedAgent[];
  readonly view: () => SiteView;
  readonly ask: AskAgent;
  readonly database: HistoryDatabase;
  readonly progress: () => readonly JournalProgress[];
  readonly earlier: EarlierSights;
}

/** Everything about a move that can be seen now. Never rejects because somebody is silent: that is told instead. */
export async function collectEvidence(
  move: Move,
  records: readonly JournalRecord[],
  ports: EvidencePorts,
): Promise<MoveEvidence> {
  const clocks: number[] = [];
  const [asked, logs] = await Promise.all([askMembers(move, records, ports, clocks), askLogs(move, ports)]);
  const since = endHere(move, clocks);
  const members = seenOfMove(move, asked);
  const view = ports.view();
  const cluster = view.clusters.find(({ id }) => id === move.cluster);
  const sight = ports.earlier.of(move.cluster, move.epochBefore);
  return {
    move,
    records,
    members,
    logs,
    store: storeSeen(move, members, view),
    balancer: await balancerSeen({ ...move, since }, cluster, view, ports.profileDirectory),
    configuration: await configurationOf({ ...move, since }, ports),
    traffic: {
      before: sight?.traffic ?? null,
      after: cluster?.traffic ? countsOfTraffic(cluster.traffic) : null,
    },
    earlier: sight?.earlier ?? null,
    goal: await readGoal(ports.profileDirectory),
    others: view.clusters
      .filter(({ id }) => id !== move.cluster)
      .map((one) => otherSeen(one, move, records, ports)),
  };
}

/**
 * When a move ended by the clock of this workstation, by which looks from here are dated: as late as the clock of either
 * member makes it.
 *
 * @param clocks by how many ms the clock here is ahead of each member that has answered
 */
function endHere({ endedAt, beganAt }: Move, clocks: readonly number[]): string {
  const aheadMs = clocks.length === 0 ? 0 : Math.max(...clocks);
  return new Date(Date.parse(endedAt ?? beganAt) + aheadMs).toISOString();
}

/** @param clocks gets by how many ms the clock here is ahead of each member's */
function askMembers(
  move: Move,
  records: readonly JournalRecord[],
  ports: EvidencePorts,
  clocks: number[],
): Promise<AskedMember[]> {
  const members = ports.agents().filter(({ endpoint }) => endpoint.cluster === move.cluster);
  return Promise.all(
    members.map(async ({ endpoint, link, snapshot }): Promise<AskedMember> => {
      const { server } = endpoint;
      const name = ports.site.servers.find(({ id }) => id === server)?.name ?? server;
      const told = {
        server,
        name,
        journalMissing: journalGap(move.cluster, server, ports) ?? journalBegin(records, server, move),
      };
      if (link.phase !== 'connected' || snapshot?.kind !== 'member') {
        return {
          ...told,
          snapshot: null,
          report: null,
          why: link.error?.message ?? `${name} has not been heard yet`,
        };
      }
      const report = await ports.ask(endpoint, {
        path: agentPaths.evidence,
        schema: EvidenceReport,
        withinMs: evidenceWithinMs,
      });
      if (report.ok) clocks.push(Date.now() - Date.parse(report.value.wallTime));
      return {
        ...told,
        snapshot,
        report: report.ok ? report.value : null,
        why: report.ok ? null : report.error.message,
      };
    }),
  );
}

/** Asked of agents that are connected only: a server that is gone has nobody to read for it. */
function askLogs({ cluster, epoch }: Move, ports: EvidencePorts): Promise<LogSeen[]> {
  const members = ports.agents().filter(({ endpoint }) => endpoint.cluster === cluster);
  return Promise.all(
    members.map(async ({ endpoint, link }): Promise<LogSeen> => {
      const { server } = endpoint;
      if (link.phase !== 'connected')
        return { server, answer: null, why: link.error?.message ?? `${server} has not been heard yet` };
      const read = await ports.ask(endpoint, {
        path: `${agentPaths.engineLog}?epoch=${epoch}`,
        schema: EngineLogAnswer,
        withinMs: logWithinMs,
      });
      return read.ok
        ? { server, answer: read.value, why: null }
        : { server, answer: null, why: read.error.message };
    }),
  );
}

/** Why the history does not have a member's journal up to now; null: it has. */
function journalGap(cluster: string, server: string, { agents, progress }: EvidencePorts): string | null {
  const isOf = (one: { readonly cluster: string | null; readonly server: string }) =>
    one.cluster === cluster && one.server === server;
  const journal = progress().find(isOf);
  if (journal === undefined || journal.wanted === null) return 'its agent has not been heard';
  if (journal.why !== null) return journal.why;
  // What it has named last is no more than it had written then.
  if (agents().find(({ endpoint }) => isOf(endpoint))?.link.phase !== 'connected')
    return 'its agent is silent, and what it has written since is not read';
  const behind = journal.wanted - journal.head;
  return behind > 0 ? `${behind} of its newest records are not read yet` : null;
}

function storeSeen(move: Move, members: readonly MemberSeen[], { witness, servers }: SiteView): StoreSeen {
  if (witness === null)
    return storeByMembers('the etcd', members, 'an etcd is known by what the members read');
  const name = `lease store on ${servers.find(({ id }) => id === witness.server)?.name ?? witness.server}`;
  const lease = witness.snapshot?.leases.find(({ cluster }) => cluster === move.cluster);
  if (witness.link.state !== 'connected' || lease === undefined) {
    return storeByMembers(name, members, witness.link.error?.message ?? 'it has not been heard yet');
  }
  if (lease.epoch > move.epoch) {
    return {
      name,
      epoch: null,
      holder: null,
      renewedMs: null,
      why: `a later epoch is in force since, ${lease.epoch}`,
    };
  }
  return { name, epoch: lease.epoch, holder: lease.holder, renewedMs: lease.renewedMs, why: null };
}

/** What watches the balancer itself comes first, then the last look from outside, if it is of after the move. */
async function balancerSeen(
  move: Move & { readonly since: string },
  cluster: ClusterView | undefined,
  { balancerName: name }: SiteView,
  profileDirectory: string,
): Promise<BalancerSeen> {
  const watched = cluster?.balancer;
  if (watched && watched.ageMs <= balancerFreshMs) {
    const said = 'seen at the balancer, which asks /active itself';
    return { name, sendsTo: watched.sendsTo, sessions: watched.sessions, said };
  }
  const kept = await keptVerification(profileDirectory);
  const checks = kept?.checks.filter((check) => check.cluster === move.cluster) ?? [];
  const nobody = { name, sendsTo: null, sessions: null };
  if (kept === null || checks.length === 0) return { ...nobody, said: 'nobody has looked from outside' };
  if (Date.parse(kept.wallTime) <= Date.parse(move.since)) {
    return { ...nobody, said: `the last look from outside, ${kept.wallTime}, was before the move` };
  }
  const odd = checks.find(({ server }) => server !== move.active) ?? checks[0]!;
  return {
    name,
    sendsTo: odd.server,
    sessions: null,
    said: `${odd.finding} (looked from outside ${kept.wallTime})`,
  };
}

async function configurationOf(
  move: Move & { readonly since: string },
  { site, profileDirectory }: EvidencePorts,
): Promise<ConfigurationSeen> {
  const cluster = site.clusters.find(({ id }) => id === move.cluster);
  if (cluster === undefined) return { equal: null, said: 'this cluster is not in the site file any more' };
  return configurationSeen(cluster, await keptPreflight(profileDirectory), move.since);
}

function otherSeen(
  { id, members }: ClusterView,
  move: Move,
  moved: readonly JournalRecord[],
  ports: EvidencePorts,
): OtherCluster {
  const windowOn = windowsOf(moved, move);
  const windows = members.map(({ server }) => ({ server, ...widened(windowOn(server)) }));
  const records = windows.flatMap(({ server, from, to }) =>
    ports.database
      .find({
        from,
        // The end itself belongs to it, and the search leaves its last instant out.
        to: new Date(Date.parse(to) + 1).toISOString(),
        clusters: [id],
        kinds: ['role', 'step'],
        words: [],
        limit: 500,
        skip: 0,
      })
      .filter((record) => record.server === server),
  );
  const active = members.find(
    ({ link, snapshot }) => link.state === 'connected' && snapshot?.role.observed === 'active',
  );
  const gaps = windows.flatMap(
    ({ server, from, to }) =>
      journalGap(id, server, ports) ??
      (ports.database.isWhole({ cluster: id, server }, from, to)
        ? []
        : [`what the agent on ${server} wrote in that time is not here whole`]),
  );
  return otherCluster(id, { records, moved }, move, {
    active: active?.snapshot?.serverName ?? null,
    missing: gaps[0] ?? null,
  });
}
