import { agentRunbooks } from '../../shared/help/agent-runbooks.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { conditionsOf, type Condition } from '../../shared/notifications/conditions.ts';
import { acknowledgementOf, markOf } from '../../shared/notifications/known-conditions.ts';
import { fetchStatus, sendAcknowledgement } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { lookAll } from './look-all.ts';
import { nextLines } from './read-verbs.ts';
import type { Target } from './targets.ts';

function knownOf({ acknowledged = [] }: MemberSnapshot, condition: Condition) {
  return acknowledgementOf(acknowledged, condition) ?? null;
}

type KnownAlarm = Condition & { readonly acknowledged: ReturnType<typeof knownOf> };

/** One alarm with what it means for messages, what to do, and who knows of it. */
function alarmLines({ name, severity, sentence, kind, next, acknowledged }: KnownAlarm): string[] {
  const known =
    acknowledged === null
      ? []
      : [`Known to ${acknowledged.by} since ${acknowledged.at}: ${acknowledged.comment}`];
  return [
    `  ${severity.padEnd(7)} ${name}: ${sentence}`,
    ...[
      `For messages: ${agentRunbooks[kind].meaning}`,
      `Next: ${next ?? agentRunbooks[kind].now[0]}`,
      ...known,
    ].map((line) => `          ${line}`),
  ];
}

/** `ixha alarms`: what each member tells people of, by name, with its meaning and who knows of it. */
export async function alarmsVerb({ targets, options, print }: CliCall): Promise<number> {
  const seen = await lookAll(targets, fetchStatus);
  const members = seen.map(({ target, answer, error }) => ({
    cluster: target.cluster,
    server: target.server,
    error,
    alarms:
      answer === null
        ? []
        : conditionsOf(answer).map((condition) => ({
            ...condition,
            acknowledged: knownOf(answer, condition),
          })),
  }));
  if (options.json) print(JSON.stringify({ members }));
  else {
    for (const { cluster, server, error, alarms } of members) {
      const none = error === null && alarms.length === 0 ? 'nothing asks for attention' : '';
      print(`${cluster} on ${server}: ${error === null ? none : `? ${error.message} [${error.code}]`}`);
      alarms.flatMap(alarmLines).forEach(print);
    }
    nextLines(seen).forEach(print);
  }
  if (seen.some(({ answer }) => answer === null)) return exitCodes.unreachable;
  const open = members.some(({ alarms }) => alarms.some(({ acknowledged }) => acknowledged === null));
  return open ? exitCodes.attention : exitCodes.done;
}

/** `ixha acknowledge CLUSTER`: you know of every alarm that its members tell, or of the one that is named. */
export async function acknowledgeVerb(call: CliCall): Promise<number> {
  const { targets, options, print } = call;
  if (options.cluster === undefined || options.reason === '') {
    const said = options.cluster === undefined ? 'The cluster is not named.' : 'A comment is missing.';
    const next = 'Add it: ixha acknowledge CLUSTER --reason "what is done about it". ixha alarms lists them.';
    report(productError('request.invalid', said, [], next), options.json);
    return exitCodes.usage;
  }
  const seen = await lookAll(targets, fetchStatus);
  const orders = seen.flatMap(({ target, answer }) =>
    answer === null
      ? []
      : conditionsOf(answer)
          .filter(({ name }) => options.alarm === undefined || options.alarm === name)
          .filter((condition) => knownOf(answer, condition) === null)
          .map((condition) => ({ target, condition })),
  );
  const done = await Promise.all(
    orders.map(({ target, condition }) => acknowledgeOne(target, condition, options.reason)),
  );
  if (options.json) print(JSON.stringify({ acknowledged: done }));
  for (const { name, server, error } of options.json ? [] : done) {
    if (error === null) print(`${server}: ${name} is acknowledged`);
    else report(error, false);
  }
  if (!options.json && done.length === 0) print('There is nothing to acknowledge.');
  nextLines(seen).forEach((line) => !options.json && print(line));
  if (seen.some(({ answer }) => answer === null)) return exitCodes.unreachable;
  return done.every(({ error }) => error === null) ? exitCodes.done : exitCodes.attention;
}

async function acknowledgeOne(target: Target, condition: Condition, comment: string) {
  const { name } = condition;
  const sent = await sendAcknowledgement(target, { name, mark: markOf(condition), comment });
  return { cluster: target.cluster, server: target.server, name, error: sent.ok ? null : sent.error };
}
