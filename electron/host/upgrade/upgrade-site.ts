import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { witnessServerOf } from '../../../shared/site/site-rules.ts';
import { isOlder, productVersionOf } from '../../../shared/upgrade/program-version.ts';
import { serverOrder } from '../../../shared/upgrade/upgrade-order.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { onConfiguredServers } from '../install/configured-work.ts';
import { prepareSite, type InstallInputs, type Prepared } from '../install/prepare-site.ts';
import { consoleCredentials } from '../install/profile.ts';
import { inParallel, type ServerWork } from '../install/server-work.ts';
import { transcriptIn, type RecordProgress } from '../install/transcript.ts';
import { moveUnderWay } from '../move-store/move-record.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askWitness } from './ask-site.ts';
import { choiceRefusal, siteRefusal, type ServerChoice } from './installed-site.ts';
import { placeBeside } from './place-beside.ts';
import { serverByServer } from './server-by-server.ts';
import { upgradeLimits, type UpgradeLimits } from './upgrade-limits.ts';
import { upgradeServer } from './upgrade-server.ts';

export interface UpgradedServer {
  readonly server: string;
  readonly from: string;
  readonly to: string;
  readonly changed: boolean;
  readonly tookMs: number;
}

/**
 * Brings the servers of a site to this version one by one. The new program is placed beside the old one everywhere and
 * started once, before any server is switched. A server that does not come up as well as before goes back by itself,
 * and none after it is touched. Run again, it goes on where it stopped.
 */
export async function upgradeSite(
  inputs: InstallInputs,
  choice: ServerChoice,
  limits: UpgradeLimits = upgradeLimits,
): Promise<Result<UpgradedServer[], ProductError[]>> {
  const { site } = inputs.document;
  const refusal = (await siteRefusal(inputs)) ?? choiceRefusal(site, choice, serverOrder(site, new Map()));
  if (refusal !== null) return fail([refused(refusal)]);
  const moving = await moveUnderWay(inputs.profileDirectory);
  if (moving !== null) return fail([moving]);
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const servers = choice.server === undefined ? serverOrder(site, new Map()) : [choice.server];
    const prepared = await prepareSite(inputs, record, opened, servers);
    if (!prepared.ok) return prepared;
    const unfit = prepared.value.works.flatMap(versionRefusals);
    if (unfit.length > 0) return fail(unfit);
    const { works, keys } = prepared.value;
    const configured = { what: 'an upgrade', works, authority: keys.authority, record };
    return await onConfiguredServers(inputs, configured, async (place) => {
      const numbered = await place();
      return numbered.ok ? oneByOne(inputs, choice, { prepared: prepared.value, record, limits }) : numbered;
    });
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** One line a server, for people. Pure. */
export function upgradeLines(servers: readonly UpgradedServer[]): string[] {
  return servers.map(({ server, from, to, changed, tookMs }) =>
    changed
      ? `${server}: upgraded from ${from} to ${to} in ${(tookMs / 1000).toFixed(1)} s`
      : `${server}: already runs ${to}`,
  );
}

interface Work {
  readonly prepared: Prepared;
  readonly record: RecordProgress;
  readonly limits: UpgradeLimits;
}

async function oneByOne(
  { document: { site }, createAsk, bundle }: InstallInputs,
  { server: only, unprotected }: ServerChoice,
  { prepared: { keys, works }, record, limits }: Work,
): Promise<Result<UpgradedServer[], ProductError[]>> {
  const ask = createAsk(consoleCredentials(keys));
  const store = only === undefined ? null : await storeRefusal(ask, site, only, bundle.version);
  if (store !== null) return fail([refused(store)]);
  const beside = await inParallel(works, (work) => placeBeside(work, keys, record));
  if (!beside.ok) return beside;
  const upgraded: UpgradedServer[] = [];
  return serverByServer({ site, ask, record, limits }, { unprotected }, beside.value, async (scene, work) => {
    const begun = performance.now();
    const done = await upgradeServer(scene, work, keys);
    if (!done.ok) return fail(withDone(done.error, upgraded));
    const { currentVersion: from = '' } = work.facts;
    const tookMs = performance.now() - begun;
    const { id } = work.wanted.server;
    const one = { server: id, from, to: bundle.version, changed: done.value, tookMs };
    upgraded.push(one);
    return succeed(one);
  });
}

function withDone(error: ProductError, upgraded: readonly UpgradedServer[]): ProductError {
  return { ...error, details: [...(error.details ?? []), ...upgradeLines(upgraded)] };
}

function refused(message: string): ProductError {
  return productError('upgrade.refused', message);
}

/** The witness is never older than a member that speaks to it. An etcd has no version of ours. */
async function storeRefusal(
  ask: AskAgent,
  site: SiteDocument,
  server: string,
  version: string,
): Promise<string | null> {
  const store = witnessServerOf(site);
  if (store === undefined || server === store) return null;
  const witness = await askWitness(ask, site);
  if (witness === null) return 'The lease store does not answer, so its version is not known.';
  return isOlder(witness.productVersion, version)
    ? `The lease store runs the older version ${witness.productVersion}. Upgrade ${store} first.`
    : null;
}

function versionRefusals({ facts, wanted }: ServerWork): ProductError[] {
  const { currentVersion } = facts;
  if (currentVersion === undefined) return [refused(`Nothing is installed on ${wanted.server.name}.`)];
  if (productVersionOf(currentVersion) === null || !isOlder(wanted.version, currentVersion)) return [];
  const said = `${wanted.server.name} runs ${currentVersion}, which is newer than ${wanted.version}.`;
  return [refused(said)];
}
