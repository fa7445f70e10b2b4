import { productError, type ProductError } from '../../../shared/errors.ts';
import { checkKey, type PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { checksOf } from '../install/preflight.ts';
import { lookAt, type ConnectServer } from '../install/server-work.ts';
import { runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import type { PreflightServer } from './run-preflight.ts';

/**
 * Makes the change that a check offers, after another look: it must still find and offer the same. Errors:
 * request.invalid, those of the connection, ssh.command-failed.
 */
export async function applyFix(
  connect: ConnectServer,
  { expected, target }: PreflightServer,
  shown: PreflightCheck,
  wallMs: () => number,
): Promise<Result<void, ProductError>> {
  const way = await target();
  if (!way.ok) return way;
  const connected = await connect(way.value);
  if (!connected.ok) return connected;
  const connection = connected.value;
  try {
    const facts = await lookAt(connection, expected);
    if (!facts.ok) return facts;
    const checks = checksOf(facts.value, expected, new Date(wallMs()).toISOString());
    const now = checks.find((check) => checkKey(check) === checkKey(shown));
    if (!now?.fix || whatItRestsOn(now) !== whatItRestsOn(shown)) {
      return fail(productError('request.invalid', 'It is not as it was shown any more. Look again.'));
    }
    return await change(connection, now.fix.command);
  } finally {
    connection.close();
  }
}

function whatItRestsOn({ finding, evidence, fix }: PreflightCheck): string {
  return JSON.stringify([finding, evidence, fix]);
}

async function change(
  connection: ServerConnection,
  command: readonly string[],
): Promise<Result<void, ProductError>> {
  const changed = await runChecked(connection, command, { what: 'making the change', privileged: true });
  return changed.ok ? succeed(undefined) : changed;
}
