import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { newestOf } from '../configuration/next-configuration.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { carriedConfigurations } from './configured-work.ts';
import { connectInstalled } from './connect-installed.ts';
import { connectFormer, formerServers, withWayOut } from './former-servers.ts';
import { serversInUse } from './install-file.ts';
import { noLeavingWords, runningLeaving, type LeavingParts } from './leaving-parts.ts';
import type { InstallInputs } from './prepare-site.ts';
import { keptAuthority } from './profile.ts';
import { everythingOn, unnamedAtWork } from './removal-parts.ts';
import { restoreBalancer } from './remove-parts.ts';
import { inParallel, type ServerWork } from './server-work.ts';
import { installedSite } from './site-change.ts';
import { aloneOnServers } from './site-lock.ts';
import { takeOff } from './take-off.ts';
import { forgetMove } from '../move-store/move-record.ts';
import { forgetTouched } from './touched-servers.ts';
import { recorded, transcriptIn, type RecordProgress } from './transcript.ts';

/**
 * Removes everything of the product from every server, so that the engines are as the vendor left them: what lies
 * there counts, not only what the site document names, and also on servers that the installed site had. The order
 * keeps a second engine from starting meanwhile: the agents of Passive members end first, then each Active's agent
 * together with its guards, then the gates go.
 *
 * A running engine is not decided on silently: `keep` leaves it running without protection, `stop` stops
 * it, neither is refused (command.refused) and lists the running engines. Other errors: install.leaving (a cluster is at
 * work that the document does not name), site.newer (a server is in use that is not known here),
 * install.leaver-silent (one that is not reached and not stated to be lost), install.foreign, site.locked, ssh.*.
 */
export async function uninstallSite(
  inputs: InstallInputs,
  engine: 'keep' | 'stop' | undefined,
): Promise<Result<{ readonly removed: readonly string[] }, ProductError[]>> {
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  const { site } = inputs.document;
  try {
    const found = await everyServer(inputs, record, opened);
    if (!found.ok) return found;
    const { works, known } = found.value;
    const parts = works.map((work) => everythingOn(work, site));
    const unnamed = parts.flatMap((one) => unnamedAtWork(one, site));
    if (unnamed.length > 0) return fail([unnamedError(site.name, unnamed)]);
    const running = parts.flatMap((one) =>
      runningLeaving(one).map(({ unit }) => `${unit} runs on ${one.work.wanted.server.name}`),
    );
    if (running.length > 0 && engine === undefined) {
      return fail([
        productError(
          'command.refused',
          'Engines are running and would lose their protection.',
          running,
          'Say --keep-engine to leave them running unprotected, or --stop-engine to stop them.',
        ),
      ]);
    }
    const connections = works.map(({ connection }) => connection);
    return await aloneOnServers(connections, 'a removal', inputs.breakLock, async () => {
      const unknown = await unknownServers(inputs, works, known);
      if (unknown.length > 0) return fail(unknown);
      const removed = await remove(parts, engine, record);
      const isWhole = (inputs.leaving ?? noLeavingWords).gone.length === 0;
      if (removed.ok && isWhole)
        await Promise.all([forgetTouched(inputs.profileDirectory), forgetMove(inputs.profileDirectory)]);
      return removed;
    });
  } finally {
    for (const connection of opened) connection.close();
  }
}

/**
 * Every server that the document, the installed site or a begun installation uses, apart from those that are lost; and
 * the ids of all of them.
 */
async function everyServer(
  inputs: InstallInputs,
  record: RecordProgress,
  opened: ServerConnection[],
): Promise<Result<{ works: ServerWork[]; known: string[] }, ProductError[]>> {
  const { site } = inputs.document;
  const { gone } = inputs.leaving ?? noLeavingWords;
  const installed = await installedSite(inputs.profileDirectory);
  if (!installed.ok) return fail([installed.error]);
  const before = await formerServers(inputs, installed.value, gone);
  if (!before.ok) return before;
  const used = serversInUse(site).filter((id) => !gone.includes(id));
  const named = await inParallel(used, async (id) => {
    const works = await connectInstalled(inputs, record, opened, [id]);
    if (works.ok) return works;
    const server = site.servers.find((one) => one.id === id)!;
    return fail(works.error.map((error) => withWayOut(error, server, 'holds the removal up and')));
  });
  const former = await connectFormer(inputs, { record, opened }, before.value);
  const errors = [named, former].flatMap((one) => (one.ok ? [] : one.error));
  if (errors.length > 0 || !named.ok || !former.ok) return fail(errors);
  const ours = former.value.filter(({ facts }) => facts.site === undefined || facts.site === site.id);
  const known = [...used, ...gone, ...before.value.servers.map(({ id }) => id)];
  return succeed({ works: [...named.value.flat(), ...ours], known });
}

/** Nobody has decided on these: they are somebody's, and may be the only way in which messages are processed. */
function unnamedError(
  site: string,
  unnamed: readonly { readonly cluster: string; readonly why: string }[],
): ProductError {
  const names = [...new Set(unnamed.map(({ cluster }) => cluster || 'an unknown cluster'))].join(', ');
  const said = `The servers of ${site} carry more than this site document names: ${names}.`;
  const next = `Take over what the servers carry (site pull FILE, or “Site document” on the page Servers), or add ${names} to the site again: then it is taken off with the others. To let only ${names} go, install the site without it first.`;
  return productError(
    'install.leaving',
    said,
    unnamed.map(({ why }) => why),
    next,
  );
}

/** Without its lease store a server that nobody knows of here would stop its engines. Errors: site.newer, ssh.*. */
async function unknownServers(
  { document: { site }, profileDirectory }: InstallInputs,
  works: readonly ServerWork[],
  known: readonly string[],
): Promise<ProductError[]> {
  const authority = await keptAuthority(profileDirectory);
  if (authority === null) return [];
  const carried = await carriedConfigurations(works, site.id, authority);
  if (!carried.ok) return carried.error;
  const newest = newestOf(carried.value)?.configuration.site;
  const unknown = newest === undefined ? [] : serversInUse(newest).filter((id) => !known.includes(id));
  if (unknown.length === 0) return [];
  const said = `The servers of ${site.name} carry a site document that also uses ${unknown.join(', ')}, which is not known here.`;
  return [productError('site.newer', said)];
}

async function remove(
  parts: readonly LeavingParts[],
  engines: 'keep' | 'stop' | undefined,
  record: RecordProgress,
): Promise<Result<{ removed: string[] }, ProductError[]>> {
  const removed = await takeOff(parts, { engines, gone: [] }, record);
  if (!removed.ok) return removed;
  const restored = await inParallel(
    parts.filter(({ balancer }) => balancer),
    async ({ work }) => {
      const { id } = work.wanted.server;
      let lines: string[] = [];
      const done = await recorded(record, id, 'HAProxy as it was before', async () => {
        const result = await restoreBalancer(work);
        if (!result.ok) return result;
        lines = result.value.map((line) => `${id}: ${line}`);
        return succeed(lines.length > 0);
      });
      return done.ok ? succeed(lines) : done;
    },
  );
  return restored.ok ? succeed({ removed: [...removed.value, ...restored.value.flat()] }) : restored;
}
