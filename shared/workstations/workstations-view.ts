import * as z from 'zod/mini';
import { consoleRoles } from '../site/identity.ts';

/** What a workstation can be called: it becomes part of the identity in its certificate. */
export const WorkstationName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/));

/** Days that a certificate of an invited workstation is good for at most. */
export const longestInvitationDays = 730;
/** What is offered first. */
export const usualInvitationDays = 365;

/** A workstation that this site's authority has given a certificate to. */
export const IssuedWorkstation = z.strictObject({
  name: WorkstationName,
  role: z.enum(consoleRoles),
  /** Of the certificate, hexadecimal. */
  serial: z.string().check(z.regex(/^[0-9A-F]{1,40}$/)),
  /** First and last moment of the certificate, ISO 8601 in UTC. */
  begins: z.iso.datetime(),
  ends: z.iso.datetime(),
  /** Wall time of the invitation, and who made it. */
  issued: z.iso.datetime(),
  by: z.string().check(z.maxLength(200)),
});
export type IssuedWorkstation = z.infer<typeof IssuedWorkstation>;

export const WorkstationView = z.object({
  name: z.string(),
  role: z.enum(consoleRoles),
  ends: z.string(),
  by: z.string(),
  issued: z.string(),
  /** This very workstation. */
  own: z.boolean(),
  /** When it was revoked; null: it was not, as far as this workstation knows. */
  revoked: z.nullable(z.string()),
});
export type WorkstationView = z.infer<typeof WorkstationView>;

export const WorkstationsView = z.object({
  /** Why nobody can be invited from here, as the end of "Not now: …"; null: somebody can. */
  refusal: z.nullable(z.string()),
  workstations: z.array(WorkstationView),
});
export type WorkstationsView = z.infer<typeof WorkstationsView>;

export const WorkstationInvitation = z.strictObject({
  name: WorkstationName,
  role: z.enum(consoleRoles),
  days: z.int().check(z.minimum(1), z.maximum(longestInvitationDays)),
});
export type WorkstationInvitation = z.infer<typeof WorkstationInvitation>;
