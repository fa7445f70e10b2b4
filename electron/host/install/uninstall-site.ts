import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { serversInUse } from './install-file.ts';
import type { InstallInputs } from './prepare-site.ts';
import { removeFiles, restoreBalancer, stopUnits } from './remove-parts.ts';
import { gatePath, unitsOf } from './server-paths.ts';
import { inOrder, inParallel, type ServerWork } from './server-work.ts';
import { connectInstalled } from './connect-installed.ts';
import { aloneOnServers } from './site-lock.ts';
import { recorded, transcriptIn, type RecordProgress } from './transcript.ts';
import type { WantedEngine } from './wanted-server.ts';

/**
 * Removes everything of the product from every server, so that the engines are as the vendor left them.
 * The order keeps a second engine from starting meanwhile: the agents of Passive members end first, then
 * each Active's agent together with its guards, then the gates go.
 *
 * A running engine is not decided on silently: `keep` leaves it running without protection, `stop` stops
 * it, neither is refused (command.refused) and lists the running engines.
 */
export async function uninstallSite(
  inputs: InstallInputs,
  engine: 'keep' | 'stop' | undefined,
): Promise<Result<{ readonly removed: readonly string[] }, ProductError[]>> {
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const works = await connectInstalled(inputs, record, opened, serversInUse(inputs.document.site));
    if (!works.ok) return works;
    const running = works.value.flatMap(runningEngines);
    if (running.length > 0 && engine === undefined) {
      return fail([
        productError(
          'command.refused',
          'Engines are running and would lose their protection.',
          running.map(({ work, engine: { unit } }) => `${unit} runs on ${work.wanted.server.name}`),
          'Say --keep-engine to leave them running unprotected, or --stop-engine to stop them.',
        ),
      ]);
    }
    const connections = works.value.map(({ connection }) => connection);
    return await aloneOnServers(connections, 'a removal', inputs.breakLock, () =>
      remove(works.value, running, engine === 'stop', record),
    );
  } finally {
    for (const connection of opened) connection.close();
  }
}

interface RunningEngine {
  readonly work: ServerWork;
  readonly engine: WantedEngine;
}

function runningEngines(work: ServerWork): RunningEngine[] {
  return work.wanted.engines
    .filter((engine) => work.facts.files.has(gatePath(engine.unit)))
    .filter(
      (engine) => !['inactive', 'failed'].includes(work.facts.units.get(engine.unit)?.activeState ?? ''),
    )
    .map((engine) => ({ work, engine }));
}

async function remove(
  works: readonly ServerWork[],
  running: readonly RunningEngine[],
  stopEngines: boolean,
  record: RecordProgress,
): Promise<Result<{ removed: string[] }, ProductError[]>> {
  const isRunning = (work: ServerWork, engine: WantedEngine) =>
    running.some((one) => one.work === work && one.engine === engine);
  const members = works.flatMap((work) => work.wanted.engines.map((engine) => ({ work, engine })));
  const passive = members.filter(({ work, engine }) => !isRunning(work, engine));
  const active = members.filter(({ work, engine }) => isRunning(work, engine));
  for (const group of [passive, active]) {
    const stopped = await inOrder(group, ({ work, engine }) => {
      const { agent, guards } = unitsOf(engine.cluster);
      const engines = stopEngines && isRunning(work, engine) ? [engine.unit] : [];
      return recorded(record, work.wanted.server.id, `agent and guards of ${engine.cluster} stopped`, () =>
        stopUnits(work, [...engines, agent, ...guards]),
      );
    });
    if (!stopped.ok) return stopped;
  }
  const removed = await inParallel(works, async (work) => {
    let lines: string[] = [];
    const done = await recorded(record, work.wanted.server.id, 'files removed', async () => {
      const result = await removeAll(work);
      if (!result.ok) return result;
      lines = result.value;
      return succeed(lines.length > 0);
    });
    return done.ok ? succeed(lines.map((line) => `${work.wanted.server.id}: ${line}`)) : done;
  });
  return removed.ok ? succeed({ removed: removed.value.flat() }) : removed;
}

/** Everything of the product on one server, its units ended before. Answers what was removed, line by line. */
export async function removeAll(work: ServerWork): Promise<Result<string[], ProductError>> {
  const { wanted, connection } = work;
  const { engines, units, isWitness } = wanted;
  const parts = {
    engines: engines.map(({ unit }) => unit),
    members: engines.map(({ cluster }) => cluster),
    witness: isWitness,
    whole: units.length > 0,
    marks: engines.map(({ storage }) => ({ directory: storage.directory, mark: storage.mark.trim() })),
  };
  if (units.length > 0) {
    const argv = ['systemctl', 'disable', '--quiet', '--now', '--', ...units];
    await connection.run(argv, { privileged: true, timeoutMs: 120_000 });
  }
  const removed = await removeFiles(work, parts);
  if (!removed.ok || !wanted.isBalancer) return removed;
  const restored = await restoreBalancer(work);
  return restored.ok ? succeed([...removed.value, ...restored.value]) : restored;
}
