import type { ConsoleHandlers } from '../../shared/console-ipc/console-contract.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { ConsoleSite } from './console-site.ts';
import type { DemoSitePort } from './demo-site-port.ts';
import { describeCause } from './host-log.ts';
import { callFailure, CallFailure } from './ipc/call-failure.ts';
import { readTimeline } from './history/read-timeline.ts';
import { readEvidence } from './evidence/read-evidence.ts';
import { readJournal } from './journal/read-journal.ts';
import { askMember, forceCommand, readmitCommand, replaceStoreCommand } from './operations/ask-member.ts';
import { changePolicy } from './operations/change-policy.ts';
import { switchOver } from './operations/switch-over.ts';
import { kitOfProfile } from './recovery/kit-of-profile.ts';
import type { ServersKeeper } from './servers/servers-keeper.ts';
import { workstationHandlers, type WorkstationParts } from './workstation-handlers.ts';
import type { SetupKeeper } from './setup/setup-keeper.ts';

export interface HandlerParts extends WorkstationParts {
  current(): ConsoleSnapshot;
  /** Null while no site is open. */
  site(): ConsoleSite | null;
  /** Why it could not be opened; null while it is open or still awaited. */
  failure(): ProductError | null;
  readonly setup: Pick<SetupKeeper, 'open' | 'act'>;
  readonly servers: Pick<ServersKeeper, 'open' | 'act'>;
  onNews(): void;
}

/** One handler per call of the console contract. */
export function consoleHandlers(parts: HandlerParts): ConsoleHandlers {
  const openSite = (): ConsoleSite => {
    const site = parts.site();
    const failure = parts.failure();
    if (site === null && failure !== null) throw new CallFailure(failure);
    if (site === null) throw callFailure('site.missing', 'The site is still being opened.');
    return site;
  };
  const openDemo = (): DemoSitePort => {
    const { demo } = openSite();
    if (demo === null) throw callFailure('demo.only', 'This console shows a real site, not the demo.');
    return demo;
  };
  const askNamed = (command: Parameters<typeof askMember>[0]) => {
    const site = openSite();
    return askMember(command, parts.current().me.role, site.watch.agents(), site.ask);
  };
  const done = async (result: Promise<Result<void, ProductError>>) => {
    const { ok, ...rest } = await result;
    parts.onNews();
    if (!ok && 'error' in rest) throw new CallFailure(rest.error);
    return {};
  };
  return {
    getSnapshot: () => Promise.resolve(parts.current()),
    switchOver: async (request) => {
      const site = openSite();
      return switchOver(request, site.watch.agents(), site.ask);
    },
    forceTakeover: async (request) => askNamed(forceCommand(request)),
    readmit: async (request) => askNamed(readmitCommand(request)),
    replaceStore: async (request) => askNamed(replaceStoreCommand(request)),
    changePolicy: async (request) => {
      const site = openSite();
      return changePolicy(request, site.watch.agents(), site.ask);
    },
    readJournal: async (request) => {
      const site = openSite();
      return readJournal(request, site.watch.agents(), site.ask);
    },
    readEvidence: async (request) => {
      const site = openSite();
      return readEvidence(request, site.watch.agents(), site.ask);
    },
    readTimeline: async (request) => {
      const history = await openSite().history().catch(noHistory);
      return readTimeline(request, history, parts.wallTime());
    },
    injectFault: async (request) => done(openDemo().inject(request)),
    healAll: async () => done(openDemo().heal()),
    ...workHandlers(parts),
    makeRecoveryKit: async (request) => recoveryKit(request.passphrase, openSite(), parts),
    ...workstationHandlers(parts, done),
  };
}

async function recoveryKit(passphrase: string, { profileDirectory }: ConsoleSite, parts: HandlerParts) {
  const { me, site } = parts.current();
  if (me.role !== 'admin') {
    throw callFailure('command.forbidden', 'Only an administrator may make a recovery kit.');
  }
  const now = parts.wallTime();
  const text = valueOf(await kitOfProfile(profileDirectory, passphrase, now));
  return { fileName: `${site?.id ?? 'site'}-${now.slice(0, 10)}.kit`, text };
}

/** What goes on for long in the host: the setup of a site, and works on the servers of the one shown. */
function workHandlers({ setup, servers }: Pick<HandlerParts, 'setup' | 'servers'>) {
  return {
    getSetup: async () => valueOf(await setup.open()),
    setUp: async ({ action }) => valueOf(await setup.act(action)),
    getServers: () => servers.open(),
    actOnServers: async ({ action }) => valueOf(await servers.act(action)),
  } satisfies Pick<ConsoleHandlers, 'getSetup' | 'setUp' | 'getServers' | 'actOnServers'>;
}

function valueOf<Value>(result: Result<Value, ProductError>): Value {
  if (result.ok) return result.value;
  throw new CallFailure(result.error);
}

function noHistory(cause: unknown): never {
  const why = describeCause(cause).split('\n')[0]!;
  throw callFailure('history.unavailable', 'The history of this site could not be opened.', [why]);
}
