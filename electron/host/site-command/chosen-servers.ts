import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { serverOrder } from '../../../shared/upgrade/upgrade-order.ts';

/** The servers that run agents, or the one of them that is named. Errors: request.invalid (there is none of it). Pure. */
export function chosenServers(site: SiteDocument, named: string | undefined): Result<Server[], ProductError> {
  const withAgents = serverOrder(site, new Map());
  const servers = site.servers.filter(({ id }) => withAgents.includes(id));
  if (named === undefined) return succeed(servers);
  const found = servers.filter(({ id, name }) => id === named || name === named);
  if (found.length > 0) return succeed(found);
  const said = `${named} is no server of ${site.name} that runs agents.`;
  const names = servers.map(({ id, name }) => (id === name ? id : `${id} (${name})`));
  return fail(productError('request.invalid', said, [], `Choose one of ${names.join(', ')}.`));
}
