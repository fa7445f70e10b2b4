import type { InstallStep } from '../../../shared/setup/setup-view.ts';
import type { Progress } from './transcript.ts';

/** The steps of one run as a page shows them: each once, with how long it took. */
export class StepBook {
  readonly #bootMs: () => number;
  readonly #startedAtMs = new Map<string, number>();
  #steps: readonly InstallStep[] = [];

  constructor(bootMs: () => number) {
    this.#bootMs = bootMs;
  }

  get steps(): InstallStep[] {
    return [...this.#steps];
  }

  note({ server, step, state, changed = false, error = undefined }: Progress): void {
    const key = `${server} ${step}`;
    const now = this.#bootMs();
    if (state === 'started') this.#startedAtMs.set(key, now);
    const tookMs = now - (this.#startedAtMs.get(key) ?? now);
    const noted: InstallStep = { server, title: step, state, changed, tookMs, error: error ?? null };
    const place = this.#steps.findIndex((other) => other.server === server && other.title === step);
    this.#steps = place < 0 ? [...this.#steps, noted] : this.#steps.with(place, noted);
  }

  clear(): void {
    this.#steps = [];
    this.#startedAtMs.clear();
  }
}
