import * as z from 'zod/mini';
import { CommandAnswer } from '../agent-api/agent-api.ts';
import { JournalRecord } from '../agent-api/journal-record.ts';
import { ConsoleSnapshot, DemoFaultKind } from './console-snapshot.ts';

const Nothing = z.object({});

/**
 * Everything that renderer and host say to each other, as one value. It generates the Electron preload,
 * the browser bridge, the host's handlers and the test driver; each request and answer is parsed on
 * arrival. A call fails with a `ProductError`, never otherwise.
 */
export const consoleCalls = {
  /** The current snapshot. Subscribe first, then get, ignore the older. */
  getSnapshot: { request: Nothing, response: ConsoleSnapshot },
  /** Planned move of a cluster to `target`. The host sends it to the Active's agent. */
  switchOver: {
    request: z.strictObject({
      cluster: z.string(),
      target: z.string(),
      epoch: z.int(),
      idempotencyKey: z.string(),
      reason: z.string(),
    }),
    response: CommandAnswer,
  },
  /** Newest records of one cluster's journals, both members, newest first. */
  readJournal: {
    request: z.strictObject({ cluster: z.string(), limit: z.int().check(z.minimum(1), z.maximum(500)) }),
    response: z.object({
      records: z.array(JournalRecord),
      /** Members whose journal could not be read now, with why. */
      missing: z.array(z.object({ server: z.string(), why: z.string() })),
    }),
  },
  /** Demo site only. */
  injectFault: {
    request: z.strictObject({
      kind: DemoFaultKind,
      server: z.nullable(z.string()),
      cluster: z.nullable(z.string()),
      other: z.nullable(z.string()),
    }),
    response: Nothing,
  },
  /** Demo site only: ends every fault and boots what was killed. */
  healAll: { request: Nothing, response: Nothing },
  getPreferences: {
    request: Nothing,
    response: z.object({
      theme: z.enum(['system', 'light', 'dark']),
      shell: z.enum(['electron', 'browser']),
    }),
  },
  setTheme: { request: z.strictObject({ theme: z.enum(['system', 'light', 'dark']) }), response: Nothing },
} as const satisfies Record<string, { request: z.core.$ZodType; response: z.core.$ZodType }>;

/** What the host tells the renderer without being asked. */
export const consoleEvents = {
  snapshot: ConsoleSnapshot,
} as const satisfies Record<string, z.core.$ZodType>;

export type ConsoleCallName = keyof typeof consoleCalls;
export type ConsoleEventName = keyof typeof consoleEvents;
export const consoleCallNames = Object.keys(consoleCalls) as ConsoleCallName[];

export type ConsoleRequest<Name extends ConsoleCallName> = z.infer<(typeof consoleCalls)[Name]['request']>;
export type ConsoleResponse<Name extends ConsoleCallName> = z.infer<(typeof consoleCalls)[Name]['response']>;
export type ConsoleEvent<Name extends ConsoleEventName> = z.infer<(typeof consoleEvents)[Name]>;

/** The host's side: one handler per call. A call without a handler does not compile. */
export type ConsoleHandlers = {
  readonly [Name in ConsoleCallName]: (request: ConsoleRequest<Name>) => Promise<ConsoleResponse<Name>>;
};

/** The renderer's side: what the bridge offers, in both shells. */
export interface ConsoleClient {
  call<Name extends ConsoleCallName>(
    name: Name,
    request: ConsoleRequest<Name>,
  ): Promise<ConsoleResponse<Name>>;
  /** Returns the function that ends the subscription. */
  on<Name extends ConsoleEventName>(name: Name, listener: (event: ConsoleEvent<Name>) => void): () => void;
  /** False while the connection to the host is broken; the screen then says so. */
  onConnection(listener: (connected: boolean) => void): () => void;
}
