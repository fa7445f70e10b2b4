import type { BalancerView, TrafficView } from '../../../shared/console-ipc/console-snapshot.ts';
import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { agentEndpoints, endpointKey } from '../agent-links/agent-endpoint.ts';
import { startAgentLink, type AgentLink, type LinkedAgent } from '../agent-links/agent-link.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';
import type { AgentWay } from '../agent-links/agent-way.ts';
import type { DemoSitePort } from '../demo-site-port.ts';
import type { HostLog } from '../host-log.ts';
import type { Cancel, HostTime } from '../host-time.ts';
import { joinOperations, type OperationReport } from '../../../shared/operations/join-operations.ts';
import { emptyHistory, recall, remember, type OperationHistory } from '../operations/operation-history.ts';
import { sameMeaning } from './same-meaning.ts';
import { siteView, type SiteView } from './site-view.ts';

/** How often the demo's counters and its balancer are asked. */
const demoPollMs = 300;

export interface SiteWatchOptions {
  readonly site: SiteDocument;
  readonly credentials: ConsoleCredentials;
  readonly demo: DemoSitePort | null;
  readonly time: HostTime;
  readonly chance: () => number;
  readonly way?: AgentWay | undefined;
  readonly log: HostLog;
  /** Something changed that a person would call news. */
  readonly onNews: () => void;
}

export interface SiteWatch {
  readonly site: SiteDocument;
  agents(): readonly LinkedAgent[];
  view(now: number): SiteView;
  stop(): void;
}

/** Watches every agent of one site (and the demo's counters), and joins them to a view on demand. */
export function startSiteWatch(options: SiteWatchOptions): SiteWatch {
  const { site } = options;
  const links = new Map<string, AgentLink>();
  for (const endpoint of agentEndpoints(site)) {
    const onChange = (before: LinkedAgent, after: LinkedAgent) => {
      if (isNews(before, after)) options.onNews();
    };
    const link = startAgentLink({ ...options, endpoint, onChange });
    links.set(endpointKey(endpoint), link);
  }
  const demo = options.demo ? watchDemo(options.demo, options) : null;
  const histories = new Map<string, OperationHistory>();
  const agents = () => new Map([...links].map(([key, link]) => [key, link.current()]));

  return {
    site,
    agents: () => [...agents().values()],
    view: (now) => {
      const linked = agents();
      const operations = new Map<string, readonly OperationRecord[]>();
      for (const cluster of site.clusters) {
        const reported = joinOperations(operationReports(site, cluster.id, linked, now));
        const history = remember(histories.get(cluster.id) ?? emptyHistory, reported, now);
        histories.set(cluster.id, history);
        operations.set(cluster.id, recall(history, new Set(reported.map(({ id }) => id)), now));
      }
      return siteView(
        {
          site,
          demo: demo !== null,
          agents: linked,
          operations,
          balancer: demo?.balancer(now) ?? [],
          traffic: demo?.traffic(now) ?? [],
          faults: options.demo?.faults() ?? [],
        },
        now,
      );
    },
    stop: () => {
      demo?.stop();
      for (const link of links.values()) link.stop();
    },
  };
}

function isNews(before: LinkedAgent, after: LinkedAgent): boolean {
  if (before.link.phase !== after.link.phase) return true;
  if (before.link.error?.message !== after.link.error?.message) return true;
  return before.snapshot !== after.snapshot && !sameMeaning(before.snapshot, after.snapshot);
}

function operationReports(
  site: SiteDocument,
  cluster: string,
  agents: ReadonlyMap<string, LinkedAgent>,
  now: number,
): OperationReport[] {
  return [...agents.values()]
    .filter(({ endpoint }) => endpoint.cluster === cluster)
    .map(({ endpoint, link, snapshot }) => ({
      server: endpoint.server,
      serverName: site.servers.find(({ id }) => id === endpoint.server)?.name ?? endpoint.server,
      connected: link.phase === 'connected',
      active: snapshot?.kind === 'member' && snapshot.role.observed === 'active',
      heardMs: link.heardAt === null ? null : now - link.heardAt,
      operation: snapshot?.kind === 'member' ? snapshot.operation : null,
    }));
}

interface DemoWatch {
  balancer(now: number): BalancerView[];
  traffic(now: number): TrafficView[];
  stop(): void;
}

function watchDemo(demo: DemoSitePort, options: SiteWatchOptions): DemoWatch {
  const { time, log, onNews } = options;
  let seen = {
    at: time.bootMs(),
    balancer: [] as readonly BalancerView[],
    traffic: [] as readonly TrafficView[],
  };
  let stopped = false;
  let cancel: Cancel = () => undefined;
  const look = async () => {
    try {
      const [balancer, traffic] = await Promise.all([demo.balancer(), demo.traffic()]);
      const before = seen;
      seen = { at: time.bootMs(), balancer, traffic };
      if (!sameMeaning(before.balancer, balancer) || !sameMeaning(before.traffic, traffic)) onNews();
    } catch (cause) {
      // The views keep what was last seen, with its age; the next look may succeed.
      log.error('the demo gave no counters', cause);
    }
    if (!stopped) cancel = time.after(demoPollMs, () => void look());
  };
  void look();
  const older = <View extends { ageMs: number }>(views: readonly View[], now: number) =>
    views.map((view) => ({ ...view, ageMs: view.ageMs + Math.max(0, now - seen.at) }));
  return {
    balancer: (now) => older(seen.balancer, now),
    traffic: (now) => older(seen.traffic, now),
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
