import * as z from 'zod/mini';
import { AdvisorAction, AdvisorView } from '../advisor/advisor-view.ts';
import { PlanSubject, PlanView } from '../behaviour/plan-view.ts';
import { CommandAnswer, moveVerbs, policyVerbs } from '../agent-api/agent-api.ts';
import { JournalRecord } from '../agent-api/journal-record.ts';
import { EvidenceReport } from '../agent-api/member-evidence.ts';
import { DrillAction, DrillsView } from '../drills/drills-view.ts';
import { fenceStatements } from '../lease/forced.ts';
import { PatchAction, PatchView } from '../patching/patch-view.ts';
import { AcknowledgeOutcome, AcknowledgeRequest } from '../notifications/acknowledgement.ts';
import { NotificationsAction, NotificationsView } from '../notifications/notifications-view.ts';
import { ReadinessAction } from '../readiness/kept-readiness.ts';
import { ReadinessView } from '../readiness/readiness-view.ts';
import { ReportFile, ReportFormat, ReportPaper } from '../report/report-formats.ts';
import { RunChange } from '../readiness/results.ts';
import { HardeningRequest, ServerHardening } from '../servers/hardening.ts';
import { LogsRequest, ServersAction, ServersView } from '../servers/servers-view.ts';
import { SetupAction, SetupView } from '../setup/setup-view.ts';
import { siteFileCalls } from '../site-file/site-file-view.ts';
import { ServerLogs } from '../support/server-logs.ts';
import { Judgement, KeptLook, KeptVerification } from '../verification/kept-verification.ts';
import {
  WorkstationInvitation,
  WorkstationName,
  WorkstationsView,
} from '../workstations/workstations-view.ts';
import type { ConsoleEvent, ConsoleEventName } from './console-events.ts';
import { ConsoleSnapshot, DemoFaultKind } from './console-snapshot.ts';
import { historyCalls } from './history-calls.ts';
import { asked, plannedCalls } from './planned-calls.ts';

const Nothing = z.object({});
/** A path on this workstation, as a person writes it. */
const Path = z.string().check(z.minLength(1), z.maxLength(4_096));
const Passphrase = z.string().check(z.minLength(1), z.maxLength(1_000));

/** Characters of a recovery kit's passphrase: a shorter one can be guessed by whoever finds the kit. */
export const shortestPassphrase = 12;

const VerifiedMove = { cluster: z.string(), operation: z.string() };

/** How the proof of a move stands: the look that was asked for, all that are kept, and the one that is under way. */
const VerificationState = z.object({
  operation: z.string(),
  kept: z.nullable(KeptVerification),
  /** Every look that is kept, and as it was signed; the newest first. */
  looks: z.array(KeptLook),
  progress: z.nullable(
    z.object({
      sinceMs: z.number(),
      limitMs: z.number(),
      /** How many times the evidence was looked at. */
      looks: z.int(),
      /** What is still awaited, as a sentence. */
      awaits: z.string(),
    }),
  ),
});

/** What was on the screen of whoever judges or signs: where that is not kept any more, nothing is written. */
const SeenVerification = z.strictObject({
  ...VerifiedMove,
  hash: z.string(),
  /** How many signatures were shown. */
  signatures: z.int(),
});
/** The hash of the look that is wanted; absent: the newest. */
const WantedLook = { wanted: z.optional(z.string().check(z.maxLength(64))) };
const PersonName = z.string().check(z.minLength(1), z.maxLength(100));
/** How a person wants a report. */
const ReportChoice = {
  format: ReportFormat,
  paper: ReportPaper,
  /** The person's time zone, by its name in the time zone database. */
  timeZone: z.string().check(z.maxLength(100)),
};
const Comment = z.string().check(z.maxLength(1_000));

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
  ...plannedCalls,
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
  ...historyCalls,
  /** The proof of a move, or of the newest one of a cluster; one that was not verified yet is begun. */
  readVerification: {
    request: z.strictObject({ cluster: z.string(), operation: z.nullable(z.string()), ...WantedLook }),
    response: VerificationState,
  },
  /** Looks at the evidence of a move again; what was found before is kept. */
  checkAgain: { request: z.strictObject(VerifiedMove), response: VerificationState },
  /** A person's word on a line that could not be seen whole. The verdict stays. */
  judgeLine: {
    request: z.strictObject({
      seen: SeenVerification,
      line: z.string(),
      finding: Judgement.shape.finding,
      name: PersonName,
      comment: Comment.check(z.minLength(1)),
    }),
    response: z.object({ kept: KeptVerification }),
  },
  /** A person signs exactly what was shown. */
  signVerification: {
    request: z.strictObject({ seen: SeenVerification, name: PersonName, comment: Comment }),
    response: z.object({ kept: KeptVerification }),
  },
  /** What is kept of a move as a file for the person. */
  exportVerification: {
    request: z.strictObject({ ...VerifiedMove, ...ReportChoice, ...WantedLook }),
    response: ReportFile,
  },
  /** A person knows of alarms, or takes that back (`comment` null). Each agent is told its own; each answer is told. */
  acknowledge: { request: AcknowledgeRequest, response: AcknowledgeOutcome },
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
  /** Answers to the advisor's questions and what was decided, kept with the site or on this workstation. */
  getAdvisor: { request: Nothing, response: AdvisorView },
  actOnAdvisor: { request: z.strictObject({ action: AdvisorAction }), response: AdvisorView },
  /** What happens at each fault with the settings of the site shown or set up, and who has accepted that. */
  getFailoverPlan: { request: z.strictObject({ of: PlanSubject }), response: PlanView },
  /** Keeps that the owner of the site accepts it as it is now. */
  acceptFailoverPlan: {
    request: z.strictObject({
      of: PlanSubject,
      owner: z.string().check(z.maxLength(200)),
      note: z.string().check(z.maxLength(500)),
    }),
    response: PlanView,
  },
  /** The text of a new recovery kit of this site, for administrators on the workstation that holds its authority. */
  makeRecoveryKit: {
    request: z.strictObject({ passphrase: z.string().check(z.maxLength(1000)) }),
    response: z.object({ fileName: z.string(), text: z.string() }),
  },
  /** What can be done on the servers of the site shown, and how far that got. */
  getServers: { request: Nothing, response: ServersView },
  /** Something for the servers. Long work goes on afterwards and is told by the event `servers`. */
  actOnServers: { request: z.strictObject({ action: ServersAction }), response: ServersView },
  /** The last lines of the logs of one server, let through word by word there. */
  readServerLogs: { request: LogsRequest, response: ServerLogs },
  /** How open the units of one server are, as its own systemd marks them now. */
  readServerHardening: { request: HardeningRequest, response: ServerHardening },
  /** How ready the site shown is; the first call begins a run of all checks. */
  getReadiness: { request: Nothing, response: ReadinessView },
  /** A run, or something that a person says of a check. Runs go on afterwards and are told by the event `readiness`. */
  actOnReadiness: { request: z.strictObject({ action: ReadinessAction }), response: ReadinessView },
  /** What changed between two kept runs, named by their wall times. */
  compareReadiness: {
    request: z.strictObject({ before: z.string(), after: z.string() }),
    response: z.object({ changes: z.array(RunChange) }),
  },
  /** The report of what stands now as a file for the person. */
  exportReadiness: {
    request: z.strictObject(ReportChoice),
    response: ReportFile,
  },
  /** Drills that were made, what is due, and the one that runs. */
  getDrills: { request: Nothing, response: DrillsView },
  /** Begins or ends a drill, or says how often one is to be made. It goes on afterwards and is told by the event `drills`. */
  actOnDrills: { request: z.strictObject({ action: DrillAction }), response: DrillsView },
  /** The certificate of one drill as a file for the person. */
  exportDrill: {
    request: z.strictObject({
      id: z.string().check(z.maxLength(80)),
      ...ReportChoice,
    }),
    response: ReportFile,
  },
  /** The last run of this console that took a server out of service for patching, or brought one back. */
  getPatch: { request: Nothing, response: PatchView },
  /** Begins such a run, or asks nothing more after its present step. It goes on afterwards and is told by the event `patch`. */
  actOnPatch: { request: z.strictObject({ action: PatchAction }), response: PatchView },
  /** Whom the site shown tells what happens, and what became of tests. */
  getNotifications: { request: Nothing, response: NotificationsView },
  /** A test, or secrets of a target. Tests go on afterwards and are told by the event `notifications`. */
  actOnNotifications: {
    request: z.strictObject({ action: NotificationsAction }),
    response: NotificationsView,
  },
  /** Run-books, states and words as a file for the person. */
  exportRunbooks: { request: z.strictObject(ReportChoice), response: ReportFile },
  getPreferences: {
    request: Nothing,
    response: z.object({
      theme: z.enum(['system', 'light', 'dark']),
      shell: z.enum(['electron', 'browser']),
      welcomed: z.boolean(),
      desktopNotes: z.boolean(),
    }),
  },
  /** The ways to begin are not shown by themselves any more. */
  setWelcomed: { request: Nothing, response: Nothing },
  /** Shows a site that this workstation has the profile folder of, and remembers it. The present one goes on without. */
  openSite: { request: z.strictObject({ directory: Path }), response: Nothing },
  /** The workstations that are known here, this one first. */
  getWorkstations: { request: Nothing, response: WorkstationsView },
  /** A sealed invitation as a file for the person; for administrators where the authority's key is. */
  inviteWorkstation: {
    request: z.strictObject({ invitation: WorkstationInvitation, passphrase: Passphrase }),
    response: z.object({ fileName: z.string(), text: z.string(), view: WorkstationsView }),
  },
  /** Has every agent refuse the certificates of a workstation, and tells which of them know it now. */
  revokeWorkstation: {
    request: z.strictObject({ name: WorkstationName, why: z.string().check(z.maxLength(200)) }),
    response: z.object({ lines: z.array(z.string()), view: WorkstationsView }),
  },
  ...siteFileCalls,
  /** Whether new problems are raised on the desktop of this workstation. */
  setDesktopNotes: { request: z.strictObject({ on: z.boolean() }), response: Nothing },
  setTheme: { request: z.strictObject({ theme: z.enum(['system', 'light', 'dark']) }), response: Nothing },
} as const satisfies Record<string, { request: z.core.$ZodType; response: z.core.$ZodType }>;

export type ConsoleCallName = keyof typeof consoleCalls;
export const consoleCallNames = Object.keys(consoleCalls) as ConsoleCallName[];

export type ConsoleRequest<Name extends ConsoleCallName> = z.infer<(typeof consoleCalls)[Name]['request']>;
export type ConsoleResponse<Name extends ConsoleCallName> = z.infer<(typeof consoleCalls)[Name]['response']>;

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
