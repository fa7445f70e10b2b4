import type { ClockReading } from './clock-checks.ts';
import type { ExpectedServer } from './expected-server.ts';
import type { ServerFacts } from './server-facts.ts';

/** A server with what was seen there. */
export interface LookedServer {
  readonly expected: ExpectedServer;
  readonly facts: ServerFacts;
  readonly clock: ClockReading | undefined;
}

/** The components of an engine, as it has told them. */
export interface ToldEngine {
  readonly server: string;
  readonly unit: string;
  readonly components: readonly string[];
}
