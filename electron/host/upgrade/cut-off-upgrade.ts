import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ServerWork } from '../install/server-work.ts';
import { lookAtVersions } from './server-versions.ts';

/**
 * No other work is done on a server whose version was switched and not proven: its next restart would begin that version
 * without a way back. Errors: upgrade.refused, ssh.command-failed.
 */
export async function noUpgradeCutOff({
  wanted,
  connection,
}: Pick<ServerWork, 'wanted' | 'connection'>): Promise<Result<void, ProductError>> {
  const seen = await lookAtVersions(connection, wanted.units);
  if (!seen.ok) return seen;
  if (seen.value.unproven === null) return succeed(undefined);
  const next = 'Run it again, so that it goes on or back: npm run site -- upgrade FILE.';
  return fail(
    productError('upgrade.refused', `An upgrade of ${wanted.server.name} was interrupted.`, [], next),
  );
}
