import type {
  ConsoleEvent,
  ConsoleEventName,
  ConsoleHandlers,
} from '../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ProductError } from '../../shared/errors.ts';
import { succeed, type Result } from '../../shared/result.ts';
import { createDispatcher, type Dispatch } from './ipc/dispatcher.ts';
import { consoleHandlers } from './console-handlers.ts';
import { openConsoleSite, type ConsoleSite, type ConsoleSiteOptions } from './console-site.ts';
import type { HostLog } from './host-log.ts';
import type { HostTime } from './host-time.ts';
import type { SiteSource } from './site-source.ts';
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
  const make = snapshotMaker(state, options);
  let stopped = false;

  const publisher = createPublisher(time, () => {
    if (listeners.size === 0) return;
    const snapshot = make();
    for (const listener of listeners) listener('snapshot', snapshot);
  });
  const onProgress = (text: string) => {
    state.awaited = `The demo site starts: ${text}.`;
    publisher.news();
  };
  const onNews = () => publisher.news();
  const opened = openConsoleSite(source, { ...options, onProgress, onNews }).then((result) => {
    if (result.ok) state.site = result.value;
    else state.failure = result.error;
    if (stopped) return result;
    publisher.news();
    return result;
  });
  const { setup, setupNews } = openSetup(state, { ...options, onProgress, onNews }, (view) => {
    for (const listener of listeners) listener('setup', view);
  });
  const { servers, serversNews } = openServers(state, options, (view) => {
    for (const listener of listeners) listener('servers', view);
  });
  const handlers = consoleHandlers({
    setup,
    servers,
    current: make,
    site: () => state.site,
    failure: () => state.failure,
    ...workstation(options),
    showSite: (directory) => showSite(state, directory, { ...options, onProgress, onNews }),
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
      setupNews.stop();
      serversNews.stop();
      await Promise.all([setup.stop(), opened]);
      if (state.site) await closeSite(state.site);
    },
  };
}

function workstation({ settings, shell, setup }: ConsoleHostOptions) {
  return { settings, shell, sitesFolder: setup.install.sitesFolder };
}

/** The setup of this console, and when its news is told. */
function openSetup(
  state: HostState,
  options: ConsoleHostOptions & ConsoleSiteOptions,
  tell: (view: ConsoleEvent<'setup'>) => void,
): { readonly setup: SetupKeeper; readonly setupNews: Publisher } {
  const { time, log } = options;
  const setupNews = createPublisher(time, () => {
    if (setup.isOpen) tell(setup.view());
  });
  const setup = new SetupKeeper({
    ...options.setup,
    time,
    log,
    showSite: (directory) => showSite(state, directory, options),
    onNews: () => setupNews.news(),
  });
  return { setup, setupNews };
}

/** The works on the servers of the site that is shown, and when their news is told. */
function openServers(
  state: Readonly<HostState>,
  { time, log, setup: means }: ConsoleHostOptions,
  tell: (view: ConsoleEvent<'servers'>) => void,
): { readonly servers: ServersKeeper; readonly serversNews: Publisher } {
  const serversNews = createPublisher(time, () => {
    if (servers.isOpen) tell(servers.view());
  });
  const servers = new ServersKeeper({
    time,
    log,
    means,
    site: () => state.site,
    wallTime: () => time.wallTime(),
    onNews: () => serversNews.news(),
  });
  return { servers, serversNews };
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
  if (before) await closeSite(before);
  return succeed(undefined);
}

async function closeSite(site: ConsoleSite): Promise<void> {
  site.watch.stop();
  site.closeWay();
  await site.closeHistory();
  await site.demo?.stop();
}

interface HostState {
  site: ConsoleSite | null;
  failure: ProductError | null;
  /** What is awaited while there is neither. */
  awaited: string;
}

/** Makes the next snapshot each time, with a revision that only grows. */
function snapshotMaker(state: Readonly<HostState>, options: ConsoleHostOptions): () => ConsoleSnapshot {
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
      site: state.site?.watch.view(now) ?? null,
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
