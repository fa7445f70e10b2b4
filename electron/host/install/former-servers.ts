import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { endsOfOpenMove } from '../move-store/move-record.ts';
import { readAccessOf } from '../profile/read-profile.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { serversInUse, usedServers } from './install-file.ts';
import type { InstallInputs } from './prepare-site.ts';
import type { SiteAccess } from './server-access.ts';
import { connectAll, type ServerWork } from './server-work.ts';
import { readTouched, type TouchedServers } from './touched-servers.ts';
import type { RecordProgress } from './transcript.ts';
import { wantedServer } from './wanted-server.ts';

/**
 * Servers that the installed site used, or an installation began to change, and that the wanted one does not use, with
 * the ways to them. Errors: those of reading the ways in the profile folder.
 *
 * @param gone servers that a person has stated to be lost for good
 */
export async function formerServers(
  { document: { site }, profileDirectory }: InstallInputs,
  installed: SiteDocument | null,
  gone: readonly string[],
): Promise<Result<TouchedServers, ProductError[]>> {
  const touched = await readTouched(profileDirectory);
  // A store that was being moved to may have been placed on a server of its own, which no site document names yet.
  const moving = await endsOfOpenMove(profileDirectory);
  const kept = await readAccessOf(profileDirectory);
  if (!kept.ok) return fail([kept.error]);
  const known = [
    ...(installed === null ? [] : usedServers(installed)),
    ...touched.servers,
    ...moving.flatMap((end) => usedServers(end.site)),
  ];
  const without = [...serversInUse(site), ...gone];
  const former = new Map(
    known.filter(({ id }) => !without.includes(id)).map((server) => [server.id, server]),
  );
  // What the profile folder knows best comes last.
  const ways: readonly SiteAccess[] = [...moving.map((end) => end.ways), touched.ways, kept.value];
  return succeed({
    servers: [...former.values()].map((server) => site.servers.find(({ id }) => id === server.id) ?? server),
    ways: {
      ...kept.value,
      access: Object.fromEntries(ways.flatMap(({ access }) => Object.entries(access))),
      jumpHosts: Object.fromEntries(ways.flatMap(({ jumpHosts = {} }) => Object.entries(jumpHosts))),
    },
  });
}

/** Connects to them and looks at them. Errors: install.leaver-silent for one that cannot be reached, ssh.*. */
export async function connectFormer(
  inputs: InstallInputs,
  { record, opened }: { readonly record: RecordProgress; readonly opened: ServerConnection[] },
  { servers, ways }: TouchedServers,
): Promise<Result<ServerWork[], ProductError[]>> {
  if (servers.length === 0) return succeed([]);
  const { document, bundle, connect } = inputs;
  const { site } = document;
  const widened = { ...site, servers: [...new Set([...site.servers, ...servers])] };
  const wantedInputs = { site: widened, bundle, authorityPem: '', enginePassword: '' };
  const target = (server: Server) => {
    if (document.access[server.id] !== undefined) return inputs.target(server);
    if (ways.access[server.id] !== undefined && inputs.targetBy !== undefined) {
      return inputs.targetBy(server, ways);
    }
    const said = `How ${server.name} is reached is not known any more.`;
    const next = `Keep ${server.name} among the servers of the site, without a cluster, until it is cleaned up.`;
    return Promise.resolve(fail(productError('ssh.authentication', said, [], next)));
  };
  const found = await Promise.all(
    servers.map(async (server) => {
      const wanted = [wantedServer(wantedInputs, server.id)];
      const works = await connectAll({ wanted, connect, target, record, opened });
      return works.ok
        ? works
        : fail(works.error.map((error) => withWayOut(error, server, 'has left the site and')));
    }),
  );
  const errors = found.flatMap((one) => (one.ok ? [] : one.error));
  return errors.length > 0 ? fail(errors) : succeed(found.flatMap((one) => (one.ok ? one.value : [])));
}

/** A server that is to be cleaned up is not waited for, when a person states that it is lost. Pure. */
export function withWayOut(error: ProductError, { id, name }: Server, what: string): ProductError {
  if (!['server.unreachable', 'server.timeout'].includes(error.code)) return error;
  const said = `${name} (short name ${id}) ${what} cannot be reached.`;
  const next = `Start it, so that it can be cleaned up. If it is lost for good, state so (--gone ${id}): it must then stay off, or be installed anew.`;
  return productError('install.leaver-silent', said, [error.message, ...(error.details ?? [])], next);
}
