import * as z from 'zod/mini';
import { CommandAnswer, moveVerbs, policyVerbs } from '../agent-api/agent-api.ts';
import { JournalKind, JournalRecord } from '../agent-api/journal-record.ts';
import { EvidenceReport } from '../agent-api/member-evidence.ts';
import { fenceStatements } from '../lease/forced.ts';
import { ServersAction, ServersView } from '../servers/servers-view.ts';
import { SetupAction, SetupView } from '../setup/setup-view.ts';
import { ConsoleSnapshot, DemoFaultKind } from './console-snapshot.ts';

const Nothing = z.object({});
/** A path on this workstation, as a person writes it. */
const Path = z.string().check(z.minLength(1), z.maxLength(4_096));
const Passphrase = z.string().check(z.minLength(1), z.maxLength(1_000));

/** Characters of a recovery kit's passphrase: a shorter one can be guessed by whoever finds the kit. */
export const shortestPassphrase = 12;

/** What a person's command to one member carries beside its own fields. */
const asked = {
  epoch: z.int(),
  idempotencyKey: z.string(),
  reason: z.string().check(z.maxLength(500)),
};

const TimelineRequest = z.strictObject({
  /** Wall times, ISO 8601 in UTC; null leaves that end open. */
  from: z.nullable(z.iso.datetime()),
  to: z.nullable(z.iso.datetime()),
  /** Empty: all. */
  clusters: z.array(z.string()).check(z.maxLength(100)),
  kinds: z.array(JournalKind),
  /** Words that must all be in a record's sentence, rule, step, person or operation. */
  text: z.string().check(z.maxLength(200)),
  limit: z.int().check(z.minimum(1), z.maximum(500)),
  /** How many of the newest are passed over. */
  skip: z.int().check(z.minimum(0)),
});

const Timeline = z.object({
  records: z.array(JournalRecord),
  /** How many records the search finds in all. */
  total: z.int(),
  /** Every change of role within the window, and the last one before it per member. */
  roles: z.array(JournalRecord),
  /** Wall time of this workstation when it answered. */
  now: z.string(),
  journals: z.array(
    z.object({
      cluster: z.string(),
      server: z.string(),
      /** Newest record that is here; newest that the agent named, null while it has not been heard. */
      head: z.int(),
      wanted: z.nullable(z.int()),
      /** Records that its agent had let go of before they were read. */
      missing: z.int(),
      /** Why the last reading failed; null when it did not. */
      why: z.nullable(z.string()),
    }),
  ),
});

/**
 * Everything that renderer and host say to each other, as one value. It generates the Electron preload,
 * the browser bridge, the host's handlers and the test driver; each request and answer is parsed on
 * arrival. A call fails with a `ProductError`, never otherwise.
 */
export const consoleCalls = {
  /** The current snapshot. Subscribe first, then get, ignore the older. */
  getSnapshot: { request: Nothing, response: ConsoleSnapshot },
  /**
   * Move of a cluster to `target` that a person asks for: a switchover unless `verb` says otherwise. The host sends it
   * to the Active's agent, a failover to the agent of `target`.
   */
  switchOver: {
    request: z.strictObject({
      verb: z.optional(z.enum(moveVerbs)),
      cluster: z.string(),
      target: z.string(),
      epoch: z.int(),
      idempotencyKey: z.string(),
      reason: z.string(),
    }),
    response: CommandAnswer,
  },
  /**
   * A person forces `target` to take over, with the statement that the other server is fenced. The host sends it to the
   * agent of `target`; for administrators only.
   */
  forceTakeover: {
    request: z.strictObject({
      cluster: z.string(),
      target: z.string(),
      ...asked,
      statement: z.enum(fenceStatements),
      /** The cluster's name as the person has typed it. */
      typedName: z.string().check(z.maxLength(200)),
      /** Also without the lease store, which the person has seen not to answer. */
      withoutStore: z.boolean(),
    }),
    response: CommandAnswer,
  },
  /** Takes the member on `server` back after a forced takeover, or with the state of another machine. */
  readmit: {
    request: z.strictObject({
      cluster: z.string(),
      server: z.string(),
      ...asked,
    }),
    response: CommandAnswer,
  },
  /**
   * Has the members belong to the lease store that runs in place of a lost one. Asked of the agent of `server`, which
   * asks the other one, or with a statement about it goes on without it; for administrators only. Done when the store
   * has its first record.
   */
  replaceStore: {
    request: z.strictObject({
      cluster: z.string(),
      server: z.string(),
      ...asked,
      statement: z.optional(z.enum(fenceStatements)),
      /** With a statement: the cluster's name as the person has typed it. */
      typedName: z.optional(z.string().check(z.maxLength(200))),
    }),
    response: CommandAnswer,
  },
  /** Maintenance, or automatic failover blocked or allowed again. Done when the lease store has it. */
  changePolicy: {
    request: z.strictObject({
      cluster: z.string(),
      verb: z.enum(policyVerbs),
      /** How long; null for what has no end. */
      minutes: z.nullable(z.number().check(z.positive(), z.maximum(24 * 60))),
      reason: z.string().check(z.maxLength(500)),
      idempotencyKey: z.string(),
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
  /** What stands behind the state of one cluster's members, with the lists that snapshots do not carry. */
  readEvidence: {
    request: z.strictObject({ cluster: z.string() }),
    response: z.object({
      reports: z.array(EvidenceReport),
      /** Members that could not be asked now, with why. */
      missing: z.array(z.object({ server: z.string(), why: z.string() })),
    }),
  },
  /** What all members wrote down, from this workstation's history: newest first, page by page. */
  readTimeline: { request: TimelineRequest, response: Timeline },
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
  /** The setup of a new site on this workstation, as far as it got; it begins with the first call. */
  getSetup: { request: Nothing, response: SetupView },
  /** Something for the setup. Long work goes on afterwards and is told by the event `setup`. */
  setUp: { request: z.strictObject({ action: SetupAction }), response: SetupView },
  /** The text of a new recovery kit of this site, for administrators on the workstation that holds its authority. */
  makeRecoveryKit: {
    request: z.strictObject({ passphrase: z.string().check(z.maxLength(1000)) }),
    response: z.object({ fileName: z.string(), text: z.string() }),
  },
  /** What can be done on the servers of the site shown, and how far that got. */
  getServers: { request: Nothing, response: ServersView },
  /** Something for the servers. Long work goes on afterwards and is told by the event `servers`. */
  actOnServers: { request: z.strictObject({ action: ServersAction }), response: ServersView },
  getPreferences: {
    request: Nothing,
    response: z.object({
      theme: z.enum(['system', 'light', 'dark']),
      shell: z.enum(['electron', 'browser']),
      welcomed: z.boolean(),
    }),
  },
  /** The ways to begin are not shown by themselves any more. */
  setWelcomed: { request: Nothing, response: Nothing },
  /** Shows a site that this workstation has the profile folder of, and remembers it. The present one goes on without. */
  openSite: { request: z.strictObject({ directory: Path }), response: Nothing },
  /** Makes a profile from a recovery kit beside the others of this workstation, and shows its site. */
  joinSite: { request: z.strictObject({ kit: Path, passphrase: Passphrase }), response: Nothing },
  setTheme: { request: z.strictObject({ theme: z.enum(['system', 'light', 'dark']) }), response: Nothing },
} as const satisfies Record<string, { request: z.core.$ZodType; response: z.core.$ZodType }>;

/** What the host tells the renderer without being asked. */
export const consoleEvents = {
  snapshot: ConsoleSnapshot,
  /** Only after a page has asked for the setup. */
  setup: SetupView,
  /** Only after a page has asked for the servers. */
  servers: ServersView,
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
