import type { ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import { serverOrder } from '../../../shared/upgrade/upgrade-order.ts';
import { inOrder, type ServerWork } from '../install/server-work.ts';
import { askActives } from './ask-site.ts';
import type { ServerChoice } from './installed-site.ts';
import type { UpgradeScene } from './restart-and-prove.ts';

/**
 * Works on one server after the other, those without agents first, then in the order of an upgrade; who is Active is
 * asked anew before each. Stops at the first error.
 */
export async function serverByServer<Value>(
  { site, ask, record, limits }: Omit<UpgradeScene, 'unprotected' | 'actives'>,
  { unprotected }: Pick<ServerChoice, 'unprotected'>,
  works: readonly ServerWork[],
  carryOut: (scene: UpgradeScene, work: ServerWork) => Promise<Result<Value, ProductError>>,
): Promise<Result<Value[], ProductError[]>> {
  const order = serverOrder(site, await askActives(ask, site));
  const place = ({ wanted }: ServerWork) => order.indexOf(wanted.server.id);
  const sorted = works.toSorted((one, other) => place(one) - place(other));
  return inOrder(sorted, async (work) => {
    const actives = await askActives(ask, site);
    return carryOut({ site, ask, record, limits, unprotected: new Set(unprotected), actives }, work);
  });
}
