import { lastDrills } from '../../../shared/drills/last-drill.ts';
import type { Reminders, ViolatedMove } from '../../../shared/reminders/reminders.ts';
import type { ConsoleSite } from '../console-site.ts';
import { readDrills, readDue } from '../drills/drill-files.ts';
import type { HostLog } from '../host-log.ts';
import type { Cancel, HostTime } from '../host-time.ts';

/** What of a site its reminders are read from. */
export type RemindedSite = Pick<ConsoleSite, 'profileDirectory' | 'verification'> & {
  readonly watch: { readonly site: { readonly clusters: readonly { readonly id: string }[] } };
};

export interface RemindersKeeperPorts {
  /** The site that is shown; null while none is open. */
  readonly site: () => RemindedSite | null;
  readonly time: HostTime;
  readonly log: HostLog;
}

const lookEveryMs = 5_000;
/** Drills are files, and days pass slowly; what this console itself changes is looked at at once. */
const drillsEveryMs = 60_000;

/** What the records of the site that is shown ask of people, looked at by itself. Never rejects, never throws. */
export class RemindersKeeper {
  readonly #ports: RemindersKeeperPorts;
  #told: { readonly directory: string; readonly reminders: Reminders } | null = null;
  #drillsReadMs = -Infinity;
  #looking: Promise<void> = Promise.resolve();
  #cancel: Cancel;
  #stopped = false;

  constructor(ports: RemindersKeeperPorts) {
    this.#ports = ports;
    this.#cancel = ports.time.after(0, () => this.#turn());
  }

  /** Of the site that is shown; undefined: not read yet. */
  view(): Reminders | undefined {
    const directory = this.#ports.site()?.profileDirectory;
    return this.#told?.directory === directory ? this.#told?.reminders : undefined;
  }

  /** A drill was made, or the plan of drills has changed. */
  drillsChanged(): void {
    this.#drillsReadMs = -Infinity;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#looking;
  }

  #turn(): void {
    this.#looking = this.#look()
      .catch((cause: unknown) => this.#ports.log.error('what is due could not be read', cause))
      .then(() => {
        if (!this.#stopped) this.#cancel = this.#ports.time.after(lookEveryMs, () => this.#turn());
      });
  }

  async #look(): Promise<void> {
    const site = this.#ports.site();
    if (site === null) return;
    const { profileDirectory: directory } = site;
    const known = this.#told?.directory === directory ? this.#told.reminders : null;
    const drills = await this.#drills(site, known);
    this.#told = { directory, reminders: { ...drills, violated: await violatedMoves(site) } };
  }

  async #drills(site: RemindedSite, known: Reminders | null): Promise<Omit<Reminders, 'violated'>> {
    const { time } = this.#ports;
    if (known !== null && time.bootMs() - this.#drillsReadMs < drillsEveryMs) return known;
    this.#drillsReadMs = time.bootMs();
    const now = time.wallTime();
    const { records } = await readDrills(site.profileDirectory, now);
    const clusters = site.watch.site.clusters.map(({ id }) => id);
    const { due } = await readDue(site.profileDirectory, clusters, records, now);
    return { drills: due.filter(({ state }) => state === 'due'), lastDrills: lastDrills(clusters, records) };
  }
}

/** None where the proofs cannot be read: their page tells that. */
async function violatedMoves({ verification, watch }: RemindedSite): Promise<ViolatedMove[]> {
  const opened = await verification().catch(() => null);
  return opened?.book.violated(watch.site.clusters.map(({ id }) => id)) ?? [];
}
