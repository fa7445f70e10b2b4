import { productError, type ProductError } from '../../../shared/errors.ts';
import { assertNever } from '../../../shared/result.ts';
import type { Link } from '../../../shared/console-ipc/console-snapshot.ts';

/**
 * What the console knows of its connection to one agent, as plain data. All instants are milliseconds
 * of the host's boot-time clock.
 *
 * Invariants: `connected` means that a valid snapshot arrived on the present connection and that
 * something was heard within the silence limit. A frozen agent keeps its socket open, so an open
 * socket alone means nothing. Once lost, a link stays lost until a snapshot arrives: attempts in
 * between do not flicker on the screen.
 */
export interface LinkState {
  readonly phase: Link['state'];
  readonly sinceAt: number;
  /** Arrival of the last valid snapshot: the age of everything shown of this agent. */
  readonly heardAt: number | null;
  /** Last sign of life on the present connection; null while there is none. */
  readonly aliveAt: number | null;
  /** When the present connection opened; null while there is none. */
  readonly openedAt: number | null;
  readonly nonsenseAt: number | null;
  readonly error: ProductError | null;
  /** Attempts that failed since the last valid snapshot. */
  readonly failures: number;
}

export type LinkEvent =
  | { readonly kind: 'opened' }
  /** A pong, or any frame. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'snapshot' }
  /** A frame that is not part of the contract: not used, but shown. */
  | { readonly kind: 'nonsense'; readonly error: ProductError }
  /** The attempt failed or the connection ended. */
  | { readonly kind: 'closed'; readonly error: ProductError }
  /** Time passed. */
  | { readonly kind: 'look' };

export interface LinkLimits {
  /** Nothing heard for longer than this: lost. */
  readonly silenceMs: number;
  /** How long a refused frame stays on the screen after good ones follow. */
  readonly nonsenseShownMs: number;
  readonly name: string;
}

export function newLink(now: number): LinkState {
  return {
    phase: 'connecting',
    sinceAt: now,
    heardAt: null,
    aliveAt: null,
    openedAt: null,
    nonsenseAt: null,
    error: null,
    failures: 0,
  };
}

/** The silence after which a link is lost: three heartbeats, three seconds at least. `H` in seconds. */
export function silenceLimitMs(H: number): number {
  return Math.max(3 * H * 1000, 3000);
}

/** The next state. Pure; the caller opens and closes sockets (see `isSilent`). */
export function nextLink(state: LinkState, event: LinkEvent, now: number, limits: LinkLimits): LinkState {
  switch (event.kind) {
    case 'opened':
      return { ...state, openedAt: now, aliveAt: now };
    case 'alive':
      return { ...state, aliveAt: now };
    case 'snapshot':
      return heard(state, now, limits);
    case 'nonsense':
      return { ...state, aliveAt: now, nonsenseAt: now, error: event.error };
    case 'closed':
      return {
        ...lost(state, now, event.error),
        openedAt: null,
        aliveAt: null,
        failures: state.failures + 1,
      };
    case 'look':
      return isSilent(state, now, limits) ? lost(state, now, silenceError(state, now, limits)) : state;
    default:
      return assertNever(event);
  }
}

/**
 * True when the open connection carries nothing any more, and must be given up: either no sign of life,
 * or signs of life without one usable snapshot for three times as long.
 */
export function isSilent(state: LinkState, now: number, limits: LinkLimits): boolean {
  if (state.openedAt === null || state.aliveAt === null) return false;
  const usefulAt = Math.max(state.openedAt, state.heardAt ?? 0);
  return now - state.aliveAt > limits.silenceMs || now - usefulAt > 3 * limits.silenceMs;
}

/** The form the renderer gets. */
export function linkView(state: LinkState, now: number): Link {
  return {
    state: state.phase,
    sinceMs: Math.max(0, now - state.sinceAt),
    heardMs: state.heardAt === null ? null : Math.max(0, now - state.heardAt),
    error: state.error,
  };
}

function heard(state: LinkState, now: number, limits: LinkLimits): LinkState {
  const stillShown = state.nonsenseAt !== null && now - state.nonsenseAt <= limits.nonsenseShownMs;
  return {
    ...state,
    phase: 'connected',
    sinceAt: state.phase === 'connected' ? state.sinceAt : now,
    heardAt: now,
    aliveAt: now,
    nonsenseAt: stillShown ? state.nonsenseAt : null,
    error: stillShown ? state.error : null,
    failures: 0,
  };
}

function lost(state: LinkState, now: number, error: ProductError): LinkState {
  return { ...state, phase: 'lost', sinceAt: state.phase === 'lost' ? state.sinceAt : now, error };
}

function silenceError(state: LinkState, now: number, limits: LinkLimits): ProductError {
  if (state.error?.code === 'agent.nonsense' && now - (state.nonsenseAt ?? 0) <= limits.silenceMs) {
    return state.error;
  }
  const seconds = ((now - (state.aliveAt ?? now)) / 1000).toFixed(1);
  return productError('agent.unreachable', `${limits.name} has been silent for ${seconds} s.`);
}
