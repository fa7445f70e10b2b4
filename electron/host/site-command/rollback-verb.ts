import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { planRollback, rollBackServer } from '../rollback/roll-back-server.ts';

/** Puts one server back as it was, or only says what that would change. Errors: as `rollBackServer`. */
export async function rollbackVerb(
  { server, plan }: { readonly server: string; readonly plan: boolean },
  inputs: InstallInputs,
): Promise<Result<string[], ProductError[]>> {
  const lines = plan ? await planRollback(inputs, server) : await rollBackServer(inputs, server);
  if (!lines.ok) return lines;
  return succeed([
    plan ? `A roll back of ${server} would change:` : `${server} is as it was before:`,
    ...lines.value,
  ]);
}
