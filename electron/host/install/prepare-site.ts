import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';
import type { EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { ServerConnection, SshTarget } from '../ssh/server-connection.ts';
import { differingBalancerFile } from './balancer-step.ts';
import type { Bundle } from './bundle.ts';
import { serversInUse, type SiteDescription } from './install-file.ts';
import { planInstall } from './plan.ts';
import { preflight } from './preflight.ts';
import { loadOrCreateKeys, type SiteKeys } from './profile.ts';
import { seedingErrors } from './seed-store.ts';
import { connectAll, inParallel, type ConnectServer, type ServerWork } from './server-work.ts';
import { recorded, type RecordProgress } from './transcript.ts';
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
  readonly onProgress: RecordProgress;
}

/** A site whose every server was looked at and found fit; nothing is changed yet. */
export interface Prepared {
  readonly keys: SiteKeys;
  readonly works: readonly ServerWork[];
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
  if (!fit.ok) return fit;
  const clusters = document.site.clusters.map((cluster) => cluster.id);
  // Without the witness's server nothing is said of its records, and none are made.
  const seesWitness = works.value.some((work) => work.wanted.isWitness);
  const lost = seesWitness ? seedingErrors(clusters, works.value) : [];
  return lost.length > 0 ? fail(lost) : succeed({ keys: keys.value, works: works.value, etcd: etcd.value });
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

/** Only looks: connects, gathers facts, and says what would be refused or changed. */
export async function checkSite(
  inputs: InstallInputs,
): Promise<
  Result<{ readonly seen: readonly string[]; readonly changes: readonly string[] }, ProductError[]>
> {
  const opened: ServerConnection[] = [];
  try {
    const prepared = await prepareSite(inputs, inputs.onProgress, opened);
    if (!prepared.ok) return prepared;
    const changes = prepared.value.works.flatMap((work) =>
      changesOf(work).map((title) => `${work.wanted.server.id}: ${title}`),
    );
    return succeed({ seen: prepared.value.works.map(sayServer), changes });
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** What an installation would change on one server, in its order. */
function changesOf(work: ServerWork): string[] {
  const balancerFile = differingBalancerFile(work);
  return [
    ...planInstall(work.facts, work.wanted)
      .filter(({ needed, step }) => needed && step.kind !== 'enrol')
      .map(({ title }) => title),
    ...(balancerFile === undefined ? [] : [`file ${balancerFile}, and a reload of HAProxy`]),
  ];
}

function sayServer({ facts, wanted }: ServerWork): string {
  const kill = facts.hasCgroupKill ? '' : ', without cgroup.kill';
  const { osName, kernel, systemdVersion } = facts;
  return `${wanted.server.id}: ${osName}, kernel ${kernel}, systemd ${systemdVersion}${kill}`;
}
