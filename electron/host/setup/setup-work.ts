import { productError, type ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { SetupWork } from '../../../shared/setup/setup-view.ts';
import { describeCause, type HostLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';

export interface WorkPorts {
  readonly time: Pick<HostTime, 'bootMs'>;
  readonly log: HostLog;
  readonly onNews: () => void;
}

/** One kind of long work of the setup: at most one run at a time, which can be told to stop. */
export class WorkState {
  readonly #ports: WorkPorts;
  #state: SetupWork['state'] = 'never';
  #sinceMs: number;
  #awaits = '';
  #errors: readonly ProductError[] = [];
  #stop: AbortController | null = null;

  constructor(ports: WorkPorts) {
    this.#ports = ports;
    this.#sinceMs = ports.time.bootMs();
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** Begins the work, unless it runs already. Never rejects: what goes wrong is told by the view. */
  begin(
    awaits: string,
    work: (signal: AbortSignal) => Promise<Result<unknown, readonly ProductError[]>>,
  ): void {
    if (this.running) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#errors = [];
    this.#enter('running', awaits);
    work(stop.signal).then(
      (result) => {
        if (!result.ok) this.#errors = result.error;
        if (stop.signal.aborted) this.#enter('stopped', '');
        else this.#enter(result.ok ? 'done' : 'failed', '');
      },
      (cause: unknown) => {
        this.#ports.log.error('a part of the setup broke', cause);
        this.#errors = [
          productError('internal', `${awaits} could not be finished.`, [
            describeCause(cause).split('\n')[0]!,
          ]),
        ];
        this.#enter('failed', '');
      },
    );
  }

  /** What is awaited now, while it runs. */
  tell(awaits: string): void {
    if (!this.running) return;
    this.#awaits = awaits;
    this.#ports.onNews();
  }

  /** Asks the run to stop; it says itself when it has. */
  stop(): void {
    this.#stop?.abort();
  }

  /** As if it had never run: what it found is no longer true. */
  forget(): void {
    if (this.running) return;
    this.#errors = [];
    this.#enter('never', '');
  }

  view(): SetupWork {
    return {
      state: this.#state,
      sinceMs: this.#ports.time.bootMs() - this.#sinceMs,
      awaits: this.#awaits,
      errors: [...this.#errors],
    };
  }

  #enter(state: SetupWork['state'], awaits: string): void {
    this.#state = state;
    this.#sinceMs = this.#ports.time.bootMs();
    this.#awaits = awaits;
    this.#ports.onNews();
  }
}
