import {
  configurationCheck,
  liesInStorage,
  type LookedEngine,
} from '../../../shared/preflight/configuration-check.ts';
import type { ExpectedEngine } from '../../../shared/preflight/expected-server.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { readListing } from '../engine-configuration/read-listing.ts';
import type { ReachedServer } from './try-ways.ts';

/** Compares the configuration of the engines of every cluster whose members were both reached. Only reads. */
export async function compareConfigurations(reached: readonly ReachedServer[]): Promise<PreflightCheck[]> {
  const clusters = new Set(reached.flatMap(({ expected }) => expected.engines.map(({ cluster }) => cluster)));
  const checks = await Promise.all(
    [...clusters].map(async (cluster) => {
      const engines = reached.flatMap((server) =>
        server.expected.engines.flatMap((engine) => (engine.cluster === cluster ? [{ server, engine }] : [])),
      );
      const [one, other] = await Promise.all(engines.map(({ server, engine }) => look(server, engine)));
      return one && other ? [configurationCheck(cluster, [one, other])] : [];
    }),
  );
  return checks.flat();
}

async function look({ expected, connection }: ReachedServer, engine: ExpectedEngine): Promise<LookedEngine> {
  const about = { server: expected.server.name, engine };
  if (liesInStorage(engine)) return { ...about, listing: null };
  const listing = await readListing(connection, engine.workingDirectory);
  return { ...about, listing: listing.ok ? listing.value : null };
}
