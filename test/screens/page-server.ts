import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ConsoleRequest } from '../../shared/console-ipc/console-contract.ts';
import { PageFrame } from '../../shared/console-ipc/envelope.ts';
import { servePageFile } from '../../electron/host/page-files/serve-page-file.ts';
import type { AdvisorView } from '../../shared/advisor/advisor-view.ts';
import { planFixture } from './plan-fixture.ts';
import { advisorFixtures } from './advisor-fixtures.ts';
import { evidenceReply } from './evidence-reply.ts';
import { journalFixture } from './journal-fixture.ts';
import type { SetupView } from '../../shared/setup/setup-view.ts';
import type { ServersView } from '../../shared/servers/servers-view.ts';
import type { ReadinessView } from '../../shared/readiness/readiness-view.ts';
import type { DrillsView } from '../../shared/drills/drills-view.ts';
import type { NotificationsView } from '../../shared/notifications/notifications-view.ts';
import { notificationsFixtures } from './notifications-fixture.ts';
import { drillsFixtures } from './drills-fixtures.ts';
import type { PatchView } from '../../shared/patching/patch-view.ts';
import { patchFixtures } from './patch-fixtures.ts';
import { readinessChanges, readinessFixtures } from './readiness-fixtures.ts';
import { hardeningFixture } from './hardening-fixture.ts';
import { logsFixture } from './logs-fixture.ts';
import { serversFixtures } from './servers-fixtures.ts';
import { siteFileView } from './site-file-fixtures.ts';
import { setupFixtures } from './setup-fixtures.ts';
import { usualFixture } from './usual-fixture.ts';
import {
  keptFixture,
  looksReply,
  overtakenLooks,
  verificationReply,
  type VerifiedMoveName,
} from './verification-fixture.ts';
import { workstationsFixture } from './workstations-fixture.ts';
import {
  bundleFixture,
  differenceFixture,
  instantFixture,
  timelineFixture,
  timelineOverviewFixture,
} from './timeline-fixture.ts';

/** The built page behind a loopback server, with a host that says what a test wants. */
export interface PageServer {
  readonly url: string;
  /** From now on this is the site; it is told again and again with growing revisions. */
  show(snapshot: ConsoleSnapshot, everyMs?: number): void;
  /** Of the last snapshot that was told. */
  revision(): number;
  theme: 'light' | 'dark' | 'system';
  /** False: nobody has put the ways to begin away yet. */
  welcomed: boolean;
  /** How far the setup of a site got. */
  setup: SetupView;
  /** How far works on the servers got. */
  servers: ServersView;
  /** What was answered to the advisor. */
  advisor: AdvisorView;
  /** How the last move is verified; null: that is under way. */
  verified: VerifiedMoveName | null;
  /** How ready the site is. */
  readiness: ReadinessView;
  /** Drills that were made and are due. */
  drills: DrillsView;
  /** How far a server was taken out of service. */
  patch: PatchView;
  /** Whom the site tells. */
  notifications: NotificationsView;
  /** What the page asked for, in order. */
  readonly calls: { call: string; request: unknown }[];
  /** Breaks all connections and refuses new ones until `show` is called again. */
  vanish(): void;
  close(): Promise<void>;
}

/** Serves `pageRoot` with the product's own content policy. */
export async function startPageServer(pageRoot: string): Promise<PageServer> {
  const http: Server = createServer((request, response) => {
    servePageFile(pageRoot, request.url?.split('?')[0] ?? '/', "'self'")
      .then((file) => response.writeHead(file.status, file.headers).end(file.body))
      .catch(() => response.writeHead(500).end());
  });
  const sockets = new WebSocketServer({ noServer: true });
  let snapshot: ConsoleSnapshot | null = null;
  let revision = 0;
  let timer: NodeJS.Timeout | undefined;
  let gone = false;

  const next = (): ConsoleSnapshot | null =>
    snapshot && { ...lively(snapshot, revision), revision: ++revision };
  const tell = (socket: WebSocket) => {
    const event = next();
    if (event) socket.send(JSON.stringify({ type: 'event', name: 'snapshot', event }));
  };
  http.on('upgrade', (request, socket, head) => {
    if (gone || request.url !== '/ipc') return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (page) => {
      page.on('message', (data: Buffer) => answer(page, data.toString('utf8')));
    });
  });
  const answer = (page: WebSocket, text: string) => {
    const frame = PageFrame.parse(JSON.parse(text));
    server.calls.push({ call: frame.call, request: frame.request });
    const isSetup = frame.call === 'getSetup' || frame.call === 'setUp';
    const isServers = frame.call === 'getServers' || frame.call === 'actOnServers';
    const value = isServers
      ? server.servers
      : isSetup
        ? server.setup
        : valueFor(frame, server, next, snapshot);
    page.send(JSON.stringify({ type: 'outcome', id: frame.id, outcome: { ok: true, value } }));
  };

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: PageServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    theme: 'light',
    welcomed: true,
    setup: setupFixtures.empty,
    servers: serversFixtures.rest,
    advisor: advisorFixtures.empty,
    verified: 'silent',
    readiness: readinessFixtures.some,
    drills: drillsFixtures.some,
    patch: patchFixtures.none,
    notifications: notificationsFixtures.some,
    calls: [],
    revision: () => revision,
    show(shown, everyMs = 250) {
      gone = false;
      snapshot = shown;
      clearInterval(timer);
      timer = setInterval(() => sockets.clients.forEach(tell), everyMs);
    },
    vanish() {
      gone = true;
      clearInterval(timer);
      for (const client of sockets.clients) client.terminate();
    },
    async close() {
      clearInterval(timer);
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

function valueFor(
  { call, request }: { readonly call: string; readonly request?: unknown },
  server: Pick<
    PageServer,
    'theme' | 'welcomed' | 'advisor' | 'verified' | 'readiness' | 'drills' | 'patch' | 'notifications'
  >,
  next: () => ConsoleSnapshot | null,
  shown: ConsoleSnapshot | null,
): unknown {
  switch (call) {
    case 'getSnapshot':
      return next();
    case 'getPreferences':
      return { theme: server.theme, shell: 'browser', welcomed: server.welcomed, desktopNotes: true };
    case 'lookIntoSiteFile':
      return siteFileView(request as ConsoleRequest<'lookIntoSiteFile'>);
    case 'readServerLogs':
      return logsFixture;
    case 'readServerHardening':
      return hardeningFixture((request as ConsoleRequest<'readServerHardening'>).server);
    case 'readJournal':
      return journalFixture();
    case 'readEvidence':
      return shown && evidenceReply(shown, (request as ConsoleRequest<'readEvidence'>).cluster);
    case 'readVerification':
      return server.verified === 'overtaken'
        ? looksReply(overtakenLooks(), (request as ConsoleRequest<'readVerification'>).wanted)
        : verificationReply(server.verified && keptFixture(server.verified));
    case 'readTimeline':
      return timelineFixture(request as ConsoleRequest<'readTimeline'>, Date.now());
    case 'readTimelineOverview':
      return timelineOverviewFixture(request as ConsoleRequest<'readTimelineOverview'>, Date.now());
    case 'openBundle':
      return bundleFixture(Date.now());
    case 'readInstant':
      return instantFixture((request as ConsoleRequest<'readInstant'>).at, Date.now());
    case 'readDifference':
      return differenceFixture(request as ConsoleRequest<'readDifference'>, Date.now());
    case 'replaceStore':
      return { accepted: true, operation: 'store-9f3c21aa' };
    case 'switchOver':
      return { accepted: true, operation: 'op-20260314-0431' };
    default:
      return viewFor(call, server);
  }
}

/** What a page of its own is about: the same however often it is asked for. */
function viewFor(
  call: string,
  server: Pick<PageServer, 'advisor' | 'readiness' | 'drills' | 'patch' | 'notifications'>,
): unknown {
  switch (call) {
    case 'readUsualTimes':
      return usualFixture();
    case 'compareReadiness':
      return { changes: readinessChanges };
    case 'getAdvisor':
    case 'actOnAdvisor':
      return server.advisor;
    case 'getFailoverPlan':
    case 'acceptFailoverPlan':
      return planFixture();
    case 'getDrills':
    case 'actOnDrills':
      return server.drills;
    case 'getPatch':
    case 'actOnPatch':
      return server.patch;
    case 'getNotifications':
    case 'actOnNotifications':
      return server.notifications;
    case 'getWorkstations':
      return workstationsFixture;
    case 'getReadiness':
    case 'actOnReadiness':
      return server.readiness;
    default:
      return {};
  }
}

/** Rates and queues waver as they do on a working site; the same at each run. */
function lively(snapshot: ConsoleSnapshot, turn: number): ConsoleSnapshot {
  const copy = structuredClone(snapshot);
  for (const [index, cluster] of (copy.site?.clusters ?? []).entries()) {
    const wave = 1 + 0.12 * Math.sin(turn / 7 + index) + 0.06 * Math.sin(turn / 2.3);
    if (cluster.traffic && cluster.traffic.perSecond > 0) cluster.traffic.perSecond *= wave;
    for (const member of cluster.members) {
      const engine = member.snapshot?.engine;
      if (member.link.state !== 'connected' || !engine?.queued.value) continue;
      engine.queued.value = Math.round(engine.queued.value * wave);
      if (cluster.traffic && cluster.traffic.perSecond > 0)
        engine.messagesPerSecond.value = cluster.traffic.perSecond;
    }
  }
  return copy;
}

/** Folder of the built page. */
export const builtPage = join(import.meta.dirname, '../../dist/renderer');
