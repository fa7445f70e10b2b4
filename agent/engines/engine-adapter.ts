import type { Result } from '../../shared/result.ts';

export interface EngineComponents {
  readonly total: number;
  readonly on: number;
  readonly inError: number;
  readonly pollersTotal: number;
  readonly pollersOn: number;
  readonly queued: number;
  readonly messagesPerSecond: number;
  /** Received since the engine's start, where the version counts it. */
  readonly received: number | null;
  readonly version: string | null;
  readonly answersInMs: number;
}

/** What the agent asks of an engine. Safety never rests on it: it may fail or answer nonsense at any time. */
export interface EngineAdapter {
  look(limitMs: number): Promise<Result<EngineComponents, string>>;
  /** Starts or stops components and waits until they are; pollers and the rest are switched apart. */
  switchComponents(
    which: 'listeners' | 'pollers',
    on: boolean,
    limitMs: number,
  ): Promise<Result<string, string>>;
}
