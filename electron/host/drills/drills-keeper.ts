import { dueDrills, type DrillInterval, type DrillRoutine } from '../../../shared/drills/drill-calendar.ts';
import type { DrillRecord } from '../../../shared/drills/drill-record.ts';
import type { DrillAction, DrillsView } from '../../../shared/drills/drills-view.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { HostLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import { readAnswers } from '../readiness/readiness-files.ts';
import { carryOutDrill, prepareDrill, type DrillOrder } from './carry-out-drill.ts';
import { keepDrill, planInterval, readDrills, readRoutines, readSiteMadeAt } from './drill-files.ts';
import type { DrillPorts } from './drill-run.ts';

export interface DrillsKeeperPorts {
  /** The site that is shown; null while none is open. */
  readonly site: () => DrillPorts['site'] | null;
  readonly time: HostTime;
  readonly log: HostLog;
  readonly onNews: () => void;
}

/** Records shown; older ones stay in their folder. */
const shownAtMost = 100;

/** The drills of the site that is shown: what was made, what is due, and the one that this console makes now. */
export class DrillsKeeper {
  readonly #ports: DrillsKeeperPorts;
  #view: DrillsView = { records: [], due: [], goalSeconds: null, trouble: null };
  #routines: readonly DrillRoutine[] = [];
  #siteMadeAt: string | null = null;
  #own: { readonly done: Promise<unknown>; record: DrillRecord } | null = null;
  /** The cluster of a drill that is just being begun: two who ask at once do not both begin one. */
  #beginning: string | null = null;
  #ends: string | null = null;
  /** Nobody has to be told before a page has asked. */
  isOpen = false;

  constructor(ports: DrillsKeeperPorts) {
    this.#ports = ports;
  }

  async open(): Promise<DrillsView> {
    this.isOpen = true;
    await this.#read();
    return this.view();
  }

  view(): DrillsView {
    return { ...this.#view, toldAt: this.#ports.time.wallTime() };
  }

  /** Errors: site.missing, command.forbidden, drill.refused, drill.unconfirmed, drill.not-kept, request.invalid. */
  async act(action: DrillAction): Promise<Result<DrillsView, ProductError>> {
    this.isOpen = true;
    const site = this.#ports.site();
    if (site === null) return fail(productError('site.missing', 'No site is open.'));
    if (site.me.role === 'viewer')
      return fail(productError('command.forbidden', 'A viewer may look at drills, and make none.'));
    await this.#read();
    switch (action.act) {
      case 'start':
        return this.#start(action, site);
      case 'stop':
        this.#ends = `${site.me.name} ended it.`;
        return succeed(this.view());
      case 'plan':
        return this.#plan(action.interval, site);
    }
  }

  /** One drill of the site that is shown, for its certificate; null: it is not kept. */
  async record(id: string): Promise<DrillRecord | null> {
    await this.#read();
    return this.#view.records.find((record) => record.id === id) ?? null;
  }

  /** A drill of this console ends with what it does now, and is kept as interrupted. */
  async stop(): Promise<void> {
    this.#ends ??= 'The console was closed.';
    await this.#own?.done;
  }

  async #start(order: DrillOrder, site: DrillPorts['site']): Promise<Result<DrillsView, ProductError>> {
    const { time } = this.#ports;
    const running = this.#view.records.find(({ state }) => state === 'running')?.cluster ?? this.#beginning;
    const standing = { goalSeconds: this.#view.goalSeconds, running };
    const prepared = prepareDrill(order, site, standing, time);
    if (!prepared.ok) return prepared;
    const { record } = prepared.value;
    this.#beginning = record.cluster;
    const kept = await keepDrill(site.profileDirectory, record).finally(() => {
      this.#beginning = null;
    });
    if (!kept.ok) return kept;
    this.#ends = null;
    const done = carryOutDrill(prepared.value, {
      ...{ site, time },
      ends: () =>
        this.#ports.site()?.profileDirectory === site.profileDirectory
          ? this.#ends
          : 'Another site was opened in this console.',
      tell: (told) => this.#tell(told, site.profileDirectory),
    }).then(() => {
      this.#own = null;
    });
    this.#own = { done, record };
    this.#show(record);
    return succeed(this.view());
  }

  async #tell(record: DrillRecord, directory: string): Promise<void> {
    if (this.#own !== null) this.#own.record = record;
    const kept = await keepDrill(directory, record);
    if (!kept.ok) {
      this.#ports.log.error(kept.error.message);
      this.#view = { ...this.#view, trouble: kept.error };
    }
    this.#show(record);
  }

  #show(record: DrillRecord): void {
    const others = this.#view.records.filter(({ id }) => id !== record.id);
    this.#view = this.#judged({ ...this.#view, records: [record, ...others] });
    this.#ports.onNews();
  }

  async #plan(interval: DrillInterval, site: DrillPorts['site']): Promise<Result<DrillsView, ProductError>> {
    const kept = await planInterval(site, interval, this.#ports.time.wallTime());
    if (!kept.ok) return kept;
    this.#routines = kept.value;
    this.#view = this.#judged(this.#view);
    this.#ports.onNews();
    return succeed(this.view());
  }

  async #read(): Promise<void> {
    const site = this.#ports.site();
    if (site === null) {
      this.#view = { records: [], due: [], goalSeconds: null, trouble: null };
      return;
    }
    const { profileDirectory } = site;
    const now = this.#ports.time.wallTime();
    const [drills, routines, { kept }, madeAt] = await Promise.all([
      readDrills(profileDirectory, now),
      readRoutines(profileDirectory, now),
      readAnswers(profileDirectory, now),
      readSiteMadeAt(profileDirectory),
    ]);
    this.#routines = routines.value ?? [];
    this.#siteMadeAt = madeAt;
    const own = this.#own?.record;
    const records = own ? [own, ...drills.records.filter(({ id }) => id !== own.id)] : drills.records;
    this.#view = this.#judged({
      ...{ records: records.slice(0, shownAtMost), due: [], goalSeconds: kept.goalSeconds },
      trouble: routines.trouble ?? unreadable(drills.unreadable),
    });
  }

  #judged(view: DrillsView): DrillsView {
    const clusters = this.#ports.site()?.watch.site.clusters.map(({ id }) => id) ?? [];
    const now = this.#ports.time.wallTime();
    return { ...view, due: dueDrills(clusters, this.#routines, view.records, this.#siteMadeAt, now) };
  }
}

function unreadable(names: readonly string[]): ProductError | null {
  if (names.length === 0) return null;
  const said = `${names.length} kept ${names.length === 1 ? 'drill' : 'drills'} cannot be read.`;
  return productError('drill.damaged', said, names);
}
