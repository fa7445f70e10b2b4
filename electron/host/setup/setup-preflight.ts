import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import { neededPorts } from '../../../shared/setup/needed-ports.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import type { SshTarget } from '../ssh/server-connection.ts';
import { draftTarget } from './draft-target.ts';
import type { SetupSecrets } from './setup-secrets.ts';
import { WorkState, type WorkPorts } from './setup-work.ts';

/** What the preflight has found so far. */
export type Findings = Omit<SetupView['preflight'], 'work'>;

/** A server as the preflight reaches it. */
export interface PreflightServer {
  readonly server: DraftServer;
  readonly target: SshTarget;
}

export interface PreflightPorts {
  /** Looks at all servers at once and from each to each other. Tells what it has whenever there is more. */
  readonly run: (inputs: {
    /** Short name of the site that is being set up. */
    readonly site: string;
    readonly servers: readonly PreflightServer[];
    /** What has to be reached on a server from the others. */
    readonly ports: (server: DraftServer) => readonly { readonly port: number; readonly purpose: string }[];
    readonly tell: (findings: Findings, awaits: string) => void;
    readonly signal: AbortSignal;
  }) => Promise<Result<Findings, ProductError[]>>;
  /** Makes one of the offered changes. */
  readonly fix: (servers: readonly PreflightServer[], check: string) => Promise<Result<void, ProductError>>;
}

interface SetupPreflightPorts extends WorkPorts {
  readonly preflight: PreflightPorts;
  readonly sshAgentSocket: string | undefined;
  readonly secrets: SetupSecrets;
}

const nothing: Findings = { seen: [], checks: [], engines: [] };

/** The preflight of a setup: whether its servers are fit, with every finding and its age. */
export class SetupPreflight {
  readonly #ports: SetupPreflightPorts;
  readonly #work: WorkState;
  #findings: Findings = nothing;
  #foundAtMs = 0;

  constructor(ports: SetupPreflightPorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
  }

  /** Starts it, unless it runs. Earlier findings stay, with their age, until the new ones are there. */
  start(draft: SetupDraft): void {
    this.#work.begin('Looking at every server', async (signal) => {
      const servers = await this.#servers(draft);
      if (!servers.ok) return servers;
      const result = await this.#ports.preflight.run({
        site: draft.site.id,
        servers: servers.value,
        ports: (server) => neededPorts(draft, server),
        tell: (findings, awaits) => {
          this.#keep(findings);
          this.#work.tell(awaits);
        },
        signal,
      });
      if (result.ok) this.#keep(result.value);
      return result;
    });
  }

  stop(): void {
    this.#work.stop();
  }

  /** Makes the change that a check offers, then looks again. */
  async fix(draft: SetupDraft, id: string): Promise<Result<void, ProductError>> {
    const check = this.#findings.checks.find((candidate) => candidate.id === id);
    if (!check?.fix) return fail(productError('request.invalid', 'This check offers no change.'));
    const servers = await this.#servers(draft);
    if (!servers.ok) return fail(servers.error[0]!);
    const fixed = await this.#ports.preflight.fix(servers.value, id);
    if (fixed.ok) this.start(draft);
    return fixed;
  }

  view(): SetupView['preflight'] {
    const ageMs = this.#ports.time.bootMs() - this.#foundAtMs;
    return {
      work: this.#work.view(),
      ...this.#findings,
      checks: this.#findings.checks.map((check) => ({ ...check, ageMs: check.ageMs + ageMs })),
    };
  }

  forget(): void {
    this.#work.stop();
    this.#findings = nothing;
    this.#work.forget();
  }

  #keep(findings: Findings): void {
    this.#findings = findings;
    this.#foundAtMs = this.#ports.time.bootMs();
  }

  async #servers(draft: SetupDraft): Promise<Result<PreflightServer[], ProductError[]>> {
    const { secrets, sshAgentSocket } = this.#ports;
    const targets = await Promise.all(
      draft.servers.map(async (server) => ({
        server,
        target: await draftTarget(server, secrets, sshAgentSocket),
      })),
    );
    const errors = targets.flatMap(({ target }) => (target.ok ? [] : [target.error]));
    if (errors.length > 0) return fail(errors);
    return succeed(
      targets.flatMap(({ server, target }) => (target.ok ? [{ server, target: target.value }] : [])),
    );
  }
}
