import * as z from 'zod/mini';

/**
 * Who has asked an agent. On a workstation the certificate names the person. On a server its own certificate only says
 * "an administrator of that server", and the name is what was typed there.
 */
export const Person = z.object({
  /** As journals have it. */
  called: z.string().check(z.maxLength(400)),
  /** The bare name; null: nobody has given one. */
  name: z.nullable(z.string().check(z.maxLength(200))),
});
export type Person = z.infer<typeof Person>;

/** same: one person · other: two names · unknown: at least one has not said who it is. */
export function comparePersons(one: Person, other: Person): 'same' | 'other' | 'unknown' {
  if (one.name === null || other.name === null) return 'unknown';
  return plain(one.name) === plain(other.name) ? 'same' : 'other';
}

function plain(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** How a change of two persons is named in journals. */
export function bothNames(asker: Person, second: Person): string {
  return `${asker.called}, agreed to by ${second.called},`.slice(0, 490);
}
