import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import { serversInUse } from './install-file.ts';
import type { InstallInputs } from './prepare-site.ts';
import { gatePath, placesOf, serverPaths, unitsOf, witnessUnit, witnessUser } from './server-paths.ts';
import { inOrder, inParallel, type ServerWork } from './server-work.ts';
import { connectInstalled } from './connect-installed.ts';
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
    return await remove(works.value, running, engine === 'stop', record);
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
      const result = await removeFiles(work);
      if (!result.ok) return result;
      lines = result.value;
      return succeed(lines.length > 0);
    });
    return done.ok ? succeed(lines.map((line) => `${work.wanted.server.id}: ${line}`)) : done;
  });
  return removed.ok ? succeed({ removed: removed.value.flat() }) : removed;
}

/**
 * One call for agent and guards: the service manager ends the agent before its guards, and both well
 * before the deadline passes, so a kept engine is not killed by them.
 */
async function stopUnits(work: ServerWork, units: readonly string[]): Promise<Result<boolean, ProductError>> {
  const present = units.filter((unit) => work.facts.units.get(unit)?.loadState === 'loaded');
  if (present.length === 0) return succeed(false);
  const options = { what: `stopping ${present.join(', ')}`, privileged: true, timeoutMs: 120_000 };
  const stopped = await runChecked(work.connection, ['systemctl', 'stop', '--', ...present], options);
  return stopped.ok ? succeed(true) : stopped;
}

/**
 * Removes what exists and prints each path; of a disk of its own the content. Arguments: paths; then `--`, marks as DIRECTORY and TEXT pairs.
 * The generation in a shared directory stays: it belongs to the data, and a later installation goes on
 * from it. So do a complete copy and what an old Active had alone: they are data, and may be all that is left of it.
 */
const removeScript = `set -eu
while [ "$1" != -- ]; do
  if mountpoint -q -- "$1"; then find "$1" -xdev -mindepth 1 -delete; printf '%s\\n' "$1"
  elif [ -e "$1" ] || [ -L "$1" ]; then rm -rf --one-file-system -- "$1"; printf '%s\\n' "$1"; fi
  case "$1" in *.service.d/*) rmdir -- "$(dirname -- "$1")" 2>/dev/null || true ;; esac
  shift
done
shift
while [ $# -gt 0 ]; do
  if [ "$(timeout 10 head -c 200 "$1/.ixha/identity" 2>/dev/null)" = "$2" ]; then
    timeout 10 rm -f -- "$1/.ixha/identity"; printf '%s\\n' "$1/.ixha/identity"
    timeout 10 sh -c 'rm -f -- "$1"/.ixha/probe-*' ixha-probes "$1"
    timeout 60 rm -rf -- "$1/.ixha/copy/out"
    rmdir -- "$1/.ixha" 2>/dev/null || true
  fi
  keys=$(readlink -f -- "$(getent passwd root | cut -d: -f6)/.ssh/authorized_keys")
  if grep -qE -- " ixha-copy $2\\$" "$keys" 2>/dev/null; then
    grep -vE -- " ixha-copy $2\\$" "$keys" > "$keys.ixha-new" || [ $? -eq 1 ]
    chmod --reference="$keys" -- "$keys.ixha-new" && mv -f -- "$keys.ixha-new" "$keys"
    restorecon -- "$keys" 2>/dev/null || true
    printf '%s\\n' "$keys: the line of the copy of $2"
  fi
  shift 2
done
rm -rf -- /var/tmp/ixha-upload-*
systemctl daemon-reload
systemctl stop 'system-ixha\\x2dagent.slice' 'system-ixha\\x2dguard\\x2d1.slice' 'system-ixha\\x2dguard\\x2d2.slice' 2>/dev/null || true`;

async function removeFiles(work: ServerWork): Promise<Result<string[], ProductError>> {
  const { wanted, connection } = work;
  if (wanted.units.length > 0) {
    const argv = ['systemctl', 'disable', '--quiet', '--now', '--', ...wanted.units];
    await connection.run(argv, { privileged: true, timeoutMs: 120_000 });
  }
  const names = [...wanted.engines.map((engine) => engine.cluster), ...(wanted.isWitness ? ['witness'] : [])];
  const paths = wanted.units.length === 0 ? [] : removedPaths(wanted.engines, names);
  const marks = wanted.engines.flatMap(({ storage }) => [storage.directory, storage.mark.trim()]);
  const argv = ['sh', '-c', removeScript, 'ixha-remove', ...paths, '--', ...marks];
  const what = 'removing files';
  const ended = wanted.engines.map((engine) => engine.unit);
  if (ended.length > 0) {
    // A stop by a guard counts as a failure of the service; that memory is ours to clear.
    await connection.run(['systemctl', 'reset-failed', '--', ...ended], { privileged: true });
  }
  const removed = await outputOf(connection, argv, { what, privileged: true, timeoutMs: 120_000 });
  if (!removed.ok) return removed;
  const lines = removed.value.split('\n').filter((line) => line !== '');
  if (wanted.isWitness) {
    const user = await connection.run(['userdel', witnessUser], { privileged: true });
    if (user.ok && user.value.exitCode === 0) lines.push(`user ${witnessUser}`);
  }
  if (wanted.isBalancer) {
    const restored = await restoreBalancer(work);
    if (!restored.ok) return restored;
    lines.push(...restored.value);
  }
  return succeed(lines);
}

function removedPaths(engines: readonly WantedEngine[], names: readonly string[]): string[] {
  const unitFiles = ['ixha-agent@.service', 'ixha-guard-1@.service', 'ixha-guard-2@.service', witnessUnit];
  return [
    ...engines.map((engine) => gatePath(engine.unit)),
    ...unitFiles.map((unit) => `${serverPaths.units}/${unit}`),
    ...names.flatMap((name) => [placesOf(name).state, placesOf(name).run]),
    serverPaths.configuration,
    serverPaths.state,
    serverPaths.run,
    serverPaths.command,
    serverPaths.library,
  ];
}

const restoreScript = `set -eu
grep -q '^# Generated by IguanaX HA' "$1" 2>/dev/null || exit 0
if [ -e "$1.ixha-previous" ]; then mv -T -- "$1.ixha-previous" "$1"; else rm -f -- "$1"; fi
printf '%s\\n' "$1"
systemctl reload-or-restart haproxy.service || systemctl stop haproxy.service`;

async function restoreBalancer(work: ServerWork): Promise<Result<string[], ProductError>> {
  const argv = ['sh', '-c', restoreScript, 'ixha-restore', serverPaths.haproxy];
  const what = 'restoring the configuration of HAProxy';
  const restored = await outputOf(work.connection, argv, { what, privileged: true });
  return restored.ok ? succeed(restored.value.split('\n').filter((line) => line !== '')) : restored;
}
