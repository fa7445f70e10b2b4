import * as z from 'zod/mini';
import { fail, succeed, type Result } from '../../../shared/result.ts';

/** Faults that can be switched on while the engine runs; see the failure modes in the design. */
export const faultNames = [
  'hang-api',
  'hang-all',
  'refuse-stop',
  'slow-start',
  'slow-stop',
  'safe-mode',
  'components-off',
  'lose-ack',
  'delay-ack',
  'ack',
  'drop-connection',
  'half-open',
  'wrong-json',
  'html-200',
  'licence-exceeded',
  'journal-write-error',
  'disk-full',
  'crash-after-write',
  'crash-after-send',
  'send-twice',
  'skip-message',
  'swap-messages',
] as const;
export type FaultName = (typeof faultNames)[number];

/** These matter at a start, so they outlive the process. */
const lasting: readonly FaultName[] = [
  'slow-start',
  'safe-mode',
  'licence-exceeded',
  'send-twice',
  'skip-message',
  'swap-messages',
];
/** These need a number of milliseconds; the default when switched on with `true`. */
const defaultMs: Partial<Record<FaultName, number>> = {
  'slow-start': 10_000,
  'slow-stop': 10_000,
  'delay-ack': 1000,
};

/** `true`: until cleared. A number: milliseconds, or how many times. `ack`: the answer to give. */
export type FaultValue = true | number | 'AE' | 'AR';

export const FaultRequest = z.strictObject({
  fault: z.enum(faultNames),
  value: z.nullable(z.union([z.boolean(), z.number().check(z.positive()), z.literal(['AE', 'AR'])])),
});
export type FaultRequest = z.infer<typeof FaultRequest>;

export type FaultState = Partial<Record<FaultName, FaultValue>>;

/** Which faults are in force. Pure bookkeeping; those who meet a fault ask here. */
export class Faults {
  readonly #active = new Map<FaultName, FaultValue>();
  #changed: (() => void)[] = [];

  constructor(initial: FaultState = {}) {
    for (const name of lasting) {
      const value = initial[name];
      if (value !== undefined) this.#active.set(name, value);
    }
  }

  /** Switches a fault on or (null, false) off. The failure is a sentence. */
  set(request: FaultRequest): Result<void, string> {
    const { fault, value } = request;
    if (value === null || value === false) {
      this.#active.delete(fault);
    } else {
      if ((fault === 'ack') !== (typeof value === 'string')) {
        return fail(`${fault} does not take the value ${JSON.stringify(value)}`);
      }
      this.#active.set(fault, value === true ? (defaultMs[fault] ?? true) : value);
    }
    const waiting = this.#changed;
    this.#changed = [];
    for (const wake of waiting) wake();
    return succeed(undefined);
  }

  is(fault: FaultName): boolean {
    return this.#active.has(fault);
  }

  /** Milliseconds or count of a fault in force, 0 when it is off. */
  amount(fault: FaultName): number {
    const value = this.#active.get(fault);
    return typeof value === 'number' ? value : 0;
  }

  ackCode(): 'AE' | 'AR' | undefined {
    const value = this.#active.get('ack');
    return value === 'AE' || value === 'AR' ? value : undefined;
  }

  /** True when the fault strikes now; a counted fault is used up by this. */
  strike(fault: FaultName): boolean {
    const value = this.#active.get(fault);
    if (typeof value === 'number') {
      if (value <= 1) this.#active.delete(fault);
      else this.#active.set(fault, value - 1);
    }
    return value !== undefined;
  }

  /** Waits until none of these is in force. */
  async cleared(...faults: readonly FaultName[]): Promise<void> {
    while (faults.some((fault) => this.is(fault))) {
      await new Promise<void>((wake) => this.#changed.push(wake));
    }
  }

  active(): FaultState {
    return Object.fromEntries(this.#active);
  }

  lasting(): FaultState {
    return Object.fromEntries([...this.#active].filter(([name]) => lasting.includes(name)));
  }
}
