import type { ClockReading } from './clock-checks.ts';
import type { ExpectedServer } from './expected-server.ts';
import type { ServerFacts } from './server-facts.ts';

/** A server with what was seen there. */
export interface LookedServer {
  readonly expected: ExpectedServer;
  readonly facts: ServerFacts;
  readonly clock: ClockReading | undefined;
}
