import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, type Result } from '../../../shared/result.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import type { InstallInputs } from './prepare-site.ts';
import { connectAll, type ServerWork } from './server-work.ts';
import type { RecordProgress } from './transcript.ts';
import { wantedServer } from './wanted-server.ts';

/**
 * Connects to servers whose files are not compared: no password of an engine and no etcd's secrets are needed.
 * Errors: ssh.*, install.foreign for a server that belongs to another site.
 */
export async function connectInstalled(
  { document, bundle, connect, target }: InstallInputs,
  record: RecordProgress,
  opened: ServerConnection[],
  servers: readonly string[],
): Promise<Result<ServerWork[], ProductError[]>> {
  const wantedInputs = { site: document.site, bundle, authorityPem: '', enginePassword: '' };
  const wanted = servers.map((id) => wantedServer(wantedInputs, id));
  const works = await connectAll({ wanted, connect, target, record, opened });
  if (!works.ok) return works;
  const foreign = works.value.filter(
    ({ facts }) => facts.site !== undefined && facts.site !== document.site.id,
  );
  if (foreign.length === 0) return works;
  return fail(
    foreign.map(({ facts, wanted: { server } }) =>
      productError('install.foreign', `${server.name} belongs to the site ${facts.site}.`),
    ),
  );
}
