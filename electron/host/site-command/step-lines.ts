import { formatMeasured } from '../../../shared/fleet/age.ts';

/** A step of a run that goes on step by step. */
interface ToldStep {
  readonly title: string;
  readonly state: string;
  readonly tookMs: number | null;
  readonly evidence: string;
}

/** Says each line once, and each step when it has ended; of one that waits, for what. */
export class StepLines {
  readonly #say: (line: string) => void;
  readonly #said = new Set<string>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Null: there is nothing to say. */
  once(line: string | null): void {
    if (line === null || this.#said.has(line)) return;
    this.#said.add(line);
    this.#say(line);
  }

  tell(steps: readonly ToldStep[]): void {
    for (const step of steps) this.once(stepLine(step));
  }
}

function stepLine({ title, state, tookMs, evidence }: ToldStep): string | null {
  if (state === 'running') return evidence === '' ? null : `  waits   ${title}: ${evidence}`;
  if (state === 'pending') return null;
  return `  ${state.padEnd(7)} ${title}: ${evidence} (${formatMeasured(tookMs ?? 0)})`;
}
