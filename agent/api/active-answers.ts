import { HeldChecks } from './held-checks.ts';

/** What load balancers are told, and who wants to know that they asked. */
export interface BalancerState {
  readonly active: () => boolean;
  readonly passive: () => boolean;
  readonly healthy: () => boolean;
  readonly asked: (path: string, status: number) => void;
  /** Looked through by the member whenever its answers can have changed. */
  readonly held: HeldChecks;
}

export interface Answer {
  readonly status: 200 | 404 | 503;
  readonly text: string;
}

/**
 * How long an answer must have stood before a check is held for its change: a balancer believes a refusal only when it
 * has heard it twice, and must not wait for the second one.
 */
const stoodMs = 1_000;

/**
 * The answers at the port for load balancers. They are made when they are given, from the clock of that moment, so that
 * a thawed agent never answers for a lease that has ended.
 */
export class ActiveAnswers {
  readonly held: HeldChecks;
  private readonly state: BalancerState;
  private readonly nowMs: () => number;
  private readonly stood = new Map<string, { readonly status: number; readonly sinceMs: number }>();

  constructor(state: BalancerState, nowMs: () => number) {
    this.state = state;
    this.held = state.held;
    this.nowMs = nowMs;
  }

  /** The answer that is given now. */
  give(method: string, path: string): Answer {
    const known = /^(GET|HEAD|OPTIONS)$/.test(method) && this.at(path) !== null;
    const status = known ? this.status(path) : 404;
    if (known) this.state.asked(path, status);
    return { status, text: `${status === 200 ? 'yes' : status === 503 ? 'no' : 'not here'}\n` };
  }

  status(path: string): 200 | 404 | 503 {
    const yes = this.at(path)?.();
    return yes === undefined ? 404 : yes ? 200 : 503;
  }

  /** Whether the answer has been the same one for a while, as far as anybody has asked. */
  stands(path: string): boolean {
    const status = this.status(path);
    const before = this.stood.get(path);
    if (status === 404) return false;
    if (before?.status === status) return this.nowMs() - before.sinceMs >= stoodMs;
    this.stood.set(path, { status, sinceMs: this.nowMs() });
    return false;
  }

  private at(path: string): (() => boolean) | null {
    const { active, passive, healthy } = this.state;
    return path === '/active' ? active : path === '/passive' ? passive : path === '/healthy' ? healthy : null;
  }
}
