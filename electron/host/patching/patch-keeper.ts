import { productError, type ProductError } from '../../../shared/errors.ts';
import type { PatchAction, PatchOrder, PatchRun, PatchView } from '../../../shared/patching/patch-view.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { HostTime } from '../host-time.ts';
import { carryOutPatch, preparePatch, type PatchPorts } from './carry-out-patch.ts';

type PatchedSite = PatchPorts['site'];

export interface PatchKeeperPorts {
  /** The site that is shown; null while none is open. */
  readonly site: () => PatchedSite | null;
  readonly time: HostTime;
  readonly onNews: () => void;
}

/**
 * The run of this console, so that its page can be left and found again. It keeps nothing on disk: what stands where
 * is read from the agents, and what was asked for stands in their journals.
 */
export class PatchKeeper {
  readonly #ports: PatchKeeperPorts;
  #view: PatchView = { run: null };
  #running: Promise<unknown> | null = null;
  #ends: string | null = null;
  #closed = false;
  /** Nobody has to be told before a page has asked. */
  isOpen = false;

  constructor(ports: PatchKeeperPorts) {
    this.#ports = ports;
  }

  open(): PatchView {
    this.isOpen = true;
    return this.#view;
  }

  view(): PatchView {
    return this.#view;
  }

  /** Errors: site.missing, patch.refused, request.invalid. */
  async act(action: PatchAction): Promise<Result<PatchView, ProductError>> {
    this.isOpen = true;
    const site = this.#ports.site();
    if (site === null) return fail(productError('site.missing', 'No site is open.'));
    if (action.act === 'begin') return this.#begin(action, site);
    this.#ends = `${site.me.name} ended it.`;
    return succeed(this.#view);
  }

  /** Nothing more is asked for; what the agents have begun they end by themselves. */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#ends ??= 'The console was closed.';
    await this.#running;
  }

  async #begin(order: PatchOrder, site: PatchedSite): Promise<Result<PatchView, ProductError>> {
    const { time } = this.#ports;
    if (this.#running !== null) {
      const said = `This console works on ${this.#view.run?.serverName} already.`;
      return fail(productError('patch.refused', said, ['Wait until that has ended.']));
    }
    this.#ends = null;
    const begun = preparePatch(order, { site, time });
    // From here on, so that another one is refused while this one is still looked at.
    this.#running = begun.then((prepared) =>
      prepared.ok ? this.#carryOut(order, prepared.value, site) : null,
    );
    const prepared = await begun;
    if (prepared.ok) return succeed(this.#view);
    this.#running = null;
    return prepared;
  }

  async #carryOut(order: PatchOrder, begun: PatchRun, site: PatchedSite): Promise<void> {
    await carryOutPatch(order, begun, {
      ...{ site, time: this.#ports.time },
      ends: () => (this.#ports.site() === site ? this.#ends : 'Another site was opened in this console.'),
      closed: () => this.#closed,
      tell: (run) => {
        this.#view = { run };
        this.#ports.onNews();
      },
    });
    this.#running = null;
  }
}
