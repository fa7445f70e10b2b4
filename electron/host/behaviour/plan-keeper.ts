import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { siteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import { PlanAcceptance, type PlanSubject, type PlanView } from '../../../shared/behaviour/plan-view.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { setupStepNames } from '../../../shared/setup/draft.ts';
import { setupGaps } from '../../../shared/setup/gaps.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import { siteFromDraft } from '../../../shared/setup/site-from-draft.ts';
import type { ConsoleSite } from '../console-site.ts';
import { readKept, writeKept } from '../kept-file.ts';

export type PlannedSite = Pick<ConsoleSite, 'profileDirectory' | 'me' | 'document'>;

export interface PlanPorts {
  /** Where this workstation keeps what belongs to a site that is still to come. */
  readonly folder: string;
  /** The site that is shown; null while none is open. */
  readonly site: () => PlannedSite | null;
  readonly setup: () => Promise<Result<SetupView, ProductError>>;
  readonly wallTime: () => string;
}

const fileName = 'failover-plan.json';
const what = 'The acceptance of the failover behaviour';

/** What the owner of a site has accepted of its failover behaviour. Errors: site.damaged (once, the file was put aside). */
export async function readAcceptance(
  folder: string,
  wallTime: string,
): Promise<Result<PlanAcceptance | null, ProductError>> {
  const { value, trouble } = await readKept(join(folder, fileName), PlanAcceptance, { what, wallTime });
  return trouble === null ? succeed(value) : fail(trouble);
}

/** The failover behaviour of the site that is shown, or of the one that is being set up, and its acceptance. */
export class PlanKeeper {
  readonly #ports: PlanPorts;
  /** One after the other, so that no acceptance is lost to another. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(ports: PlanPorts) {
    this.#ports = ports;
  }

  /** Errors: site.damaged (once, the file was put aside). */
  open(of: PlanSubject): Promise<Result<PlanView, ProductError>> {
    return this.#inLine(() => this.#view(of));
  }

  /** Keeps that the owner has accepted it as it is now. Errors: command.forbidden, request.invalid, setup.not-kept. */
  accept(request: {
    readonly of: PlanSubject;
    readonly owner: string;
    readonly note: string;
  }): Promise<Result<PlanView, ProductError>> {
    const { of, owner, note } = request;
    return this.#inLine(async () => {
      const seen = await this.#view(of);
      if (!seen.ok) return seen;
      const { behaviour } = seen.value;
      const refusal = this.#refusal(of, owner, behaviour !== null);
      if (refusal !== null) return fail(refusal);
      const acceptance = {
        ...{ schema: 1, owner: owner.trim(), note: note.trim(), by: this.#name(of) },
        ...{ at: this.#ports.wallTime(), basis: behaviour! },
      } satisfies PlanAcceptance;
      const path = join(this.#folder(of), fileName);
      try {
        await writeKept(path, acceptance);
      } catch (cause) {
        const said = `The acceptance could not be kept in ${path}.`;
        return fail(productError('setup.not-kept', said, [(cause as Error).message]));
      }
      return succeed({ ...seen.value, acceptance });
    });
  }

  /** Gives what was accepted during the setup to the site that was just set up, unless it has its own already. */
  adopt(profileDirectory: string): Promise<void> {
    return this.#inLine(async () => {
      const wallTime = this.#ports.wallTime();
      const here = await readAcceptance(this.#ports.folder, wallTime);
      const there = await readAcceptance(profileDirectory, wallTime);
      if (!here.ok || here.value === null || !there.ok || there.value !== null) return;
      await writeKept(join(profileDirectory, fileName), here.value);
      await rm(join(this.#ports.folder, fileName), { force: true });
    });
  }

  #refusal(of: PlanSubject, owner: string, isKnown: boolean): ProductError | null {
    const site = this.#ports.site();
    if (of === 'site' && site?.me.role !== 'admin') {
      return productError('command.forbidden', 'Only an administrator may write down an acceptance.');
    }
    if (!isKnown) return productError('request.invalid', 'There are no settings yet that could be accepted.');
    return owner.trim() === '' ? productError('request.invalid', 'The owner’s name is missing.') : null;
  }

  async #view(of: PlanSubject): Promise<Result<PlanView, ProductError>> {
    const seen = of === 'site' ? succeed(ofSite(this.#ports.site())) : ofSetup(await this.#ports.setup());
    if (!seen.ok) return seen;
    const kept = await readAcceptance(this.#folder(of), this.#ports.wallTime());
    return kept.ok ? succeed({ of, ...seen.value, acceptance: kept.value }) : kept;
  }

  #folder(of: PlanSubject): string {
    return of === 'site' ? (this.#ports.site()?.profileDirectory ?? this.#ports.folder) : this.#ports.folder;
  }

  #name(of: PlanSubject): string {
    return (of === 'site' && this.#ports.site()?.me.name) || 'this workstation';
  }

  #inLine<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => undefined);
    return done;
  }
}

type Seen = Pick<PlanView, 'name' | 'behaviour' | 'missing' | 'measured'>;

function ofSite(site: PlannedSite | null): Seen {
  const document = site?.document ?? null;
  const behaviour = document && siteBehaviour(document);
  return { name: document?.name ?? '', behaviour, missing: [], measured: null };
}

/** The behaviour that a setup would give its site, or what it still needs for that to be known. */
function ofSetup(setup: Result<SetupView, ProductError>): Result<Seen, ProductError> {
  if (!setup.ok) return setup;
  const { draft, measured } = setup.value;
  const document = siteFromDraft(draft);
  const needs = setupStepNames.flatMap((step) => setupGaps(draft, step).map((gap) => gap.needs));
  return succeed({
    name: draft.site.name,
    behaviour: document && siteBehaviour(document),
    missing: document === null ? [...new Set(needs)] : [],
    measured: measured.times,
  });
}
