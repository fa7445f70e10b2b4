import { randomUUID } from 'node:crypto';
import { cancelScheduleVerb, scheduleVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { scheduledVerbs } from '../../shared/scheduling/scheduled-move.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { findActive } from './command-verbs.ts';

/** `ixha schedule CLUSTER --at TIME --until TIME --reason TEXT [--move failback]`: asks the Active's agent. */
export async function scheduleMove({ targets, options, print }: CliCall): Promise<number> {
  const { cluster, at, until, json, reason } = options;
  const misuse = (sentence: string, next: string) => {
    report(productError('request.invalid', sentence, [], next), json);
    return exitCodes.usage;
  };
  if (cluster === undefined)
    return misuse('The cluster is not named.', 'Add its name: ixha schedule CLUSTER.');
  const window = { from: utcOf(at), until: utcOf(until) };
  if (window.from === null || window.until === null) {
    const next =
      "Write both as 2026-11-29T22:00 (this machine's time) or with a zone: --at TIME --until TIME.";
    return misuse('From when to when is not said, or cannot be read.', next);
  }
  const move = scheduledVerbs.find((verb) => verb === (options.move ?? 'switchover'));
  if (move === undefined)
    return misuse(`--move ${options.move} is not known.`, `Choose one of ${scheduledVerbs.join(', ')}.`);
  const active = await findActive(targets, cluster);
  if (!active.ok) {
    report(active.error, json);
    return exitCodes.unreachable;
  }
  const command: Command = {
    ...{ verb: scheduleVerb, cluster, target: options.to ?? null, move, reason },
    epoch: active.value.snapshot.lease.epoch,
    idempotencyKey: randomUUID(),
    window: { from: window.from, until: window.until, askedAt: new Date().toISOString() },
  };
  const sent = await askCommand(active.value.target, command, json);
  if (!sent.accepted) return sent.exit;
  const kept = `${active.value.target.server} keeps it: ${move} of ${cluster} between ${window.from} and ${window.until}.`;
  print(json ? JSON.stringify(sent) : kept);
  return exitCodes.done;
}

/** `ixha cancel-schedule CLUSTER`: asks whichever member keeps a move that waits. */
export async function cancelSchedule({ targets, options, print }: CliCall): Promise<number> {
  const { cluster, json, reason } = options;
  if (cluster === undefined) {
    const next = 'Add its name: ixha cancel-schedule CLUSTER.';
    report(productError('request.invalid', 'The cluster is not named.', [], next), json);
    return exitCodes.usage;
  }
  const silent: string[] = [];
  for (const target of targets) {
    const status = await fetchStatus(target);
    if (!status.ok) silent.push(status.error.message);
    if (!status.ok || status.value.schedule?.state !== 'waiting') continue;
    const command: Command = {
      ...{ verb: cancelScheduleVerb, cluster, target: null, reason },
      ...{
        epoch: status.value.lease.epoch,
        idempotencyKey: randomUUID(),
        schedule: status.value.schedule.id,
      },
    };
    const sent = await askCommand(target, command, json);
    if (!sent.accepted) return sent.exit;
    print(json ? JSON.stringify(sent) : `The scheduled move of ${cluster} is called off.`);
    return exitCodes.done;
  }
  const said = `No member of ${cluster} that answers keeps a scheduled move.`;
  report(productError('command.refused', said, silent, 'Look at what stands: ixha status.'), json);
  return silent.length > 0 ? exitCodes.unreachable : exitCodes.attention;
}

/** Local time of this machine, or with a zone of its own; null: it cannot be read. */
function utcOf(text: string | undefined): string | null {
  const ms = text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
