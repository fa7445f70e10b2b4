import type { ComponentState } from '../../shared/engine/component-state.ts';
import type { EngineTrouble } from '../../shared/engine/engine-trouble.ts';
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

/** One call of the engine's API as it was found when the adapter connected. */
export interface EngineCapability {
  readonly call: string;
  /** The vendor documents it; the others are known from published source of one version. */
  readonly documented: boolean;
  /** Null: not known yet, for example because it is only tried when it is needed. */
  readonly present: boolean | null;
  /** Names of the fields of its answer, never their values; or why there is none. */
  readonly shape: string;
}

/** What the last looks have found beyond counts. */
export interface EngineDiagnosis {
  readonly troubles: readonly EngineTrouble[];
  readonly capabilities: readonly EngineCapability[];
  /** Null while the API does not tell. */
  readonly components: readonly ComponentState[] | null;
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
  /** What is the matter, by name. An adapter without it tells only whether a look worked. */
  readonly diagnosis?: () => EngineDiagnosis;
  /** Components that a person has switched off: they are neither started nor missed. Replaces the names before. */
  readonly leaveOff?: (names: readonly string[]) => void;
}
