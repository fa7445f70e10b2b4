import { hostname } from 'node:os';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { consoleRoles, identityUri } from '../../../shared/site/identity.ts';
import { plainSerial, Revocation } from '../../../shared/site/revocation-list.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

/** What a person wants revoked. */
export type RevokeOrder =
  /** Nothing new: the present list is handed out again. */
  | { readonly kind: 'nothing' }
  /** All certificates of a server so far; `lost`: it is not reached and gets no new ones first. */
  | { readonly kind: 'server'; readonly server: string; readonly lost: boolean }
  /** All certificates of workstations of this name so far. */
  | { readonly kind: 'console'; readonly name: string }
  | { readonly kind: 'serial'; readonly serial: string };

/** A holder, and when its first certificate begins that stays good. */
export interface RevokedHolder {
  readonly holder: string;
  readonly begins: string;
}

/** Entries for the list, with who revoked them, when and why. Pure. */
export function holderEntries(holders: readonly RevokedHolder[], why: string, at: string): Revocation[] {
  return holders.map(({ holder, begins: beginsBefore }) => ({
    kind: 'holder',
    holder,
    beginsBefore,
    ...signature(why, at),
  }));
}

/** One certificate by its number. Errors: revocation.refused (no serial number). */
export function serialEntry(serial: string, why: string, at: string): Result<Revocation[], ProductError> {
  const entry = { kind: 'serial', serial: plainSerial(serial), ...signature(why, at) };
  const parsed = Revocation.safeParse(entry);
  if (parsed.success) return succeed([parsed.data]);
  const said = `${serial} is no serial number of a certificate (hexadecimal).`;
  return fail(productError('revocation.refused', said));
}

/** Whom a workstation of this name may be, in every role. Pure. */
export function consoleHolders(site: string, name: string, begins: string): RevokedHolder[] {
  return consoleRoles.map((role) => ({ holder: identityUri({ kind: 'console', site, role, name }), begins }));
}

function signature(why: string, at: string) {
  return { at, by: hostname().slice(0, 100), why: why.slice(0, 200) };
}
