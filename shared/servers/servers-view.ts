import * as z from 'zod/mini';
import { DraftLeaseStore, DraftServer } from '../setup/draft.ts';
import { NotificationPolicy } from '../notifications/policy.ts';
import { InstallStep, SecretKind, Work } from '../setup/setup-view.ts';

/** What a person can have done on the servers of a site that is installed. */
export const serverWorks = [
  'compare',
  'upgrade',
  'repair',
  'renew',
  'bundle',
  'arm',
  'observe',
  'move',
  'notify',
  'configuration',
  'pull',
  'revoke',
  'remove',
] as const;
export const ServerWorkName = z.enum(serverWorks);
export type ServerWorkName = z.infer<typeof ServerWorkName>;

/** How this workstation signs in to one server, and which secrets that still needs. */
export const ServerAccessView = z.object({
  server: z.string(),
  user: z.string(),
  /** Without these nothing can be tried. */
  needs: z.array(SecretKind),
  /** Perhaps: a key may have a passphrase. */
  may: z.array(SecretKind),
  has: z.array(SecretKind),
});
export type ServerAccessView = z.infer<typeof ServerAccessView>;

/** Secrets that belong to no single server, and which of them are at hand. */
export const SharedSecretsView = z.object({ needs: z.array(SecretKind), has: z.array(SecretKind) });
export type SharedSecretsView = z.infer<typeof SharedSecretsView>;

const server = z.string().check(z.maxLength(200));

/** Where the lease store shall be; or how a move that is under way ends. */
export const MoveTarget = z.discriminatedUnion('to', [
  /** `machine`: one that the site does not have yet, for a witness. */
  z.strictObject({ to: z.literal('store'), store: DraftLeaseStore, machine: z.nullable(DraftServer) }),
  z.strictObject({ to: z.literal('goal') }),
  z.strictObject({ to: z.literal('start') }),
]);
export type MoveTarget = z.infer<typeof MoveTarget>;

/** A move of the lease store that was begun and has not ended. */
export const OpenMove = z.object({
  /** The stores as people call them. */
  from: z.string(),
  to: z.string(),
  begunAt: z.string(),
});
export type OpenMove = z.infer<typeof OpenMove>;

/** Everything that the page of the servers shows beside what the agents tell. */
export const ServersView = z.object({
  /** Why nothing can be done on the servers from here, as a sentence; null: something can. */
  refusal: z.nullable(z.string()),
  /** The site document can be taken over from the agents, whatever else is refused. */
  canPull: z.boolean(),
  access: z.array(ServerAccessView),
  /** Comparing, upgrading and repairing need these: they compare or write files that hold them. */
  shared: SharedSecretsView,
  /** Which of the works `work` tells of; null: none was asked for yet. */
  kind: z.nullable(ServerWorkName),
  /** It only looked what that work would change. */
  plan: z.boolean(),
  work: Work,
  steps: z.array(InstallStep),
  /** The outcome, line by line. */
  lines: z.array(z.string()),
  /** Null: none is under way. */
  openMove: z.nullable(OpenMove),
  /** What the last look at a move was about, and its answer was not refused; null: none. */
  lookedAt: z.nullable(MoveTarget),
  /** The same of a change of whom the agents tell what happens. */
  lookedAtTargets: z.nullable(z.object({ policy: z.nullable(NotificationPolicy) })),
});
export type ServersView = z.infer<typeof ServersView>;

/** Whose certificates are to be refused. */
export const RevokeRequest = z.discriminatedUnion('kind', [
  /** Nothing new: the present list is handed out again. */
  z.strictObject({ kind: z.literal('nothing') }),
  /** `lost`: it is not reached any more and gets no new ones first. */
  z.strictObject({ kind: z.literal('server'), server, lost: z.boolean() }),
  z.strictObject({ kind: z.literal('serial'), serial: z.string().check(z.maxLength(100)) }),
]);
export type RevokeRequest = z.infer<typeof RevokeRequest>;

/** What the page asks for. Long work goes on in the host; its progress comes with the view. */
export const ServersAction = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('secret'),
    server,
    kind: SecretKind,
    value: z.string().check(z.maxLength(4_096)),
  }),
  z.strictObject({
    act: z.literal('begin'),
    work: z.enum(['compare', 'upgrade', 'repair', 'renew', 'bundle']),
    /** Null: all of them. */
    server: z.nullable(server),
    /** Clusters that go on although nobody could take over. */
    unprotected: z.array(z.string()).check(z.maxLength(100)),
  }),
  /** Protects engines that were only observed; `plan`: only says what that would change, or what speaks against it. */
  z.strictObject({ act: z.literal('arm'), plan: z.boolean() }),
  /** Takes the protection off again. The typed name is the site's. */
  z.strictObject({ act: z.literal('observe'), typedName: server }),
  /** Moves the lease store of a site at work; `plan`: only says what that would change, or what speaks against it. */
  z.strictObject({ act: z.literal('move'), target: MoveTarget, plan: z.boolean() }),
  /** Changes whom the agents tell what happens; null: nobody. `plan`: only says what that would change. */
  z.strictObject({
    act: z.literal('notify'),
    policy: z.nullable(NotificationPolicy),
    plan: z.boolean(),
  }),
  /** Compares the configuration of the engines; `copy`: brings it from the Active to the Passive of one cluster. */
  z.strictObject({ act: z.literal('configuration'), cluster: z.nullable(server), copy: z.boolean() }),
  /** Takes over the site document that the servers carry; `plan`: only shows every field that differs. */
  z.strictObject({ act: z.literal('pull'), plan: z.boolean() }),
  /** Has every part of the site refuse certificates. The typed name is the site's. */
  z.strictObject({
    act: z.literal('revoke'),
    order: RevokeRequest,
    why: z.string().check(z.maxLength(200)),
    unprotected: z.array(z.string()).check(z.maxLength(100)),
    typedName: server,
  }),
  /** Takes everything off the servers, apart from those that are lost for good. The typed name is the site's. */
  z.strictObject({
    act: z.literal('remove'),
    engines: z.enum(['keep', 'stop']),
    gone: z.optional(z.array(server).check(z.maxLength(20))),
    typedName: server,
  }),
  /** Calls off the collection of a bundle. */
  z.strictObject({ act: z.literal('stop') }),
]);
export type ServersAction = z.infer<typeof ServersAction>;
/** What begins a work, as opposed to what only prepares or ends one. */
export type WorkOrder = Exclude<ServersAction, { act: 'secret' | 'stop' }>;

/** What the page asks of the logs of one server. */
export const LogsRequest = z.strictObject({
  server,
  /** How far back, in seconds. */
  sinceSeconds: z.number().check(z.int(), z.positive(), z.maximum(31 * 86_400)),
});
export type LogsRequest = z.infer<typeof LogsRequest>;
