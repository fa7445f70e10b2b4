import type { ConsoleHandlers } from '../../shared/console-ipc/console-contract.ts';
import type { ConsoleEvent, ConsoleEventName } from '../../shared/console-ipc/console-events.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ProductError } from '../../shared/errors.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { AdvisorKeeper } from './advisor/advisor-keeper.ts';
import { PlanKeeper } from './behaviour/plan-keeper.ts';
import { createDispatcher, type Dispatch } from './ipc/dispatcher.ts';
import { consoleHandlers } from './console-handlers.ts';
import { openConsoleSite, type ConsoleSite, type ConsoleSiteOptions } from './console-site.ts';
import type { HostLog } from './host-log.ts';
import type { HostTime } from './host-time.ts';
import type { SiteSource } from './site-source.ts';
import { NotificationsKeeper } from './notifications/notifications-keeper.ts';
import { DrillsKeeper } from './drills/drills-keeper.ts';
import { PatchKeeper } from './patching/patch-keeper.ts';
import { RemindersKeeper } from './reminders/reminders-keeper.ts';
import { ReadinessKeeper } from './readiness/readiness-keeper.ts';
import type { PrintPdf } from './report/report-file.ts';
import { ServersKeeper } from './servers/servers-keeper.ts';
import type { SettingsStore } from './settings/preferences.ts';
import { SetupKeeper } from './setup/setup-keeper.ts';
import type { SetupMeans } from './setup/setup-means.ts';
import { createPublisher, type Publisher } from './snapshot/publisher.ts';

export interface ConsoleHostOptions {
  readonly source: SiteSource;
  readonly settings: SettingsStore;
  readonly shell: 'electron' | 'browser';
  readonly version: string;
  readonly time: HostTime;
  /** A random number from 0 to 1, for the spread of reconnects. */
  readonly chance: () => number;
  readonly log: HostLog;
  /** What the setup of a new site works with. */
  readonly setup: SetupMeans;
  /** Makes a PDF of a report. */
  readonly printPdf: PrintPdf;
}

export type EventListener = <Name extends ConsoleEventName>(name: Name, event: ConsoleEvent<Name>) => void;

export interface ConsoleHost {
  readonly handlers: ConsoleHandlers;
  readonly dispatch: Dispatch;
  current(): ConsoleSnapshot;
  /** Called with every event; the returned function ends it. */
  subscribe(listener: EventListener): () => void;
  /** Settles when the site is open, or could not be opened (then with the reason). */
  readonly opened: Promise<Result<ConsoleSite, ProductError>>;
  /** Ends links, timers and, in the demo, every process of it. */
  stop(): Promise<void>;
}

/**
 * Everything the console does, free of any shell. Answers at once: until the site is open the snapshot
 * says what is awaited, and when it cannot be opened, why.
 */
export function createConsoleHost(options: ConsoleHostOptions): ConsoleHost {
  const { time, log, source } = options;
  const listeners = new Set<EventListener>();
  const state: HostState = { site: null, failure: null, awaited: firstAwaited(source) };
  const reminders = new RemindersKeeper({ time, log, site: () => state.site });
  const make = snapshotMaker(state, options, reminders);
  let stopped = false;

  const tell: EventListener = (name, event) => {
    for (const listener of listeners) listener(name, event);
  };
  const publisher = createPublisher(time, () => {
    if (listeners.size > 0) tell('snapshot', make());
  });
  const onProgress = (text: string) => {
    state.awaited = `The demo site starts: ${text}.`;
    publisher.news();
  };
  const onNews = () => publisher.news();
  const opening = { ...options, onProgress, onNews };
  const opened = openConsoleSite(source, opening).then((result) => {
    if (result.ok) state.site = result.value;
    else state.failure = result.error;
    if (stopped) return result;
    publisher.news();
    return result;
  });
  const { advisor, plan, show } = openPlanning(state, opening, () => setup);
  const { setup, setupNews } = openSetup(options, { show }, tell);
  const { pages, pageNews } = openPages(state, options, opening, { tell, reminders });
  const handlers = consoleHandlers({
    ...{ setup, advisor, plan, ...pages },
    current: make,
    site: () => state.site,
    failure: () => state.failure,
    ...workstation(options),
    showSite: (directory) => showSite(state, directory, opening),
    onNews,
    wallTime: () => time.wallTime(),
  });
  return {
    handlers,
    dispatch: createDispatcher(handlers, log),
    current: make,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    opened,
    stop: async () => {
      stopped = true;
      publisher.stop();
      for (const news of [setupNews, ...pageNews]) news.stop();
      const { drills, patch } = pages;
      await Promise.all([setup.stop(), drills.stop(), patch.stop(), reminders.stop(), opened]);
      if (state.site) await state.site.close();
    },
  };
}

/** What pages ask for by themselves, and what tells them when it has changed. */
function openPages(
  state: HostState,
  options: ConsoleHostOptions,
  opening: Parameters<typeof openServers>[1],
  { tell, reminders }: { readonly tell: EventListener; readonly reminders: RemindersKeeper },
) {
  const { servers, serversNews } = openServers(state, opening, tell);
  const { readiness, readinessNews } = openReadiness(state, options, tell);
  const { drills, drillsNews } = openDrills(state, options, tell, () => reminders.drillsChanged());
  const { patch, patchNews } = openPatch(state, options, tell);
  const { notifications, notificationsNews } = openNotifications(state, options, tell);
  return {
    pages: { servers, readiness, drills, patch, notifications },
    pageNews: [serversNews, readinessNews, drillsNews, patchNews, notificationsNews],
  };
}

function workstation({ settings, shell, setup, printPdf, version }: ConsoleHostOptions) {
  return { settings, shell, printPdf, version, sitesFolder: setup.install.sitesFolder };
}

/** The advisor's answers and the accepted plan, which go with the site that is set up from them. */
function openPlanning(
  state: HostState,
  options: ConsoleHostOptions & ConsoleSiteOptions,
  setupOf: () => SetupKeeper,
) {
  const { time, log, setup } = options;
  const advisor = new AdvisorKeeper({
    folder: setup.folder,
    site: () => state.site,
    wallTime: () => time.wallTime(),
  });
  const plan = new PlanKeeper({
    folder: setup.folder,
    site: () => state.site,
    setup: () => setupOf().open(),
    wallTime: () => time.wallTime(),
  });
  const show = async (directory: string) => {
    await advisor.adopt(directory).catch((cause: unknown) => log.error('the answers stay behind', cause));
    await plan.adopt(directory).catch((cause: unknown) => log.error('the acceptance stays behind', cause));
    return showSite(state, directory, options);
  };
  return { advisor, plan, show };
}

/** The setup of this console, and when its news is told. */
function openSetup(
  options: ConsoleHostOptions,
  { show }: { readonly show: (directory: string) => Promise<Result<void, ProductError>> },
  tell: EventListener,
): { readonly setup: SetupKeeper; readonly setupNews: Publisher } {
  const { time, log } = options;
  const setupNews = createPublisher(time, () => {
    if (setup.isOpen) tell('setup', setup.view());
  });
  const setup = new SetupKeeper({
    ...options.setup,
    time,
    log,
    showSite: show,
    onNews: () => setupNews.news(),
  });
  return { setup, setupNews };
}

/** The works on the servers of the site that is shown, and when their news is told. */
function openServers(
  state: HostState,
  options: ConsoleHostOptions & ConsoleSiteOptions,
  tell: EventListener,
): { readonly servers: ServersKeeper; readonly serversNews: Publisher } {
  const { time, log, setup: means } = options;
  const serversNews = createPublisher(time, () => {
    if (servers.isOpen) tell('servers', servers.view());
  });
  const servers = new ServersKeeper({
    time,
    log,
    means,
    site: () => state.site,
    reopen: (directory) => showSite(state, directory, options),
    wallTime: () => time.wallTime(),
    version: options.version,
    onNews: () => serversNews.news(),
  });
  return { servers, serversNews };
}

/** The readiness of the site that is shown, and when its news is told. */
function openReadiness(
  state: Readonly<HostState>,
  { time, log }: ConsoleHostOptions,
  tell: EventListener,
): { readonly readiness: ReadinessKeeper; readonly readinessNews: Publisher } {
  const readinessNews = createPublisher(time, () => {
    if (readiness.isOpen) tell('readiness', readiness.view());
  });
  const readiness = new ReadinessKeeper({
    time,
    log,
    site: () => state.site,
    onNews: () => readinessNews.news(),
  });
  return { readiness, readinessNews };
}

/** The drills of the site that is shown, and when their news is told. */
function openDrills(
  state: Readonly<HostState>,
  { time, log }: ConsoleHostOptions,
  tell: EventListener,
  onChange: () => void,
): { readonly drills: DrillsKeeper; readonly drillsNews: Publisher } {
  const drillsNews = createPublisher(time, () => {
    if (drills.isOpen) tell('drills', drills.view());
  });
  const onNews = () => {
    onChange();
    drillsNews.news();
  };
  const drills = new DrillsKeeper({ time, log, site: () => state.site, onNews });
  return { drills, drillsNews };
}

/** The patching of a server of the site that is shown, and when its news is told. */
function openPatch(
  state: Readonly<HostState>,
  { time }: ConsoleHostOptions,
  tell: EventListener,
): { readonly patch: PatchKeeper; readonly patchNews: Publisher } {
  const patchNews = createPublisher(time, () => {
    if (patch.isOpen) tell('patch', patch.view());
  });
  const patch = new PatchKeeper({ time, site: () => state.site, onNews: () => patchNews.news() });
  return { patch, patchNews };
}

/** Whom the site that is shown tells, and when news of tests is told. */
function openNotifications(
  state: Readonly<HostState>,
  { time }: ConsoleHostOptions,
  tell: EventListener,
): { readonly notifications: NotificationsKeeper; readonly notificationsNews: Publisher } {
  const notificationsNews = createPublisher(time, () => {
    if (notifications.isOpen) tell('notifications', notifications.view());
  });
  const onNews = () => notificationsNews.news();
  const notifications = new NotificationsKeeper({ time, site: () => state.site, onNews });
  return { notifications, notificationsNews };
}

/** Shows another site instead of the present one, which goes on without this console (the demo ends). */
async function showSite(
  state: HostState,
  directory: string,
  options: ConsoleHostOptions & ConsoleSiteOptions,
): Promise<Result<void, ProductError>> {
  const opened = await openConsoleSite({ kind: 'profile', directory }, options);
  if (!opened.ok) return opened;
  const before = state.site;
  state.site = opened.value;
  state.failure = null;
  options.settings.write({ ...options.settings.read(), lastSite: directory });
  options.onNews();
  if (before) await before.close();
  return succeed(undefined);
}

interface HostState {
  site: ConsoleSite | null;
  failure: ProductError | null;
  /** What is awaited while there is neither. */
  awaited: string;
}

/** Makes the next snapshot each time, with a revision that only grows. */
function snapshotMaker(
  state: Readonly<HostState>,
  options: ConsoleHostOptions,
  reminders: RemindersKeeper,
): () => ConsoleSnapshot {
  const startedAt = options.time.bootMs();
  let revision = 0;
  return () => {
    const now = options.time.bootMs();
    revision += 1;
    const waits = state.site === null && state.failure === null;
    return {
      revision,
      consoleVersion: options.version,
      madeAtMs: now,
      site: state.site && { ...state.site.watch.view(now), reminders: reminders.view() },
      me: state.site?.me ?? { name: '', role: 'viewer' },
      awaiting: waits ? { what: state.awaited, sinceMs: now - startedAt } : null,
      trouble: state.failure ?? options.settings.trouble,
    };
  };
}

function firstAwaited(source: SiteSource): string {
  return source.kind === 'demo'
    ? 'The demo site starts: two servers, two clusters, a witness, a load balancer and HL7 traffic.'
    : 'The site file is read.';
}
