import { productError, type ProductError } from '../../../shared/errors.ts';
import type { PatchAction, PatchOrder, PatchView } from '../../../shared/patching/patch-view.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import type { HostTime } from '../host-time.ts';
import { carryOutPatch, preparePatch } from './carry-out-patch.ts';

export interface PatchKeeperPorts {
  /** The site that is shown; null while none is open. */
  readonly site: () => Pick<ConsoleSite, 'watch' | 'ask' | 'me'> | null;
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
  act(action: PatchAction): Result<PatchView, ProductError> {
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

  #begin(order: PatchOrder, site: NonNullable<ReturnType<PatchKeeperPorts['site']>>) {
    const { time } = this.#ports;
    if (this.#running !== null) {
      const said = `This console works on ${this.#view.run?.serverName} already.`;
      return fail(productError('patch.refused', said, ['Wait until that has ended.']));
    }
    const prepared = preparePatch(order, { site, time });
    if (!prepared.ok) return prepared;
    this.#ends = null;
    const done = carryOutPatch(order, prepared.value, {
      ...{ site, time },
      ends: () => (this.#ports.site() === site ? this.#ends : 'Another site was opened in this console.'),
      closed: () => this.#closed,
      tell: (run) => {
        this.#view = { run };
        this.#ports.onNews();
      },
    }).then(() => {
      this.#running = null;
    });
    this.#running = done;
    return succeed(this.#view);
  }
}
