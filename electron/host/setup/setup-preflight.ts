import { existsSync } from 'node:fs';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import { foundEngines, seenServers, shownCheck } from '../../../shared/setup/preflight-view.ts';
import { checkKey, type PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import { siteFromDraft, siteServerIds } from '../../../shared/setup/site-from-draft.ts';
import type { HostTime } from '../host-time.ts';
import { guardedEngines } from '../install/wanted-server.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { recorded, transcriptIn } from '../install/transcript.ts';
import { keepForReadiness } from '../preflight/keep-for-readiness.ts';
import { applyFix } from '../preflight/apply-fix.ts';
import { runPreflight, type PreflightFindings, type PreflightServer } from '../preflight/run-preflight.ts';
import type { LookAtEngine } from '../preflight/look-at-engine.ts';
import type { TryTcp } from '../preflight/try-console-ways.ts';
import { draftTarget } from './draft-target.ts';
import { expectedFromDraft } from './expected-from-draft.ts';
import type { SetupSecrets } from './setup-secrets.ts';
import { WorkState, type WorkPorts } from './setup-work.ts';

interface SetupPreflightPorts extends WorkPorts {
  readonly connect: ConnectServer;
  readonly tcp: TryTcp;
  readonly lookAtEngine: LookAtEngine;
  readonly help: SignInHelp;
  readonly secrets: SetupSecrets;
  readonly time: Pick<HostTime, 'bootMs' | 'wallTime'>;
  /** Folder of the site that a draft describes. */
  readonly profileOf: (draft: SetupDraft) => string;
}

const nothing: PreflightFindings = { checks: [], looked: [], ways: [], told: [] };
const wallMs = () => Date.now();

/** The preflight of a setup: whether its servers are fit, with every finding and its age. */
export class SetupPreflight {
  readonly #ports: SetupPreflightPorts;
  readonly #work: WorkState;
  #findings = nothing;
  #foundAtMs = 0;
  /** What the findings were looked for. */
  #looked: string | null = null;
  /** The last look that was not called off: of which draft, and when it ended. */
  #whole: { readonly draft: SetupDraft; readonly wallTime: string } | null = null;

  constructor(ports: SetupPreflightPorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
  }

  /** Starts it, unless it runs. Earlier findings stay, with their age, until the new ones are there. */
  start(draft: SetupDraft): void {
    this.#work.begin('Looking at every server', async (signal) => {
      const outcome = await runPreflight({
        servers: draft.servers.map((server) => this.#server(draft, server)),
        connect: this.#ports.connect,
        tcp: this.#ports.tcp,
        engines: {
          password: async () => this.#ports.secrets.get('', 'engine-password') ?? null,
          look: this.#ports.lookAtEngine,
        },
        wallMs,
        signal,
        onLooked: (findings) => {
          this.#keep(draft, findings);
          this.#work.tell('Trying the ways from each server to each other');
        },
      });
      if (outcome.cancelled) return succeed(undefined);
      this.#keep(draft, outcome);
      this.#whole = { draft, wallTime: this.#ports.time.wallTime() };
      await this.keepFor(draft);
      return succeed(undefined);
    });
  }

  /**
   * Keeps what the last whole look has found with the profile of the site, once it has one: readiness is judged by it,
   * with the time of that look. Nothing is kept of other servers than those of the draft. Never rejects.
   */
  async keepFor(draft: SetupDraft): Promise<void> {
    const whole = this.#whole;
    const site = siteFromDraft(draft);
    if (whole === null || site === null || placesOf(whole.draft) !== placesOf(draft)) return;
    const enginesOf = (server: string) => guardedEngines(site, server);
    const found = namedAsInSite(this.#findings, siteServerIds(draft));
    await keepForReadiness(this.#ports.profileOf(draft), enginesOf, found, whole.wallTime).catch(
      (cause: unknown) => this.#ports.log.error('what was found could not be kept for readiness', cause),
    );
  }

  stop(): void {
    this.#work.stop();
  }

  /** Makes the change that a check offers, then looks again. */
  async fix(draft: SetupDraft, id: string): Promise<Result<void, ProductError>> {
    const check = this.#findings.checks.find((candidate) => checkKey(candidate) === id);
    const server = draft.servers.find((candidate) => candidate.id === check?.server);
    if (!check?.fix || !server) {
      return fail(productError('request.invalid', 'This check offers no change.'));
    }
    const fixed = await this.#recorded(draft, server, check);
    if (fixed.ok) this.start(draft);
    return fixed;
  }

  /** In the log of the console, and in the transcript of the site where it has a folder already. */
  async #recorded(
    draft: SetupDraft,
    server: DraftServer,
    check: PreflightCheck,
  ): Promise<Result<void, ProductError>> {
    const { connect, log } = this.#ports;
    const change = check.fix?.change ?? '';
    const done = () => applyFix(connect, this.#server(draft, server), check, wallMs);
    log.info(`A change that the preflight offers is made on ${server.name}: ${change}`);
    const folder = this.#ports.profileOf(draft);
    if (draft.site.id === '' || !existsSync(folder)) return done();
    const record = transcriptIn(folder, () => undefined);
    const made = await recorded(record, server.id, `offered by the preflight: ${change}`, async () => {
      const fixed = await done();
      return fixed.ok ? succeed(true) : fixed;
    });
    return made.ok ? succeed(undefined) : made;
  }

  view(draft: SetupDraft): SetupView['preflight'] {
    const { checks, looked, ways, told } = this.#findings;
    const ageMs = this.#ports.time.bootMs() - this.#foundAtMs;
    return {
      work: this.#work.view(),
      seen: seenServers(looked, ways),
      checks: checks.map((check) => shownCheck(check, ageMs)),
      engines: foundEngines(looked, told),
      isOfDraft: this.#looked === lookedFor(draft),
    };
  }

  forget(): void {
    this.#work.stop();
    this.#findings = nothing;
    this.#looked = null;
    this.#whole = null;
    this.#work.forget();
  }

  #keep(draft: SetupDraft, findings: PreflightFindings): void {
    this.#whole = null;
    this.#looked = lookedFor(draft);
    this.#findings = findings;
    this.#foundAtMs = this.#ports.time.bootMs();
  }

  #server(draft: SetupDraft, server: DraftServer): PreflightServer {
    return {
      expected: expectedFromDraft(draft, server),
      target: () => draftTarget(draft, server, this.#ports),
      throughSsh: server.ssh.agentsThroughSsh === true,
    };
  }
}

/** Everything in a draft that decides what a preflight looks for, and on which way. */
function lookedFor(draft: SetupDraft): string {
  const { servers, jumpHosts } = draft;
  return JSON.stringify([
    servers.map((server) => [expectedFromDraft(draft, server), server.ssh]),
    jumpHosts.map(({ id, address, ssh }) => [id, address, ssh]),
  ]);
}

/** The site and its servers, to tell whether findings are about them. */
function placesOf({ site, servers }: SetupDraft): string {
  return JSON.stringify([site.id, servers.map(({ id, address }) => [id, address])]);
}

/** The site's document calls servers otherwise than a draft does. */
function namedAsInSite({ checks, looked }: PreflightFindings, ids: ReadonlyMap<string, string>) {
  const named = (id: string) => ids.get(id) ?? id;
  return {
    checks: checks.map((check) => ({ ...check, server: check.server === null ? null : named(check.server) })),
    looked: looked.map((one) => {
      const { expected } = one;
      return {
        ...one,
        expected: { ...expected, server: { ...expected.server, id: named(expected.server.id) } },
      };
    }),
  };
}
