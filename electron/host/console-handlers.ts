import type { ConsoleHandlers } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { AdvisorKeeper } from './advisor/advisor-keeper.ts';
import type { PlanKeeper } from './behaviour/plan-keeper.ts';
import type { ConsoleSite } from './console-site.ts';
import type { DemoSitePort } from './demo-site-port.ts';
import { callFailure, CallFailure, valueOf } from './ipc/call-failure.ts';
import { drillHandlers, type DrillParts } from './drills/drill-handlers.ts';
import { helpHandlers } from './help/help-handlers.ts';
import { historyHandlers } from './history/history-handlers.ts';
import { readEvidence } from './evidence/read-evidence.ts';
import { readJournal } from './journal/read-journal.ts';
import { askMember, forceCommand, readmitCommand, replaceStoreCommand } from './operations/ask-member.ts';
import { changePolicy, setSecondPerson } from './operations/change-policy.ts';
import { cancelSchedule, decideRequest, scheduleMove, switchOver } from './operations/switch-over.ts';
import { kitOfProfile } from './recovery/kit-of-profile.ts';
import { readinessHandlers, type ReadinessParts } from './readiness/readiness-handlers.ts';
import type { PatchKeeper } from './patching/patch-keeper.ts';
import { agentEndpoints } from './agent-links/agent-endpoint.ts';
import { acknowledge } from './notifications/acknowledge.ts';
import type { NotificationsKeeper } from './notifications/notifications-keeper.ts';
import { siteFileHandlers } from './site-file/site-file-handlers.ts';
import type { ServersKeeper } from './servers/servers-keeper.ts';
import { verificationCalls } from './verification/verification-calls.ts';
import { workstationHandlers, type WorkstationParts } from './workstation-handlers.ts';
import { workstationsCalls } from './workstations/workstations-calls.ts';
import type { SetupKeeper } from './setup/setup-keeper.ts';

export interface HandlerParts extends WorkstationParts, ReadinessParts, DrillParts {
  /** Null while no site is open. */
  site(): ConsoleSite | null;
  /** Why it could not be opened; null while it is open or still awaited. */
  failure(): ProductError | null;
  readonly setup: Pick<SetupKeeper, 'open' | 'act'>;
  readonly servers: Pick<ServersKeeper, 'open' | 'act' | 'logs' | 'hardening' | 'siteFile' | 'isBusy'>;
  readonly notifications: Pick<NotificationsKeeper, 'open' | 'act'>;
  readonly advisor: Pick<AdvisorKeeper, 'open' | 'act'>;
  readonly plan: Pick<PlanKeeper, 'open' | 'accept'>;
  readonly patch: Pick<PatchKeeper, 'open' | 'act'>;
  onNews(): void;
  /** Of this console. */
  readonly version: string;
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
  const done = async (result: Promise<Result<void, ProductError>>) => {
    const { ok, ...rest } = await result;
    parts.onNews();
    if (!ok && 'error' in rest) throw new CallFailure(rest.error);
    return {};
  };
  return {
    getSnapshot: () => Promise.resolve(parts.current()),
    ...memberHandlers(parts, openSite),
    ...proofHandlers(parts, openSite),
    ...historyHandlers({ ...parts, site: openSite }),
    injectFault: async (request) => done(openDemo().inject(request)),
    healAll: async () => done(openDemo().heal()),
    ...workHandlers(parts),
    ...readinessHandlers(parts),
    ...drillHandlers(parts),
    ...helpHandlers(parts),
    makeRecoveryKit: async (request) => recoveryKit(request.passphrase, openSite(), parts),
    ...workstationsCalls(openSite, () => parts.wallTime()),
    ...workstationHandlers(parts, done),
    ...siteFileHandlers(parts, done),
  };
}

/** What members are asked for, and what they have written down. */
function memberHandlers(parts: Pick<HandlerParts, 'current' | 'wallTime'>, openSite: () => ConsoleSite) {
  const askNamed = (command: Parameters<typeof askMember>[0]) => {
    const site = openSite();
    return askMember(command, parts.current().me.role, site.watch.agents(), site.ask);
  };
  return {
    switchOver: async (request) => {
      const site = openSite();
      return switchOver(request, site.watch.agents(), site.ask);
    },
    scheduleMove: async (request) => {
      const site = openSite();
      return scheduleMove(request, site.watch.agents(), site.ask, parts.wallTime());
    },
    cancelSchedule: async (request) => {
      const site = openSite();
      return cancelSchedule(request, site.watch.agents(), site.ask);
    },
    decideRequest: async (request) => {
      const site = openSite();
      return decideRequest(request, site.watch.agents(), site.ask);
    },
    setSecondPerson: async (request) => {
      const site = openSite();
      return setSecondPerson(request, site.watch.agents(), site.ask);
    },
    forceTakeover: async (request) => askNamed(forceCommand(request)),
    readmit: async (request) => askNamed(readmitCommand(request)),
    replaceStore: async (request) => askNamed(replaceStoreCommand(request)),
    changePolicy: async (request) => {
      const site = openSite();
      return changePolicy(request, site.watch.agents(), site.ask);
    },
    acknowledge: async (request) => {
      const { document, ask } = openSite();
      return acknowledge(request, agentEndpoints(document), ask);
    },
    readJournal: async (request) => {
      const site = openSite();
      return readJournal(request, site.watch.agents(), site.ask);
    },
    readEvidence: async (request) => {
      const site = openSite();
      return readEvidence(request, site.watch.agents(), site.ask);
    },
  } satisfies Partial<ConsoleHandlers>;
}

/** What is said of a move once it is over. */
function proofHandlers(
  parts: Pick<HandlerParts, 'current' | 'version' | 'wallTime' | 'printPdf'>,
  openSite: () => ConsoleSite,
) {
  return verificationCalls({
    ...parts,
    verification: async () => openSite().verification(),
    me: () => parts.current().me,
    site: () => {
      const { document, demo } = openSite();
      return { id: document.id, name: document.name, demo: demo !== null };
    },
  });
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

/** What the host keeps beside the picture: the setup of a site, works on servers, the advisor's answers, the plan. */
function workHandlers(
  parts: Pick<HandlerParts, 'setup' | 'servers' | 'notifications' | 'advisor' | 'plan' | 'patch'>,
) {
  const { setup, servers, notifications, advisor, plan, patch } = parts;
  return {
    getSetup: async () => valueOf(await setup.open()),
    setUp: async ({ action }) => valueOf(await setup.act(action)),
    getServers: () => servers.open(),
    actOnServers: async ({ action }) => valueOf(await servers.act(action)),
    getNotifications: () => Promise.resolve(notifications.open()),
    actOnNotifications: async ({ action }) => valueOf(await notifications.act(action)),
    readServerLogs: async (request) => valueOf(await servers.logs(request)),
    readServerHardening: async (request) => valueOf(await servers.hardening(request)),
    getAdvisor: async () => valueOf(await advisor.open()),
    actOnAdvisor: async ({ action }) => valueOf(await advisor.act(action)),
    getFailoverPlan: async ({ of }) => valueOf(await plan.open(of)),
    getPatch: () => Promise.resolve(patch.open()),
    actOnPatch: async ({ action }) => valueOf(await patch.act(action)),
    acceptFailoverPlan: async (request) => valueOf(await plan.accept(request)),
  } satisfies Partial<ConsoleHandlers>;
}
