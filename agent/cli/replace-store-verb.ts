import { randomUUID } from 'node:crypto';
import { replaceStoreVerb, type Command } from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { storeIsLost } from '../../shared/lease/store-replacement.ts';
import { productError } from '../../shared/errors.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { typedName, whatIsKnown } from './before-the-statement.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { lookAll, type Looked } from './look-all.ts';

/**
 * `ixha replace-store CLUSTER --reason TEXT`: asks a member that answers, first of all one that sees the store lost; it
 * asks the other one. With `--fence STATE` the other one is gone for good, and a person states that it is fenced.
 */
export async function replaceStore(call: CliCall): Promise<number> {
  const { targets, options, print } = call;
  const { cluster, json, fence } = options;
  if (cluster === undefined) {
    const next = `Add its name: ixha ${replaceStoreVerb} CLUSTER --reason TEXT.`;
    report(productError('request.invalid', 'The cluster is not named.', [], next), json);
    return exitCodes.usage;
  }
  const seen = await lookAll(targets, fetchStatus);
  const asked = whoIsAsked(seen);
  if (asked === null) {
    const why = seen.flatMap(({ error }) => (error === null ? [] : [error.message]));
    report(productError('agent.unreachable', `No member of ${cluster} can be reached from here.`, why), json);
    return exitCodes.unreachable;
  }
  const { target, answer: snapshot } = asked;
  const statement = fence === undefined ? {} : await statementOf(call, cluster, fence, snapshot);
  const command: Command = {
    verb: replaceStoreVerb,
    cluster,
    target: null,
    epoch: snapshot.lease.epoch,
    idempotencyKey: randomUUID(),
    reason: options.reason,
    ...statement,
  };
  const sent = await askCommand(target, command, json);
  if (!sent.accepted) return sent.exit;
  const who = fence === undefined ? `Both members of ${cluster} belong` : `${snapshot.serverName} belongs`;
  const done = `${who} to the lease store that answers now (${sent.operation}); ixha why tells when it may grant.`;
  print(json ? JSON.stringify(sent) : done);
  return exitCodes.done;
}

type Answered = Looked<MemberSnapshot> & { readonly error: null };

/** A store that works for one member may be behind for the other, which alone can say so. */
function whoIsAsked(seen: readonly Looked<MemberSnapshot>[]): Answered | null {
  const answered = seen.filter((one): one is Answered => one.error === null);
  const sees = ({ answer }: Answered) => storeIsLost(answer.replacement?.standing ?? 'working');
  return answered.find(sees) ?? answered[0] ?? null;
}

async function statementOf(
  { options, print }: CliCall,
  cluster: string,
  statement: NonNullable<Command['statement']>,
  snapshot: MemberSnapshot,
): Promise<Pick<Command, 'statement' | 'typedName'>> {
  if (!options.json) for (const line of whatIsKnown(snapshot, [])) print(line);
  return { statement, typedName: options.typedName ?? (await typedName(cluster)) };
}
