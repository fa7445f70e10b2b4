import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { runChecked } from '../ssh/server-connection.ts';
import {
  runningLeaving,
  startsBesideCluster,
  type LeavingParts,
  type LeavingWords,
} from './leaving-parts.ts';
import { removeFiles, restoreBalancer } from './remove-parts.ts';
import { serverPaths, unitsOf, witnessUnit } from './server-paths.ts';
import { inOrder, inParallel } from './server-work.ts';
import { recorded, type RecordProgress } from './transcript.ts';

/** Step of a server after which nothing of what left it lies there, as the transcript names it. */
export const removalStep = 'what has left is removed';

/**
 * Ends one member. The agent first, and then one more look: an engine that has become Active since stays with its agent.
 * Without an agent no gate opens, so what is stopped then stays stopped. Arguments: agent, `may-run` or `must-stop`,
 * number of engines, engines, guards.
 */
const endScript = `set -u
agent=$1; may=$2; count=$3; shift 3
state() { systemctl show -p ActiveState --value -- "$1" 2>/dev/null; }
ended() { case $(state "$1") in inactive|failed) return 0 ;; *) return 1 ;; esac; }
systemctl stop -- "$agent" 2>/dev/null
ended "$agent" || { echo "$agent does not end" >&2; exit 1; }
while [ "$count" -gt 0 ]; do
  if [ "$may" = must-stop ] && ! ended "$1"; then
    systemctl start -- "$agent"
    echo "$1 runs by now: this member has become Active" >&2
    exit 1
  fi
  shift; count=$((count - 1))
done
systemctl stop -- "$@" 2>/dev/null
for unit in "$@"; do ended "$unit" || { echo "$unit does not end" >&2; exit 1; }; done
systemctl disable --quiet -- "$agent" "$@" 2>/dev/null
for unit in "$agent" "$@"; do rm -f -- "${serverPaths.started}/$unit"; done
true`;

/** Ends the lease store, whether its unit is still there or not. Arguments: its unit. */
const endWitnessScript = `set -u
systemctl stop -- "$1" 2>/dev/null
case $(systemctl show -p ActiveState --value -- "$1" 2>/dev/null) in
  inactive|failed) ;;
  *) echo "$1 does not end" >&2; exit 1 ;;
esac
systemctl disable --quiet -- "$1" 2>/dev/null
true`;

/**
 * Takes what leaves off its servers: what does not run first, so that nobody takes over meanwhile. Each step looks first
 * and may be repeated. Answers what was removed, as `SERVER: PATH`. Errors: ssh.command-failed (such as a member that has become Active since it was looked at).
 */
export async function takeOff(
  leaving: readonly LeavingParts[],
  { engines: word }: LeavingWords,
  record: RecordProgress,
): Promise<Result<string[], ProductError[]>> {
  const members = leaving.flatMap((parts) =>
    [...new Set([...parts.members, ...parts.changedEngines])].map((cluster) => ({ parts, cluster })),
  );
  const runs = ({ parts, cluster }: (typeof members)[number]) =>
    runningLeaving(parts).some((engine) => engine.cluster === cluster);
  const ordered = [...members.filter((member) => !runs(member)), ...members.filter(runs)];
  const ended = await inOrder(ordered, ({ parts, cluster }) =>
    recorded(record, parts.work.wanted.server.id, `agent and guards of ${cluster} ended`, () =>
      endMember(parts, cluster, word),
    ),
  );
  if (!ended.ok) return ended;
  const removed: string[] = [];
  const files = await inParallel(leaving.filter(hasFiles), (parts) => {
    const { id } = parts.work.wanted.server;
    return recorded(record, id, removalStep, async () => {
      const lines = await removeLeft(parts);
      if (!lines.ok) return lines;
      removed.push(...lines.value.map((line) => `${id}: ${line}`));
      return succeed(lines.value.length > 0);
    });
  });
  return files.ok ? succeed(removed) : files;
}

/** Gives HAProxy its own configuration back where it is no longer the balancer, when the new one is in place. */
export function releaseBalancers(
  leaving: readonly LeavingParts[],
  record: RecordProgress,
): Promise<Result<boolean[], ProductError[]>> {
  return inParallel(
    leaving.filter(({ balancer }) => balancer),
    ({ work }) =>
      recorded(record, work.wanted.server.id, 'HAProxy as it was before', async () => {
        const restored = await restoreBalancer(work);
        return restored.ok ? succeed(restored.value.length > 0) : restored;
      }),
  );
}

function hasFiles({ members, engines, marks, witness, whole }: LeavingParts): boolean {
  return members.length + engines.length + marks.length > 0 || witness || whole;
}

async function endMember(
  parts: LeavingParts,
  cluster: string,
  word: LeavingWords['engines'],
): Promise<Result<boolean, ProductError>> {
  const own = parts.engines.filter((engine) => engine.cluster === cluster);
  const { agent, guards } = unitsOf(cluster);
  const { connection } = parts.work;
  const running = runningLeaving(parts).filter((engine) => engine.cluster === cluster);
  if (word === 'stop' && running.length > 0) {
    const argv = ['systemctl', 'stop', '--', ...running.map(({ unit }) => unit), agent];
    const what = `stopping the engine of ${cluster}`;
    const stopped = await runChecked(connection, argv, { what, privileged: true, timeoutMs: 120_000 });
    if (!stopped.ok) return stopped;
  }
  const may = running.length > 0 && word === 'keep' ? 'may-run' : 'must-stop';
  const units = own.map(({ unit }) => unit);
  const argv = [
    'sh',
    '-c',
    endScript,
    'ixha-end-member',
    agent,
    may,
    String(units.length),
    ...units,
    ...guards,
  ];
  const what = `ending the member of ${cluster}`;
  const ended = await runChecked(connection, argv, { what, privileged: true, timeoutMs: 120_000 });
  return ended.ok ? succeed(true) : ended;
}

/** Removes the files of what has been ended, and the witness. Answers what was there, line by line. */
export async function removeLeft(parts: LeavingParts): Promise<Result<string[], ProductError>> {
  const { work, engines, members, marks, witness, whole } = parts;
  const asRoot = (what: string, argv: readonly string[]) =>
    runChecked(work.connection, argv, { what, privileged: true, timeoutMs: 120_000 });
  const beside = engines.filter(startsBesideCluster).map(({ unit }) => unit);
  if (beside.length > 0) {
    const disabled = await asRoot('keeping engines from starting', ['systemctl', 'disable', '--', ...beside]);
    if (!disabled.ok) return disabled;
  }
  if (witness) {
    const argv = ['sh', '-c', endWitnessScript, 'ixha-end-witness', witnessUnit];
    const ended = await asRoot('ending the witness', argv);
    if (!ended.ok) return ended;
  }
  return removeFiles(work, { engines: engines.map(({ unit }) => unit), members, witness, whole, marks });
}
