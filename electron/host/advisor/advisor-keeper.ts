import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdvisorAction, AdvisorView } from '../../../shared/advisor/advisor-view.ts';
import { noAnswers } from '../../../shared/advisor/answers.ts';
import { installedDesign } from '../../../shared/advisor/drift.ts';
import { recommend } from '../../../shared/advisor/recommend.ts';
import { AdvisorRecord } from '../../../shared/advisor/record.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import { readKept, writeKept } from '../kept-file.ts';

export interface AdvisorPorts {
  /** Where this workstation keeps the answers for a site that is still to come. */
  readonly folder: string;
  /** The site that is shown; null while none is open. */
  readonly site: () => Pick<ConsoleSite, 'profileDirectory' | 'demo' | 'me' | 'document'> | null;
  readonly wallTime: () => string;
}

const fileName = 'advisor.json';
const nothingKept: AdvisorRecord = {
  schema: 1,
  revision: 0,
  answers: noAnswers,
  changed: null,
  decision: null,
};

/** Answers and decision as they are kept with a site; null: nothing is kept, or nothing that can be used. */
export async function keptAdvisorRecord(
  profileDirectory: string,
  wallTime: string,
): Promise<AdvisorRecord | null> {
  const about = { what: 'The advisor’s record', wallTime };
  return (await readKept(join(profileDirectory, fileName), AdvisorRecord, about)).value;
}

/** Answers and decision of the advisor, kept with the site shown; without one, or with the demo, on this workstation. */
export class AdvisorKeeper {
  readonly #ports: AdvisorPorts;
  /** One after the other, so that no change is lost to another. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(ports: AdvisorPorts) {
    this.#ports = ports;
  }

  /** Errors: site.damaged (once, the file was put aside). */
  open(): Promise<Result<AdvisorView, ProductError>> {
    return this.#inLine(async () => {
      const { record, trouble } = await this.#read();
      return trouble === null ? succeed(this.#view(record)) : fail(trouble);
    });
  }

  /** Errors: setup.changed (another page was first), setup.not-kept, command.refused, command.forbidden. */
  act(action: AdvisorAction): Promise<Result<AdvisorView, ProductError>> {
    return this.#inLine(async () => {
      const { record, trouble } = await this.#read();
      if (trouble !== null) return fail(trouble);
      if (this.#site()?.me.role === 'viewer') {
        const said = 'A viewer may read the answers of this site, and change none.';
        return fail(productError('command.forbidden', said));
      }
      if (action.revision !== record.revision) {
        return fail(productError('setup.changed', 'These answers were changed by another page meanwhile.'));
      }
      const next = this.#after(record, action);
      if (!next.ok) return next;
      try {
        await writeKept(this.#path(), next.value);
      } catch (cause) {
        const said = `The answers could not be kept in ${this.#path()}.`;
        return fail(productError('setup.not-kept', said, [(cause as Error).message]));
      }
      return succeed(this.#view(next.value));
    });
  }

  /** Gives the answers of the workstation to a site that was just set up, unless it has its own already. */
  adopt(profileDirectory: string): Promise<void> {
    return this.#inLine(async () => {
      const about = { what: 'The advisor’s record', wallTime: this.#ports.wallTime() };
      const here = join(this.#ports.folder, fileName);
      const there = join(profileDirectory, fileName);
      const own = await readKept(there, AdvisorRecord, about);
      const { value } = await readKept(here, AdvisorRecord, about);
      if (value === null || own.value !== null) return;
      await writeKept(there, value);
      await rm(here, { force: true });
    });
  }

  #after(record: AdvisorRecord, action: AdvisorAction): Result<AdvisorRecord, ProductError> {
    const revision = record.revision + 1;
    const by = this.#site()?.me.name || 'this workstation';
    const at = this.#ports.wallTime();
    switch (action.act) {
      case 'answer':
        return succeed({ ...record, revision, answers: action.answers, changed: { by, at } });
      case 'begin-anew':
        return succeed({ ...nothingKept, revision });
      case 'decide': {
        const { design, cautions } = recommend(record.answers);
        if (design !== action.design && action.reason.trim() === '') {
          const said = 'Another design than the recommended one needs a reason.';
          return fail(productError('command.refused', said, [], 'Say why it is chosen all the same.'));
        }
        const accepted = cautions.map(({ says }) => says);
        const decision = {
          design: action.design,
          recommended: design,
          accepted,
          reason: action.reason,
          by,
          at,
        };
        return succeed({ ...record, revision, decision });
      }
    }
  }

  async #read(): Promise<{ record: AdvisorRecord; trouble: ProductError | null }> {
    const about = { what: 'The advisor’s record', wallTime: this.#ports.wallTime() };
    const { value, trouble } = await readKept(this.#path(), AdvisorRecord, about);
    return { record: value ?? nothingKept, trouble };
  }

  #view(record: AdvisorRecord): AdvisorView {
    const site = this.#site();
    return {
      keptFor: site === null ? 'workstation' : 'site',
      record,
      installed: site === null ? null : installedDesign(site.document),
    };
  }

  /** The demo is nobody's site: its answers are for one that is still to come. */
  #site() {
    const site = this.#ports.site();
    return site === null || site.demo !== null ? null : site;
  }

  #path(): string {
    return join(this.#site()?.profileDirectory ?? this.#ports.folder, fileName);
  }

  #inLine<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => undefined);
    return done;
  }
}
