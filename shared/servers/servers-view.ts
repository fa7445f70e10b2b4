import * as z from 'zod/mini';
import { InstallStep, SecretKind, Work } from '../setup/setup-view.ts';

/** What a person can have done on the servers of a site that is installed. */
export const serverWorks = ['compare', 'upgrade', 'repair', 'renew', 'bundle', 'remove'] as const;
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

/** Everything that the page of the servers shows beside what the agents tell. */
export const ServersView = z.object({
  /** Why nothing can be done on the servers from here, as a sentence; null: something can. */
  refusal: z.nullable(z.string()),
  access: z.array(ServerAccessView),
  /** Whether the password of the engines' API is at hand: comparing, upgrading and repairing need it. */
  hasEnginePassword: z.boolean(),
  /** Which of the works `work` tells of; null: none was asked for yet. */
  kind: z.nullable(ServerWorkName),
  work: Work,
  steps: z.array(InstallStep),
  /** The outcome, line by line. */
  lines: z.array(z.string()),
});
export type ServersView = z.infer<typeof ServersView>;

const server = z.string().check(z.maxLength(200));

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
  /** Takes everything off the servers. The typed name is the site's. */
  z.strictObject({ act: z.literal('remove'), engines: z.enum(['keep', 'stop']), typedName: server }),
  /** Calls off the collection of a bundle. */
  z.strictObject({ act: z.literal('stop') }),
]);
export type ServersAction = z.infer<typeof ServersAction>;
