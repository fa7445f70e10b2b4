import { productError, type ProductError } from '../../../shared/errors.ts';
import { sameMachines } from '../../../shared/preflight/site-checks.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';
import type { EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { ServerConnection, SshTarget } from '../ssh/server-connection.ts';
import type { Bundle } from './bundle.ts';
import { serversInUse, type SiteDescription } from './install-file.ts';
import { preflight, refusalOf } from './preflight.ts';
import { loadOrCreateKeys, type SiteKeys } from './profile.ts';
import { seedingErrors } from './seed-store.ts';
import { connectAll, inParallel, type ConnectServer, type ServerWork } from './server-work.ts';
import type { SiteAccess } from './server-access.ts';
import type { LeavingWords } from './leaving-parts.ts';
import { recorded, type RecordProgress } from './transcript.ts';
import type { WantedInputs } from './wanted-files.ts';
import { wantedServer } from './wanted-server.ts';

export interface InstallInputs {
  readonly document: SiteDescription;
  /** The way to a server, with its secrets. */
  readonly target: (server: Server) => Promise<Result<SshTarget, ProductError>>;
  /** Password of the engines' API. */
  readonly enginePassword: () => Promise<Result<string, ProductError>>;
  /** What members sign in to an etcd with; needed where the site's leases are kept by one. */
  readonly etcdSecrets?: () => Promise<Result<EtcdSecrets, ProductError>>;
  /** Where this workstation keeps the site; made when missing. */
  readonly profileDirectory: string;
  readonly bundle: Bundle;
  readonly connect: ConnectServer;
  /** How agents are asked; over mutual TLS with the site's own keys. */
  readonly createAsk: (credentials: ConsoleCredentials) => AskAgent;
  /** The way to a server that the site no longer has, by what the profile keeps of it. */
  readonly targetBy?: (server: Server, ways: SiteAccess) => Promise<Result<SshTarget, ProductError>>;
  /** What a person has said about what leaves the site; nothing when absent. */
  readonly leaving?: LeavingWords;
  readonly onProgress: RecordProgress;
  /** Id of a lock on the servers that a person has decided to break. */
  readonly breakLock?: string | undefined;
}

/** A site whose every server was looked at and found fit; nothing is changed yet. */
export interface Prepared {
  readonly keys: SiteKeys;
  readonly works: readonly ServerWork[];
  readonly wantedInputs: WantedInputs;
  /** Null: a witness keeps the leases. */
  readonly etcd: EtcdSecrets | null;
}

/**
 * Reads keys and password, connects to every server and looks for reasons not to install.
 *
 * @param servers the servers to prepare; all that the site uses when absent
 * @param refusals every reason not to touch one server; those of an installation when absent
 */
export async function prepareSite(
  inputs: InstallInputs,
  record: RecordProgress,
  opened: ServerConnection[],
  servers: readonly string[] = serversInUse(inputs.document.site),
  refusals: (work: ServerWork) => ProductError[] = installRefusals,
): Promise<Result<Prepared, ProductError[]>> {
  const prepared = await prepareServers(inputs, record, opened, servers, refusals);
  if (!prepared.ok) return prepared;
  const { works } = prepared.value;
  const clusters = inputs.document.site.clusters.map((cluster) => cluster.id);
  // Without the witness's server nothing is said of its records, and none are made.
  const seesWitness = works.some((work) => work.wanted.isWitness);
  const lost = seesWitness ? seedingErrors(clusters, works) : [];
  return lost.length > 0 ? fail(lost) : prepared;
}

/** As `prepareSite`, whatever records the lease store has: it is about to be given its first ones, or to be left. */
export async function prepareServers(
  inputs: InstallInputs,
  record: RecordProgress,
  opened: ServerConnection[],
  servers: readonly string[],
  refusals: (work: ServerWork) => ProductError[],
): Promise<Result<Prepared, ProductError[]>> {
  const { document, bundle } = inputs;
  const enginePassword = await inputs.enginePassword();
  if (!enginePassword.ok) return fail([enginePassword.error]);
  const etcd = document.site.leaseStore.kind === 'etcd' ? await etcdSecretsOf(inputs) : succeed(null);
  if (!etcd.ok) return fail([etcd.error]);
  const keys = await loadOrCreateKeys(inputs.profileDirectory, document.site.id);
  if (!keys.ok) return fail([keys.error]);
  const wantedInputs = {
    site: document.site,
    bundle,
    authorityPem: keys.value.authority.certificatePem,
    enginePassword: enginePassword.value,
    etcd: etcd.value ?? undefined,
  };
  const wanted = servers.map((id) => wantedServer(wantedInputs, id));
  const { connect, target } = inputs;
  const works = await connectAll({ wanted, connect, target, record, opened });
  if (!works.ok) return works;
  const fit = await inParallel(works.value, (work) =>
    recorded(record, work.wanted.server.id, 'fit to be installed', async () => {
      const [first, ...others] = refusals(work);
      if (!first) return succeed(false);
      const more = others.map((error) => `also: ${error.message} [${error.code}] Next: ${error.next}`);
      return fail({ ...first, details: [...(first.details ?? []), ...more] });
    }),
  );
  const twins = sameMachines(works.value.map((work) => ({ ...work, expected: work.wanted })));
  if (twins.length > 0) return fail([...twins.flatMap(refusalOf), ...(fit.ok ? [] : fit.error)]);
  return fit.ok ? succeed({ keys: keys.value, works: works.value, wantedInputs, etcd: etcd.value }) : fit;
}

/** Every reason not to install on one server. */
export function installRefusals({ facts, wanted }: ServerWork): ProductError[] {
  return preflight(facts, wanted, new Date().toISOString());
}

function etcdSecretsOf({ etcdSecrets }: InstallInputs): Promise<Result<EtcdSecrets, ProductError>> {
  if (etcdSecrets !== undefined) return etcdSecrets();
  return Promise.resolve(
    fail(productError('site.unsafe', 'It is not said how members sign in to the etcd.')),
  );
}
