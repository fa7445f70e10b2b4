import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ServersAction, ServersView, ServerWorkName } from '../../../shared/servers/servers-view.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { ConsoleSite } from '../console-site.ts';
import { serversInUse, type SiteDescription } from '../install/install-file.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import type { SiteAccess } from '../install/server-access.ts';
import { sshTarget } from '../install/ssh-targets.ts';
import { StepBook } from '../install/step-book.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import type { SetupMeans } from '../setup/setup-means.ts';
import { SetupSecrets } from '../setup/setup-secrets.ts';
import { WorkState, type WorkPorts } from '../setup/setup-work.ts';
import { accessView, withTyped } from './server-secrets.ts';
import { carryOut } from './server-works.ts';

export interface ServersPorts extends WorkPorts {
  readonly means: Pick<SetupMeans, 'connect' | 'install' | 'sshAgentSocket'>;
  /** The site that is shown; null while none is open. */
  readonly site: () => Pick<ConsoleSite, 'profileDirectory' | 'demo' | 'ask' | 'me'> | null;
  readonly wallTime: () => string;
}

/** What a person has done on the servers of the site that is shown. One work at a time; secrets live in memory only. */
export class ServersKeeper {
  readonly #ports: ServersPorts;
  readonly #work: WorkState;
  readonly #book: StepBook;
  readonly #secrets = new SetupSecrets();
  /** Of the site whose folder it is; secrets and outcome of another site are forgotten. */
  #profile: ConsoleProfile | null = null;
  #kind: ServerWorkName | null = null;
  #lines: readonly string[] = [];
  /** Nobody has to be told before a page has asked. */
  isOpen = false;

  constructor(ports: ServersPorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
    this.#book = new StepBook(() => ports.time.bootMs());
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
    if (action.act !== 'begin' && action.act !== 'remove') return this.#told();
    const refusal = this.#refusalOf(action);
    if (refusal !== null) return fail(productError('command.refused', refusal));
    this.#begin(action);
    return this.#told();
  }

  view(): ServersView {
    const profile = this.#profile;
    const access = profile === null ? [] : serversInUse(profile.site);
    const ways = profile?.access.access ?? {};
    return {
      refusal: this.#siteRefusal(),
      access: access.flatMap((id) => (ways[id] ? [accessView(id, ways[id], this.#secrets)] : [])),
      hasEnginePassword: this.#secrets.has('').includes('engine-password'),
      kind: this.#kind,
      work: this.#work.view(),
      steps: this.#book.steps,
      lines: [...this.#lines],
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
  }

  #forget(): void {
    this.#secrets.forgetAll();
    this.#book.clear();
    this.#work.forget();
    this.#kind = null;
    this.#lines = [];
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

  #refusalOf(action: Extract<ServersAction, { act: 'begin' | 'remove' }>): string | null {
    if (this.#work.running) return 'Another work on the servers is under way.';
    const refusal = this.#siteRefusal();
    if (refusal !== null || action.act !== 'remove') return refusal;
    const { name } = this.#profile!.site;
    return action.typedName === name ? null : `The typed name is not ${name}.`;
  }

  #begin(action: Extract<ServersAction, { act: 'begin' | 'remove' }>): void {
    const site = this.#ports.site()!;
    const profile = this.#profile!;
    this.#book.clear();
    this.#lines = [];
    this.#kind = action.act === 'remove' ? 'remove' : action.work;
    this.#work.begin('The servers are reached', async (signal) => {
      const inputs = await this.#inputs(profile, site.ask);
      if (!inputs.ok) return fail([inputs.error]);
      const tell = (awaits: string) => this.#work.tell(awaits);
      const done = await carryOut(action, { inputs: inputs.value, ask: site.ask, signal, tell });
      if (done.ok) this.#lines = done.value;
      return done;
    });
  }

  async #inputs(
    { directory, site, access }: ConsoleProfile,
    ask: ConsoleSite['ask'],
  ): Promise<Result<InstallInputs, ProductError>> {
    const { means } = this.#ports;
    const bundle = await means.install.bundle();
    if (!bundle.ok) return bundle;
    const password = this.#secrets.get('', 'engine-password');
    const missing = productError(
      'ssh.authentication',
      'The password of the engines’ API is needed: it is not kept.',
    );
    const throughSsh = Object.values(access.access).some((one) => one.agentsThroughSsh === true);
    return succeed({
      document: describe(site, access),
      profileDirectory: directory,
      bundle: bundle.value,
      connect: means.connect,
      target: async (server) => {
        const found = await sshTarget(server, access, { sshAgentSocket: means.sshAgentSocket });
        return found.ok ? succeed(withTyped(found.value, server.id, this.#secrets)) : found;
      },
      enginePassword: () => Promise.resolve(password === undefined ? fail(missing) : succeed(password)),
      createAsk: (credentials) => (throughSsh ? ask : means.install.createAsk(credentials)),
      onProgress: (progress) => {
        this.#book.note(progress);
        this.#work.tell(progress.state === 'started' ? `${progress.server}: ${progress.step}` : '');
        this.#ports.onNews();
      },
    });
  }
}

function describe(site: SiteDocument, { access, jumpHosts, revokedHostKeys }: SiteAccess): SiteDescription {
  return {
    site,
    access: { ...access },
    ...(jumpHosts && { jumpHosts: { ...jumpHosts } }),
    ...(revokedHostKeys && { revokedHostKeys: [...revokedHostKeys] }),
  };
}
