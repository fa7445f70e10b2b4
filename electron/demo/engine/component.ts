import { createHash } from 'node:crypto';
import type { EventRate } from '../event-rate.ts';
import type { Result } from '../../../shared/result.ts';

export type Light = 'OFF' | 'ON' | 'YELLOW' | 'RED';

/** What `/component/list` tells of one component. */
export interface ComponentFacts {
  readonly light: Light;
  readonly errorCount: number;
  readonly queueCount: number;
  readonly received: number;
  /** Queue position: number of the last message that the destination has acknowledged; undefined without a queue. */
  readonly position?: number;
  /** Number and control id of the last message taken in. */
  readonly lastNumber?: number;
  readonly lastMessageId?: string;
  readonly perSecondIn: number;
  readonly perSecondOut: number;
  /** Boot milliseconds of the last message or run; undefined before the first. */
  readonly lastActivityAt: number | undefined;
}

/** A running part of the engine that can be switched on and off by itself. */
export interface Component {
  readonly guid: string;
  readonly name: string;
  readonly tags: readonly string[];
  facts(): ComponentFacts;
  isOn(): boolean;
  /** Switches on; the failure is a sentence. */
  start(): Promise<Result<void, string>>;
  /** Switches off after what is under way is finished. */
  stop(): Promise<void>;
}

/** What a component without a queue tells. */
export function factsWithoutQueue(
  isOn: boolean,
  {
    received,
    errors,
    rate,
  }: { readonly received: number; readonly errors: number; readonly rate: EventRate },
): ComponentFacts {
  return {
    light: isOn ? 'ON' : 'OFF',
    errorCount: errors,
    queueCount: 0,
    received,
    perSecondIn: rate.perSecond(),
    perSecondOut: 0,
    lastActivityAt: rate.lastAt,
  };
}

/** The same on both servers of a cluster, as their configuration is the same. */
export function componentGuid(cluster: string, component: string): string {
  return createHash('sha256').update(`${cluster}/${component}`).digest('hex').slice(0, 32).toUpperCase();
}
