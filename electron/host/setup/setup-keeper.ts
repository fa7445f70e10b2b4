import { productError, type ProductError } from '../../../shared/errors.ts';
import { succeed, fail, type Result } from '../../../shared/result.ts';
import {
  emptyDraft,
  type DraftJumpHost,
  type DraftServer,
  type SetupDraft,
} from '../../../shared/setup/draft.ts';
import type { Begun, KnownHostsFound, SetupAction, SetupView } from '../../../shared/setup/setup-view.ts';
import type { HostLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import type { ConnectServer } from '../install/server-work.ts';
import { begunInstallation } from './begun-installation.ts';
import { forgetDraft, readDraft, writeDraft } from './draft-file.ts';
import { readKnownHosts, withKnownHosts } from './import-known-hosts.ts';
import { ServerReaches, type SignInOnly } from './server-reach.ts';
import { SetupBalancer } from './setup-balancer.ts';
import { SetupEtcd, type EtcdPorts } from './setup-etcd.ts';
import { SetupInstall, type InstallPorts } from './setup-install.ts';
import { SetupPreflight } from './setup-preflight.ts';
import { SetupMeasure, type MeasurePorts } from './setup-measure.ts';
import { SetupQuestions } from './setup-questions.ts';
import type { LookAtEngine } from '../preflight/look-at-engine.ts';
import type { TryTcp } from '../preflight/try-console-ways.ts';
import { SetupSecrets } from './setup-secrets.ts';
import { draftOfSiteFile } from './take-site-file.ts';

export interface SetupPorts {
  /** Where this workstation keeps the draft. */
  readonly folder: string;
  readonly time: HostTime;
  readonly log: HostLog;
  readonly sshAgentSocket: string | undefined;
  readonly connect: ConnectServer;
  readonly signIn: SignInOnly;
  /** Tries a port straight from this workstation. */
  readonly tcp: TryTcp;
  readonly lookAtEngine: LookAtEngine;
  /** Ends every connection. */
  readonly end: () => void;
  readonly measure: MeasurePorts;
  readonly install: InstallPorts;
  readonly etcd: EtcdPorts;
  /** Opens the installed site in this console. */
  readonly showSite: (profileDirectory: string) => Promise<Result<void, ProductError>>;
  readonly onNews: () => void;
}

/** What only changes or tells what was said. */
type Said = 'save' | 'secret' | 'reach' | 'pin' | 'answer' | 'known-hosts' | 'site-file' | 'discard';

/** The setup of a site on this workstation: what was said so far, what the servers say, and the work on them. */
export class SetupKeeper {
  readonly #ports: SetupPorts;
  readonly #secrets = new SetupSecrets();
  readonly #questions: SetupQuestions;
  readonly #reaches: ServerReaches;
  readonly #preflight: SetupPreflight;
  readonly #measure: SetupMeasure;
  readonly #install: SetupInstall;
  readonly #balancer: SetupBalancer;
  readonly #etcd: SetupEtcd;
  /** What an earlier life of the console has begun, as it was when this one asked. */
  #begun: Begun | null = null;
  #draft: SetupDraft = emptyDraft();
  #savedAtMs: number | null = null;
  #knownHosts: KnownHostsFound | null = null;
  #opened: Promise<ProductError | null> | null = null;
  /** Changes of the draft, one after the other. */
  #keeping: Promise<unknown> = Promise.resolve();

  constructor(ports: SetupPorts) {
    this.#ports = ports;
    this.#questions = new SetupQuestions(ports);
    const help = { sshAgentSocket: ports.sshAgentSocket, answer: this.#questions.ask };
    const parts = { ...ports, secrets: this.#secrets, help };
    this.#reaches = new ServerReaches(parts);
    this.#preflight = new SetupPreflight({ ...parts, profileOf: (draft) => this.#install.profileOf(draft) });
    this.#measure = new SetupMeasure(parts);
    this.#install = new SetupInstall({
      ...parts,
      measured: () => this.#measure.view().times,
      onInstalled: (draft) => this.#preflight.keepFor(draft),
      onEnded: (draft) => this.#lookForBegun(draft),
    });
    this.#balancer = new SetupBalancer(parts);
    this.#etcd = new SetupEtcd(parts);
  }

  /** True once a page has asked for the setup: only then does anybody want to hear of it. */
  get isOpen(): boolean {
    return this.#opened !== null;
  }

  /** The present state, with what was kept of an earlier setup. Errors: site.damaged (once, the draft was put aside). */
  async open(): Promise<Result<SetupView, ProductError>> {
    const trouble = await (this.#opened ??= this.#read());
    if (trouble !== null) {
      this.#opened = Promise.resolve(null);
      return fail(trouble);
    }
    return succeed(this.view());
  }

  view(): SetupView {
    const savedMs = this.#savedAtMs === null ? null : this.#ports.time.bootMs() - this.#savedAtMs;
    return {
      draft: this.#draft,
      savedMs,
      reach: this.#reaches.view(this.#draft),
      questions: this.#questions.view(),
      knownHosts: this.#knownHosts,
      sharedSecrets: this.#secrets.has(''),
      preflight: this.#preflight.view(this.#draft),
      measured: this.#measure.view(),
      ...this.#install.view(),
      begun: this.#install.running ? null : this.#begun,
      balancer: this.#balancer.view(),
      etcd: this.#etcd.view(this.#draft),
    };
  }

  /**
   * Does what a page asks for; long work goes on afterwards. Errors: setup.changed (the draft was changed elsewhere),
   * setup.not-kept, request.invalid, and those of the act itself.
   */
  async act(action: SetupAction): Promise<Result<SetupView, ProductError>> {
    await (this.#opened ??= this.#read());
    const done = await this.#carryOut(action);
    return done.ok ? succeed(this.view()) : done;
  }

  /** Ends what runs, in order. */
  async stop(): Promise<void> {
    this.#preflight.stop();
    this.#measure.stop();
    this.#questions.endAll();
    this.#secrets.forgetAll();
    this.#ports.end();
    await this.#keeping.catch(() => undefined);
  }

  async #carryOut(action: SetupAction): Promise<Result<unknown, ProductError>> {
    switch (action.act) {
      case 'save':
        return this.#save(action.draft);
      case 'secret':
        this.#secrets.put(action.server, action.kind, action.value);
        this.#ports.onNews();
        return succeed(undefined);
      case 'reach':
        return this.#reach(action.server);
      case 'pin':
        return this.#pin(action.server, action.key);
      case 'answer':
        return this.#questions.answer(action.question, action.answers)
          ? succeed(undefined)
          : fail(productError('request.invalid', 'The server does not wait for this answer any more.'));
      case 'known-hosts':
      case 'site-file':
        return this.#takeFile(action);
      case 'discard':
        return this.#discard();
      default:
        return this.#begin(action);
    }
  }

  /** Looks, measures, plans and installs; what takes long goes on afterwards. */
  async #begin(action: Exclude<SetupAction, { readonly act: Said }>): Promise<Result<unknown, ProductError>> {
    switch (action.act) {
      case 'preflight':
        return succeed(this.#preflight.start(this.#draft));
      case 'stop-preflight':
        return succeed(this.#preflight.stop());
      case 'fix':
        return this.#preflight.fix(this.#draft, action.check);
      case 'measure':
        return succeed(this.#measure.start(this.#draft));
      case 'stop-measure':
        return succeed(this.#measure.stop());
      case 'plan':
        return succeed(this.#install.plan(this.#draft, action));
      case 'install':
        return this.#install.install(this.#draft, action.revision, action);
      case 'remove':
        return succeed(this.#install.remove(this.#draft, action));
      case 'plan-rollback':
        return succeed(this.#install.planRollback(this.#draft, action.server));
      case 'rollback':
        return this.#install.rollBack(this.#draft, action.server);
      case 'check-etcd':
        return succeed(this.#etcd.check(this.#draft));
      case 'verify-balancer':
        return succeed(this.#balancer.verify(this.#draft, this.#install.profileOf(this.#draft)));
      case 'show-site':
        return this.#ports.showSite(this.#install.profileOf(this.#draft));
    }
  }

  async #read(): Promise<ProductError | null> {
    const { draft, keptMs, trouble } = await readDraft(this.#ports.folder, this.#ports.time.wallTime());
    this.#draft = draft;
    await this.#balancer.recall(this.#install.profileOf(draft));
    await this.#lookForBegun(draft);
    this.#savedAtMs = keptMs === null ? null : this.#ports.time.bootMs() - keptMs;
    return trouble;
  }

  async #lookForBegun(draft: SetupDraft): Promise<void> {
    this.#begun = draft.site.id === '' ? null : await begunInstallation(this.#install.profileOf(draft));
    this.#ports.onNews();
  }

  #save(draft: SetupDraft): Promise<Result<void, ProductError>> {
    return this.#change((present) => {
      if (draft.revision === present.revision) return succeed(draft);
      return fail(productError('setup.changed', 'This setup was changed by another page meanwhile.'));
    });
  }

  async #pin(id: string, key: string): Promise<Result<void, ProductError>> {
    if (this.#reaches.presented(id) !== key) {
      const said = 'The server does not present this key any more. Reach it again and compare anew.';
      return fail(productError('request.invalid', said));
    }
    const changed = await this.#change((present) =>
      succeed({
        ...present,
        jumpHosts: present.jumpHosts.map((jump) => withHostKey(jump, id, key)),
        servers: present.servers.map((server) => withHostKey(server, id, key)),
      }),
    );
    if (changed.ok) this.#reach(id);
    return changed;
  }

  #reach(id: string): Result<void, ProductError> {
    const server = this.#draft.servers.find((candidate) => candidate.id === id);
    const jump = this.#draft.jumpHosts.find((candidate) => candidate.id === id);
    if (server) void this.#reaches.reach(this.#draft, server);
    else if (jump) void this.#reaches.reachJump(this.#draft, jump);
    else return fail(productError('request.invalid', `The setup has no server ${id}.`));
    return succeed(undefined);
  }

  #takeFile({
    act,
    file,
  }: Extract<SetupAction, { readonly file: string }>): Promise<Result<void, ProductError>> {
    return act === 'site-file' ? this.#takeSiteFile(file) : this.#importKnownHosts(file);
  }

  async #importKnownHosts(file: string): Promise<Result<void, ProductError>> {
    const known = await readKnownHosts(file);
    if (!known.ok) return known;
    return this.#change((present) => {
      const { draft, found } = withKnownHosts(present, known.value, file);
      this.#knownHosts = found;
      return succeed(draft);
    });
  }

  async #takeSiteFile(file: string): Promise<Result<void, ProductError>> {
    const made = await draftOfSiteFile(file);
    if (!made.ok) return made;
    return this.#change((present) => {
      const isNew = present.servers.length === 0 && present.clusters.length === 0;
      const said = 'Servers or clusters were said already. Begin anew first, then take the file over.';
      return isNew ? made : fail(productError('request.invalid', said));
    });
  }

  #discard(): Promise<Result<void, ProductError>> {
    if (this.#install.running) {
      const said = 'The installation is under way; it ends first.';
      return Promise.resolve(fail(productError('request.invalid', said)));
    }
    const forgotten = this.#keeping.then(async () => {
      await forgetDraft(this.#ports.folder);
      this.#draft = { ...emptyDraft(), revision: this.#draft.revision + 1 };
      this.#savedAtMs = null;
      this.#secrets.forgetAll();
      this.#knownHosts = null;
      this.#reaches.forgetAll();
      this.#preflight.forget();
      this.#measure.forget();
      this.#install.forget();
      this.#begun = null;
      this.#balancer.forget();
      this.#etcd.forget();
      this.#ports.onNews();
      return succeed(undefined);
    });
    this.#keeping = forgotten.catch(() => undefined);
    return forgotten.catch((cause: unknown) => fail(notKept(cause)));
  }

  /** Keeps a changed draft, after all earlier changes. Nothing is taken over that could not be written. */
  #change(
    make: (present: SetupDraft) => Result<SetupDraft, ProductError>,
  ): Promise<Result<void, ProductError>> {
    const kept = this.#keeping.then(async () => {
      const made = make(this.#draft);
      if (!made.ok) return made;
      const next = { ...made.value, revision: this.#draft.revision + 1 };
      await writeDraft(this.#ports.folder, next);
      this.#draft = next;
      this.#savedAtMs = this.#ports.time.bootMs();
      this.#ports.onNews();
      return succeed(undefined);
    });
    this.#keeping = kept.catch(() => undefined);
    return kept.catch((cause: unknown) => fail(notKept(cause)));
  }
}

function withHostKey<Place extends DraftServer | DraftJumpHost>(
  place: Place,
  id: string,
  key: string,
): Place {
  return place.id === id ? { ...place, ssh: { ...place.ssh, hostKey: key } } : place;
}

function notKept(cause: unknown): ProductError {
  return productError('setup.not-kept', 'The setup could not be kept on this workstation.', [
    cause instanceof Error ? cause.message : String(cause),
  ]);
}
