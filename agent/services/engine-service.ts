import type { EngineProcess } from '../../shared/failover/member-facts.ts';
import type { Result } from '../../shared/result.ts';

/** The service manager's view of one member's engine. Errors are sentences. */
export interface EngineService {
  observe(): Promise<Result<{ readonly process: EngineProcess; readonly runningMs: number | null }, string>>;
  /** Returns when the process runs, or says why it was refused (the gate) or failed. */
  start(timeLimitMs: number): Promise<Result<void, string>>;
  /** Asks it to stop, kills it after `graceMs`, and returns only when it is proven stopped. */
  stop(graceMs: number): Promise<Result<void, string>>;
  /** Kills the whole control group at once and returns when it is empty. */
  kill(): Promise<Result<void, string>>;
  /** The processes of its unit, to tell them from an engine that somebody has started beside it. */
  readonly processes?: () => Promise<Result<readonly number[], string>>;
  /**
   * Tells one life of the engine's processes from another, also to an agent that is started later; null: it does not
   * run, or cannot be told now. Absent where it can never be told. Never rejects.
   */
  life?(): Promise<string | null>;
  /** Has `told` called as soon as its processes may have come or gone. Absent where only looks find out. */
  onChange?(told: () => void): void;
  /** Whether the next change of what the last look saw will be told. Absent: no. */
  tellsChange?(): boolean;
  restartGuard(number: 1 | 2): Promise<Result<void, string>>;
  /**
   * Whether this whole server is shutting down or rebooting; no, where the service manager does not answer. Absent
   * where it cannot be known. Never rejects.
   */
  serverStops?(): Promise<boolean>;
}
