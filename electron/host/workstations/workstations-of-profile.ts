import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { revocationOf } from '../../../shared/site/revocation-list.ts';
import type {
  IssuedWorkstation,
  WorkstationsView,
  WorkstationView,
} from '../../../shared/workstations/workstations-view.ts';
import { profilePaths } from '../install/profile.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import { issuedWorkstations } from './issued-workstations.ts';

/** The workstations that are known here, this one first. Errors: those of `readProfile`. */
export async function workstationsOf(
  directory: string,
  wallTime: string,
): Promise<Result<WorkstationsView, ProductError>> {
  const profile = await readProfile(directory, wallTime);
  if (!profile.ok) return profile;
  const issued = await issuedWorkstations(directory);
  if (!issued.ok) return issued;
  return succeed({
    refusal: invitingRefusal(profile.value),
    workstations: workstationViews(profile.value, issued.value),
  });
}

/** This workstation and those that were invited, with what is known to be revoked. Pure. */
export function workstationViews(
  { site, me, credentials }: Pick<ConsoleProfile, 'site' | 'me' | 'credentials'>,
  issued: readonly IssuedWorkstation[],
): WorkstationView[] {
  const own = new X509Certificate(credentials.certificate);
  const begins = own.validFromDate.toISOString();
  const ownView = { ...me, own: true, ends: own.validToDate.toISOString(), by: '', issued: begins };
  const others = issued.map((one): WorkstationView => {
    const { name, role, serial, begins: since, ends, by, issued: at } = one;
    const identity = { kind: 'console', site: site.id, role, name } as const;
    const revocation = revocationOf(
      { revoked: credentials.revoked ?? [] },
      { identity, serial, beginsAtMs: Date.parse(since) },
    );
    return { name, role, ends, by, issued: at, own: false, revoked: revocation?.at ?? null };
  });
  return [{ ...ownView, revoked: null }, ...others.toReversed()];
}

function invitingRefusal({ me, directory }: ConsoleProfile): string | null {
  if (me.role !== 'admin') return 'only an administrator may invite';
  return existsSync(join(directory, profilePaths.authorityKey))
    ? null
    : 'the key of the site’s authority is on another workstation';
}
