import type { Command } from '../../shared/agent-api/agent-api.ts';
import { sendCommand } from './agent-client.ts';
import { exitCodes, report } from './cli-call.ts';
import type { Target } from './targets.ts';

export type Asked =
  | { readonly accepted: true; readonly operation: string }
  | { readonly accepted: false; readonly exit: number };

/** Sends one command; a refusal, or no answer, is told here and comes back as the exit code. */
export async function askCommand(target: Target, command: Command, json: boolean): Promise<Asked> {
  const sent = await sendCommand(target, command);
  if (!sent.ok) {
    report(sent.error, json);
    return { accepted: false, exit: exitCodes.unreachable };
  }
  if (sent.value.accepted) return sent.value;
  const { waits } = sent.value;
  if (waits !== undefined) {
    if (json) console.log(JSON.stringify(sent.value));
    else {
      report(sent.value.error, false);
      console.error(`  For the second person: ixha agree ${command.cluster} --request ${waits.request}`);
    }
    return { accepted: false, exit: exitCodes.waits };
  }
  report(sent.value.error, json);
  const unknown = sent.value.error.code === 'server.timeout';
  return { accepted: false, exit: unknown ? exitCodes.unreachable : exitCodes.attention };
}
