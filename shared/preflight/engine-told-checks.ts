import type { EngineLook } from '../engine/engine-look.ts';
import { nameList } from '../engine/component-state.ts';
import type { ExpectedEngine, ExpectedServer } from './expected-server.ts';
import {
  failedCheck,
  ofServer,
  passed,
  toLookAt,
  unknownCheck,
  type PreflightCheck,
} from './preflight-check.ts';

/** A licence that ends within this is to be looked at. */
const soonMs = 30 * 24 * 60 * 60 * 1000;

/** What the engine of one cluster has told of itself on one server. Pure. */
export function engineToldChecks(
  { server }: ExpectedServer,
  engine: ExpectedEngine,
  told: EngineLook,
  wallMs: number,
): PreflightCheck[] {
  return ofServer(server.id, [
    componentsCheck(server.name, engine, told.components),
    licenceCheck(server.name, engine, told, wallMs),
  ]);
}

function componentsCheck(
  subject: string,
  { cluster, pollers }: ExpectedEngine,
  told: EngineLook['components'],
): PreflightCheck {
  const name = { id: 'engine-components', subject, what: `components of the engine of ${cluster}` };
  if ('why' in told) return unknownCheck(name, `it does not tell them: ${told.why}`, askAgain);
  const { names } = told;
  const evidence = [...names].sort((one, other) => one.localeCompare(other));
  const missing = pollers.filter((poller) => !names.includes(poller));
  if (missing.length > 0) {
    const finding = `${counted(names.length)}, and none is called ${nameList(missing)}, which is named as a poller`;
    const remedy = `Name the pollers of ${cluster} as the engine does: one that is not recognised is started and stopped like a listener.`;
    return toLookAt(name, finding, remedy, { evidence });
  }
  const polling = pollers.length === 0 ? 'none is named as a poller' : `pollers: ${nameList(pollers)}`;
  return passed(name, `${counted(names.length)}; ${polling}`, { evidence });
}

function licenceCheck(
  subject: string,
  { cluster }: ExpectedEngine,
  { licence, components }: EngineLook,
  wallMs: number,
): PreflightCheck {
  const name = { id: 'engine-licence-terms', subject, what: `terms of the licence of ${cluster}` };
  if ('why' in licence) return unknownCheck(name, `the engine does not tell them: ${licence.why}`, askAgain);
  const { until } = licence;
  const count = 'names' in components ? components.names.length : null;
  const covers =
    licence.components === null
      ? 'how many components it covers is not known'
      : `it covers ${counted(licence.components)}`;
  const finding = `${covers}, ${until === null ? 'until when is not known' : `valid until: ${until}`}`;
  const leftMs = endOf(until) - wallMs;
  const renew = 'Extend the licence of this server before the site relies on it.';
  if (leftMs <= 0) return failedCheck(name, finding, renew);
  if (licence.components !== null && count !== null && licence.components < count) {
    const remedy = `Extend the licence of this server: after a failover ${counted(count)} of ${cluster} have to run here.`;
    return toLookAt(name, `${finding}; the engine has ${counted(count)}`, remedy);
  }
  if (leftMs <= soonMs) return toLookAt(name, finding, renew);
  if (licence.components === null || Number.isNaN(leftMs)) {
    return unknownCheck(name, finding, 'Look into the engine: Settings, License.');
  }
  return passed(name, finding);
}

/** Endless, or milliseconds; not a number where nobody can be sure: 06/07/2026 is two days. */
function endOf(until: string | null): number {
  if (until !== null && /^(never|none|unlimited|perpetual|permanent)$/i.test(until)) return Infinity;
  return until !== null && /^\d{4}-\d{2}-\d{2}/.test(until) ? Date.parse(until) : Number.NaN;
}

const askAgain = 'Look again while the engine runs and the password of its account is at hand.';

function counted(count: number): string {
  return `${count} component${count === 1 ? '' : 's'}`;
}
