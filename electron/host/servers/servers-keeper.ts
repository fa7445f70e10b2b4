import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type {
  LogsRequest,
  MoveTarget,
  OpenMove,
  ServersAction,
  ServersView,
  ServerWorkName,
  WorkOrder,
} from '../../../shared/servers/servers-view.ts';
import type { HardeningRequest, ServerHardening } from '../../../shared/servers/hardening.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import type { ServerLogs } from '../../../shared/support/server-logs.ts';
import type { ConsoleSite } from '../console-site.ts';
import { pullIntoProfile } from '../configuration/pull-into-profile.ts';
import { exportSiteFile, type ExportedSiteFile } from '../configuration/export-site-file.ts';
import { serversInUse, siteDescription, waysOf, type SiteDescription } from '../install/install-file.ts';
import type { SiteAccess } from '../install/server-access.ts';
import { sshTarget } from '../install/ssh-targets.ts';
import { StepBook } from '../install/step-book.ts';
import type { MoveInputs } from '../move-store/move-inputs.ts';
import { targetsGoal } from '../notifications/change-targets.ts';
import { readMove, type MoveRecord } from '../move-store/move-record.ts';
import { storeName } from '../move-store/move-refusals.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import type { SetupMeans } from '../setup/setup-means.ts';
import { SetupSecrets } from '../setup/setup-secrets.ts';
import type { SshTarget } from '../ssh/server-connection.ts';
import { readHardening } from '../hardening/read-hardening.ts';
import { readServerLogs } from '../support/read-logs.ts';
import type { ReachServer } from '../support/server-part.ts';
import { WorkState, type WorkPorts } from '../setup/setup-work.ts';
import { moveGoal } from './move-goal.ts';
import { accessView, etcdSecretsOf, sharedView, withTyped } from './server-secrets.ts';
import { carryOut } from './server-works.ts';

export interface ServersPorts extends WorkPorts {
  readonly means: Pick<SetupMeans, 'connect' | 'install' | 'sshAgentSocket'>;
  /** The site that is shown; null while none is open. */
  readonly site: () => Pick<ConsoleSite, 'profileDirectory' | 'demo' | 'ask' | 'me'> | null;
  /** Shows the site anew, as its folder describes it by now. */
  readonly reopen: (profileDirectory: string) => Promise<Result<void, ProductError>>;
  readonly wallTime: () => string;
  /** Of this console. */
  readonly version: string;
}

/** More would not be read on a screen. */
const shownLines = 1_000;
/** Twice this is less than a page waits for an answer. */
const looksWithinMs = 6_000;

interface LookedAt {
  readonly site: SiteDocument;
  readonly server: Server;
  readonly reach: ReachServer;
}

/** These leave another site document, or another list of what is revoked, in the folder. */
const changesDocument: ReadonlySet<WorkOrder['act']> = new Set([
  'arm',
  'observe',
  'move',
  'notify',
  'pull',
  'revoke',
]);

/** What a person has done on the servers of the site that is shown. One work at a time; secrets live in memory only. */
export class ServersKeeper {
  readonly #ports: ServersPorts;
  readonly #work: WorkState;
  readonly #book: StepBook;
  readonly #secrets = new SetupSecrets();
  /** Of the site whose folder it is; secrets and outcome of another site are forgotten. */
  #profile: ConsoleProfile | null = null;
  #kind: ServerWorkName | null = null;
  #plan = false;
  #lines: readonly string[] = [];
  /** A move of the lease store that has not ended. */
  #move: MoveRecord | null = null;
  #lookedAt: MoveTarget | null = null;
  #lookedAtTargets: ServersView['lookedAtTargets'] = null;
  /** Nobody has to be told before a page has asked. */
  isOpen = false;

  constructor(ports: ServersPorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
    this.#book = new StepBook(() => ports.time.bootMs());
  }

  /** A work on the servers goes on. */
  get isBusy(): boolean {
    return this.#work.running;
  }

  async open(): Promise<ServersView> {
    this.isOpen = true;
    await this.#read();
    return this.view();
  }

  /** Errors: command.refused (another work goes on, a name that does not fit, not an administrator). */
  async act(action: ServersAction): Promise<Result<ServersView, ProductError>> {
    this.isOpen = true;
    await this.#read();
    if (action.act === 'stop') this.#work.stop();
    if (action.act === 'secret') this.#secrets.put(action.server, action.kind, action.value);
    if (action.act === 'secret' || action.act === 'stop') return this.#told();
    const refusal = action.act === 'pull' ? this.#pullRefusal() : this.#refusalOf(action);
    if (refusal !== null) return fail(productError('command.refused', refusal));
    this.#begin(action);
    return this.#told();
  }

  /** The site as the command line reads it. Errors: command.refused. */
  async siteFile(): Promise<Result<ExportedSiteFile & { readonly fileName: string }, ProductError>> {
    await this.#read();
    const site = this.#ports.site();
    const profile = this.#profile;
    if (
      site === null ||
      site.demo !== null ||
      profile === null ||
      profile.directory !== site.profileDirectory
    )
      return fail(productError('command.refused', 'No site with a profile folder is shown.'));
    return succeed({
      fileName: `${profile.site.id}.json`,
      ...(await exportSiteFile(profile, { at: this.#ports.wallTime(), console: this.#ports.version })),
    });
  }

  /** Looks only, so it goes on beside a work. Errors: command.refused, ssh.*, logs.not-told. */
  async logs({ server, sinceSeconds }: LogsRequest): Promise<Result<ServerLogs, ProductError>> {
    const looked = await this.#lookAt(server);
    if (!looked.ok) return looked;
    const since = { kind: 'ago', seconds: sinceSeconds } as const;
    const order = { since, after: null, lines: shownLines, withinMs: looksWithinMs };
    return readServerLogs(looked.value.server, looked.value.reach, order);
  }

  /** The same of how open its units are. Errors: command.refused, ssh.*. */
  async hardening({ server }: HardeningRequest): Promise<Result<ServerHardening, ProductError>> {
    const looked = await this.#lookAt(server);
    if (!looked.ok) return looked;
    const { site, reach, server: found } = looked.value;
    return readHardening(site, found, reach, looksWithinMs);
  }

  /** A server that is only looked at, with the way to it, which must answer before the page gives up. */
  async #lookAt(id: string): Promise<Result<LookedAt, ProductError>> {
    await this.#read();
    const refusal = this.#siteRefusal();
    if (refusal !== null) return fail(productError('command.refused', refusal));
    const { site, access } = this.#profile!;
    const server = site.servers.find((one) => one.id === id);
    if (server === undefined) return fail(productError('command.refused', `The site has no server ${id}.`));
    const target = async (one: Server) => {
      const found = await this.#target(one, access);
      return found.ok ? succeed({ ...found.value, connectTimeoutMs: looksWithinMs }) : found;
    };
    return succeed({ site, server, reach: { connect: this.#ports.means.connect, target } });
  }

  view(): ServersView {
    const profile = this.#profile;
    const goal = this.#move?.to;
    const access = profile === null ? [] : serversInUse(profile.site);
    const added = goal === undefined ? [] : serversInUse(goal.site).filter((id) => !access.includes(id));
    const ways = { ...goal?.ways.access, ...profile?.access.access };
    return {
      refusal: this.#siteRefusal(),
      canPull: this.#pullRefusal() === null || this.#work.running,
      access: [...access, ...added].flatMap((id) =>
        ways[id] ? [accessView(id, ways[id], this.#secrets)] : [],
      ),
      shared: profile === null ? { needs: [], has: [] } : sharedView(profile, this.#secrets),
      kind: this.#kind,
      plan: this.#plan,
      work: this.#work.view(),
      steps: this.#book.steps,
      lines: [...this.#lines],
      openMove: this.#move && openMoveOf(this.#move),
      lookedAt: this.#lookedAt,
      lookedAtTargets: this.#lookedAtTargets,
    };
  }

  #told(): Result<ServersView, ProductError> {
    this.#ports.onNews();
    return succeed(this.view());
  }

  async #read(): Promise<void> {
    const site = this.#ports.site();
    if (site === null || site.demo !== null || this.#work.running) return;
    const read = await readProfile(site.profileDirectory, this.#ports.wallTime());
    const profile = read.ok ? read.value : null;
    if (profile?.directory !== this.#profile?.directory && this.#profile !== null) this.#forget();
    this.#profile = profile;
    await this.#readMove(site.profileDirectory);
  }

  async #readMove(directory: string): Promise<void> {
    const move = await readMove(directory);
    this.#move = move?.endedAt === null ? move : null;
  }

  #forget(): void {
    this.#secrets.forgetAll();
    this.#book.clear();
    this.#work.forget();
    this.#kind = null;
    this.#plan = false;
    this.#lines = [];
    this.#move = null;
    this.#lookedAt = null;
    this.#lookedAtTargets = null;
  }

  #siteRefusal(): string | null {
    const site = this.#ports.site();
    if (site === null) return 'No site is open.';
    if (site.demo !== null)
      return 'The servers of the demo site are processes on this machine: nothing is installed on them.';
    if (site.me.role !== 'admin') return 'Only an administrator may work on the servers.';
    if (this.#profile === null) return 'The profile folder of this site cannot be read.';
    const { access, site: document } = this.#profile;
    const lacking = serversInUse(document).filter((id) => access.access[id] === undefined);
    return lacking.length === 0
      ? null
      : `This workstation does not know how to sign in to ${lacking.join(', ')}. Use the command line with a site file.`;
  }

  /** Whoever may look may have the newest site document: the agents tell it. */
  #pullRefusal(): string | null {
    if (this.#work.running) return 'Another work on the servers is under way.';
    const site = this.#ports.site();
    return site?.demo === null && this.#profile !== null ? null : this.#siteRefusal();
  }

  #refusalOf(action: WorkOrder): string | null {
    if (this.#work.running) return 'Another work on the servers is under way.';
    const refusal = this.#siteRefusal();
    if (refusal !== null || !('typedName' in action)) return refusal;
    const { name } = this.#profile!.site;
    return action.typedName === name ? null : `The typed name is not ${name}.`;
  }

  #begin(action: WorkOrder): void {
    const site = this.#ports.site()!;
    const profile = this.#profile!;
    const { directory } = profile;
    this.#book.clear();
    this.#lines = [];
    this.#kind = action.act === 'begin' ? action.work : action.act;
    this.#plan = ('plan' in action && action.plan) || (action.act === 'configuration' && !action.copy);
    this.#work.begin('The servers are reached', async (signal) => {
      const done = await this.#carriedOut(action, profile, site, signal);
      if (done.ok) this.#lines = done.value;
      if (action.act === 'move') {
        await this.#readMove(directory);
        this.#lookedAt = done.ok && action.plan ? action.target : null;
      }
      if (action.act === 'notify') {
        this.#lookedAtTargets = done.ok && action.plan ? { policy: action.policy } : null;
      }
      return done.ok && changesDocument.has(action.act) && !this.#plan ? this.#showAnew(directory) : done;
    });
  }

  /** The agents are asked for the site document; the servers over SSH only where none of them tells it. */
  async #carriedOut(
    action: WorkOrder,
    profile: ConsoleProfile,
    { ask }: Pick<ConsoleSite, 'ask'>,
    signal: AbortSignal,
  ): Promise<Result<string[], ProductError[]>> {
    if (action.act === 'pull') {
      const told = await pullIntoProfile({ profile, ask, plan: action.plan });
      if (told.ok || this.#siteRefusal() !== null) return told;
    }
    const described = goalOf(action, profile, this.#move);
    if (!described.ok) return fail([described.error]);
    const inputs = await this.#inputs(described.value, profile.directory);
    if (!inputs.ok) return fail([inputs.error]);
    const tell = (awaits: string) => this.#work.tell(awaits);
    return carryOut(action, { inputs: inputs.value, ask, signal, tell });
  }

  /** Unless another site is shown by now. */
  async #showAnew(directory: string): Promise<Result<unknown, ProductError[]>> {
    if (this.#ports.site()?.profileDirectory !== directory) return succeed(undefined);
    const shown = await this.#ports.reopen(directory);
    return shown.ok ? shown : fail([shown.error]);
  }

  async #target(server: Server, ways: SiteAccess): Promise<Result<SshTarget, ProductError>> {
    const found = await sshTarget(server, ways, { sshAgentSocket: this.#ports.means.sshAgentSocket });
    return found.ok ? succeed(withTyped(found.value, server.id, this.#secrets)) : found;
  }

  async #inputs(document: SiteDescription, directory: string): Promise<Result<MoveInputs, ProductError>> {
    const { means } = this.#ports;
    const { site } = document;
    const access = waysOf(document);
    const bundle = await means.install.bundle();
    if (!bundle.ok) return bundle;
    const password = this.#secrets.get('', 'engine-password');
    const missing = productError(
      'ssh.authentication',
      'The password of the engines’ API is needed: it is not kept.',
    );
    const target = (server: Server) => this.#target(server, access);
    return succeed({
      document,
      profileDirectory: directory,
      bundle: bundle.value,
      connect: means.connect,
      target,
      targetBy: (server, ways) => this.#target(server, ways),
      wallTime: this.#ports.wallTime,
      enginePassword: () => Promise.resolve(password === undefined ? fail(missing) : succeed(password)),
      etcdSecrets: () => etcdSecretsOf({ site, access }, this.#secrets, new Date(this.#ports.wallTime())),
      createAsk: (credentials) => means.install.createAsk(credentials, { site, access, target }),
      onProgress: (progress) => {
        this.#book.note(progress);
        this.#work.tell(progress.state === 'started' ? `${progress.server}: ${progress.step}` : '');
        this.#ports.onNews();
      },
    });
  }
}

/** The site as it shall be after this work. Errors: move.refused, site.unsafe. */
function goalOf(
  action: WorkOrder,
  profile: ConsoleProfile,
  move: MoveRecord | null,
): Result<SiteDescription, ProductError> {
  if (action.act === 'move') return moveGoal(profile, action.target, move);
  if (action.act === 'notify') return targetsGoal(profile, action.policy);
  return succeed(siteDescription(profile.site, profile.access));
}

function openMoveOf({ from, to, begunAt }: MoveRecord): OpenMove {
  return { from: storeName(from.site), to: storeName(to.site), begunAt };
}
