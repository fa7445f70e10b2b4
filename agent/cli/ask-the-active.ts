import { randomUUID } from 'node:crypto';
import type { Command } from '../../shared/agent-api/agent-api.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';

/** Asks the Active, or where there is none a member that answers. What went wrong is told. */
export async function askTheActive(
  { targets, options }: CliCall,
  verb: Command['verb'],
  cluster: string,
  said: Pick<Command, 'minutes' | 'successor' | 'scope'>,
): ReturnType<typeof askCommand> {
  const seen = await Promise.all(
    targets.map(async (target) => ({ target, status: await fetchStatus(target) })),
  );
  const heard = seen.filter(({ status }) => status.ok);
  const active = heard.find(({ status }) => status.ok && status.value.lease.state === 'held');
  const chosen = active ?? heard[0];
  if (!chosen?.status.ok) {
    const why = seen.flatMap(({ status }) => (status.ok ? [] : [status.error.message]));
    const sentence = `No member of ${cluster} can be reached from here.`;
    report(productError('agent.unreachable', sentence, why), options.json);
    return { accepted: false, exit: exitCodes.unreachable };
  }
  const command: Command = {
    verb,
    cluster,
    target: null,
    epoch: chosen.status.value.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
    ...said,
  };
  return askCommand(chosen.target, command, options.json);
}
