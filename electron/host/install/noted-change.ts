import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import { startedMark } from './server-paths.ts';

/** Before something changes that units read: from now on they count as not started with it. */
export async function forgetStarted(
  server: ServerConnection,
  units: readonly string[],
): Promise<Result<unknown, ProductError>> {
  if (units.length === 0) return succeed(undefined);
  const what = 'noting what must be restarted';
  return runChecked(server, ['rm', '-f', '--', ...units.map(startedMark)], { what, privileged: true });
}

/** True once it is done. */
export async function changed(
  action: Promise<Result<unknown, ProductError>>,
): Promise<Result<boolean, ProductError>> {
  const result = await action;
  return result.ok ? succeed(true) : result;
}
