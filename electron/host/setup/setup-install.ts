import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { tally, type ReadinessRun } from '../../../shared/readiness/results.ts';
import type { RunSummary } from '../../../shared/readiness/readiness-view.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import type { MeasuredTimes } from '../../../shared/setup/measured-times.ts';
import type { LeavingWord, SetupView } from '../../../shared/setup/setup-view.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';
import type { Bundle } from '../install/bundle.ts';
import { installSite } from '../install/install-site.ts';
import { checkSite } from '../install/prepare-change.ts';
import { noLeavingWords, type LeavingWords } from '../install/leaving-parts.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { SiteAccess } from '../install/server-access.ts';
import type { ConnectServer } from '../install/server-work.ts';
import { sshTarget, type SignInHelp } from '../install/ssh-targets.ts';
import { StepBook } from '../install/step-book.ts';
import type { Progress } from '../install/transcript.ts';
import { planRollback, rollBackServer } from '../rollback/roll-back-server.ts';
import { uninstallSite } from '../install/uninstall-site.ts';
import { draftAccess, siteTarget } from './draft-target.ts';
import { siteOfDraft, unsafeSite } from './site-of-draft.ts';
import type { SetupSecrets } from './setup-secrets.ts';
import { draftEtcdSecrets } from './setup-etcd.ts';
import { WorkState, type WorkPorts } from './setup-work.ts';

export interface InstallPorts {
  /** Where the profiles of installed sites are kept, one folder per site. */
  readonly sitesFolder: string;
  readonly bundle: () => Promise<Result<Bundle, ProductError>>;
  /** `ways`: for agents that are reached through the SSH server of their machine. */
  readonly createAsk: (credentials: ConsoleCredentials, ways?: WaysToAgents) => AskAgent;
  /** Runs every check of readiness of the site in a profile folder, and keeps the run. */
  readonly runReadiness: (profileDirectory: string) => Promise<Result<ReadinessRun, ProductError>>;
}

/** A site, how its servers are reached, and the way to each with its secrets. */
interface WaysToAgents {
  readonly site: SiteDocument;
  readonly access: SiteAccess;
  readonly target: InstallInputs['target'];
}

interface SetupInstallPorts extends WorkPorts {
  readonly install: InstallPorts;
  readonly connect: ConnectServer;
  readonly help: SignInHelp;
  readonly secrets: SetupSecrets;
  /** What was measured on the servers in this session. */
  readonly measured: () => MeasuredTimes;
  /** Told when every server is installed. */
  readonly onInstalled?: (draft: SetupDraft) => Promise<void>;
  /** Told whenever an installation, a roll back or a removal has ended, however it did. */
  readonly onEnded?: (draft: SetupDraft) => Promise<void>;
}

/** The plan of a setup, its installation on all servers, and its removal. One of them at a time. */
export class SetupInstall {
  readonly #ports: SetupInstallPorts;
  readonly #planWork: WorkState;
  readonly #installWork: WorkState;
  readonly #removalWork: WorkState;
  readonly #rollbackPlan: WorkState;
  readonly #rollbackWork: WorkState;
  #reportWork: WorkState;
  #firstRun: RunSummary | null = null;
  /** The server that a roll back was asked for, and the lines of its plan. */
  #rollback: { readonly server: string | null; readonly lines: readonly string[] } = noRollback;
  #changes: SetupView['plan']['changes'] = [];
  /** What the last plan leaves as it is installed. */
  #carried: readonly string[] = [];
  /** The state of the draft that the last plan is of. */
  #planned: number | null = null;
  readonly #book: StepBook;
  #removed: readonly string[] = [];
  /** What was said of what leaves, and of which state of the draft. */
  #said: { readonly revision: number; readonly words: LeavingWords } | null = null;

  constructor(ports: SetupInstallPorts) {
    this.#ports = ports;
    this.#book = new StepBook(() => ports.time.bootMs());
    this.#planWork = new WorkState(ports);
    this.#installWork = new WorkState(ports);
    this.#removalWork = new WorkState(ports);
    this.#rollbackPlan = new WorkState(ports);
    this.#rollbackWork = new WorkState(ports);
    this.#reportWork = new WorkState(ports);
  }

  get running(): boolean {
    return this.#works().some((work) => work.running);
  }

  /** Looks at every server and says what would be changed there. Changes nothing. */
  plan(draft: SetupDraft, word: LeavingWord = {}): void {
    if (this.running) return;
    // To look again without a word takes back what was said.
    if (word.engines === undefined && word.gone === undefined) this.#said = null;
    this.#hear(draft, word);
    this.#planned = draft.revision;
    this.#changes = [];
    this.#carried = [];
    this.#planWork.begin('Every server is looked at', async () => {
      const inputs = await this.#inputs(draft);
      if (!inputs.ok) return fail([inputs.error]);
      const checked = await checkSite(inputs.value);
      if (!checked.ok) return checked;
      this.#changes = changesByServer(inputs.value.document.site.servers, checked.value.changes);
      return succeed(undefined);
    });
  }

  /**
   * Installs, or goes on where an earlier run stopped. Error: setup.not-planned, where the plan that was seen is not
   * whole, or is of another state of the draft.
   *
   * @param seen revision of the draft whose plan the person has seen
   */
  install(draft: SetupDraft, seen: number, word: LeavingWord = {}): Result<void, ProductError> {
    if (this.running) return succeed(undefined);
    const isPlanned = this.#planWork.view().state === 'done' && this.#planned === draft.revision;
    if (!isPlanned || seen !== draft.revision) return fail(notPlanned(draft));
    this.#hear(draft, word);
    this.#book.clear();
    this.#removalWork.forget();
    this.#installWork.begin('The servers are reached', async () => {
      const inputs = await this.#inputs(draft);
      if (!inputs.ok) return fail([inputs.error]);
      const installed = await installSite(inputs.value);
      await this.#ports.onEnded?.(draft);
      if (installed.ok) await this.#ports.onInstalled?.(draft);
      if (installed.ok) this.#report(draft);
      return installed;
    });
    return succeed(undefined);
  }

  /** Takes everything off again, on every server; `gone`: apart from this one, and those that were said before. */
  remove(draft: SetupDraft, { engines, gone }: LeavingWord & { readonly engines: 'keep' | 'stop' }): void {
    if (this.running) return;
    // To begin again without a word takes back what was said.
    if (gone === undefined) this.#said = null;
    else this.#hear(draft, { gone });
    this.#removed = [];
    this.#removalWork.begin('The servers are reached', async () => {
      const inputs = await this.#inputs(draft, true);
      if (!inputs.ok) return fail([inputs.error]);
      const removed = await uninstallSite(inputs.value, engines);
      await this.#ports.onEnded?.(draft);
      if (!removed.ok) return removed;
      this.#removed = removed.value.removed;
      this.#forgetInstalled();
      return succeed(undefined);
    });
  }

  /** Looks what a roll back of one server would change, or why it must not be. Changes nothing. */
  planRollback(draft: SetupDraft, server: string): void {
    if (this.running) return;
    this.#rollback = { server, lines: [] };
    this.#rollbackWork.forget();
    this.#rollbackPlan.begin(`${server} is looked at`, async () => {
      const inputs = await this.#inputs(draft, true);
      if (!inputs.ok) return fail([inputs.error]);
      const lines = await planRollback(inputs.value, server);
      if (lines.ok) this.#rollback = { server, lines: lines.value };
      return lines;
    });
  }

  /** Puts the server back as its plan has told. Error: rollback.changed, where no plan of it was shown. */
  rollBack(draft: SetupDraft, server: string): Result<void, ProductError> {
    if (this.running) return succeed(undefined);
    const { lines } = this.#rollback;
    if (this.#rollbackPlan.view().state !== 'done' || this.#rollback.server !== server) {
      return fail(productError('rollback.changed', `No plan of a roll back of ${server} was shown.`));
    }
    this.#rollbackWork.begin(`${server} is put back`, async () => {
      const inputs = await this.#inputs(draft, true);
      if (!inputs.ok) return fail([inputs.error]);
      const done = await rollBackServer(inputs.value, server, lines);
      // What was proven and planned is no longer so; a plan is for once.
      this.#rollbackPlan.forget();
      await this.#ports.onEnded?.(draft);
      if (!done.ok) return done;
      this.#forgetInstalled();
      return succeed(undefined);
    });
    return succeed(undefined);
  }

  /** After the proof: what the site was fit for when it began. It does not make the installation fail. */
  #report(draft: SetupDraft): void {
    this.#forgetReport();
    const work = this.#reportWork;
    work.begin('The agents are asked', async () => {
      const run = await this.#ports.install.runReadiness(this.profileOf(draft));
      if (!run.ok) return fail([run.error]);
      const { wallTime, by, results } = run.value;
      if (work === this.#reportWork) this.#firstRun = { wallTime, by, tally: tally(results) };
      return run;
    });
  }

  /** What was installed, planned and reported is no longer so. */
  #forgetInstalled(): void {
    this.#installWork.forget();
    this.#planned = null;
    this.#planWork.forget();
    this.#forgetReport();
  }

  #forgetReport(): void {
    this.#firstRun = null;
    // One that still runs is of an installation that is gone, and is not shown any more.
    this.#reportWork = new WorkState(this.#ports);
  }

  /** Those that keep others from beginning; the report only asks. */
  #works(): WorkState[] {
    return [this.#planWork, this.#installWork, this.#removalWork, this.#rollbackPlan, this.#rollbackWork];
  }

  /** Folder of the site that a draft describes. */
  profileOf(draft: SetupDraft): string {
    return join(this.#ports.install.sitesFolder, draft.site.id);
  }

  view(): Pick<SetupView, 'plan' | 'install' | 'firstReport' | 'removal' | 'rollback'> {
    return {
      plan: {
        work: this.#planWork.view(),
        revision: this.#planned,
        changes: [...this.#changes],
        carried: [...this.#carried],
      },
      install: { work: this.#installWork.view(), steps: this.#book.steps },
      firstReport: { work: this.#reportWork.view(), run: this.#firstRun },
      removal: { work: this.#removalWork.view(), removed: [...this.#removed] },
      rollback: {
        server: this.#rollback.server,
        lines: [...this.#rollback.lines],
        plan: this.#rollbackPlan.view(),
        work: this.#rollbackWork.view(),
      },
    };
  }

  forget(): void {
    this.#changes = [];
    this.#carried = [];
    this.#planned = null;
    this.#book.clear();
    this.#removed = [];
    this.#rollback = noRollback;
    this.#forgetReport();
    for (const work of this.#works()) work.forget();
  }

  async #inputs(draft: SetupDraft, isRemoval = false): Promise<Result<InstallInputs, ProductError>> {
    const { install, secrets, connect } = this.#ports;
    const drafted = await siteOfDraft(draft, this.profileOf(draft));
    if (!drafted.ok) return drafted;
    const { site, carried } = drafted.value;
    // What is taken off need not be fit to be installed.
    const unsafe = isRemoval ? null : unsafeSite(drafted.value, this.#ports.measured());
    if (unsafe !== null) return fail(unsafe);
    const bundle = await install.bundle();
    if (!bundle.ok) return bundle;
    const password = secrets.get('', 'engine-password');
    const missing = 'The password of the engines’ API is needed once more: it is not kept.';
    const access = draftAccess(draft);
    const target = siteTarget(draft, this.#ports);
    this.#carried = carried;
    return succeed({
      document: { site, ...access },
      target,
      enginePassword: () =>
        Promise.resolve(
          password === undefined ? fail(productError('ssh.authentication', missing)) : succeed(password),
        ),
      etcdSecrets: () => draftEtcdSecrets(draft, secrets),
      profileDirectory: this.profileOf(draft),
      bundle: bundle.value,
      connect,
      createAsk: (credentials) => install.createAsk(credentials, { site, access, target }),
      targetBy: (server, ways) => sshTarget(server, ways, this.#ports.help),
      leaving: this.#wordsOf(draft),
      onProgress: (progress) => this.#note(progress),
    });
  }

  #wordsOf(draft: SetupDraft): LeavingWords {
    return this.#said?.revision === draft.revision ? this.#said.words : noLeavingWords;
  }

  #hear(draft: SetupDraft, { engines, gone }: LeavingWord): void {
    const before = this.#wordsOf(draft);
    const words = {
      engines: engines ?? before.engines,
      gone: gone === undefined ? before.gone : [...new Set([...before.gone, gone])],
    };
    this.#said = { revision: draft.revision, words };
  }

  #note(progress: Progress): void {
    const { server, step, state } = progress;
    this.#book.note(progress);
    for (const work of this.#works()) {
      work.tell(state === 'started' ? `${server}: ${step}` : '');
    }
    this.#ports.onNews();
  }
}

const noRollback = { server: null, lines: [] } as const;

function notPlanned({ site }: SetupDraft): ProductError {
  const said = `The setup of ${site.name} has no plan, or was changed since its plan was made.`;
  return productError('setup.not-planned', said);
}

/** `SERVER: CHANGE` of a plan by server: those of the site first, also unchanged ones, then those that have left it. */
function changesByServer(
  servers: readonly { readonly id: string }[],
  lines: readonly string[],
): SetupView['plan']['changes'] {
  const split = lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]);
  const told = split.map(([server]) => server!);
  const names = new Set([...told.filter((id) => id === 'site'), ...servers.map(({ id }) => id), ...told]);
  return [...names].map((server) => ({
    server,
    changes: split.filter(([of]) => of === server).map(([, change]) => change!),
  }));
}
