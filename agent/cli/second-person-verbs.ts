import { randomUUID } from 'node:crypto';
import {
  moveVerbs,
  secondPersonVerb,
  type Command,
  type RequestVerb,
} from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { scopeWords } from '../../shared/second-person/scope.ts';
import type { ToldRequest } from '../../shared/second-person/told-request.ts';
import { fetchStatus } from './agent-client.ts';
import { askCommand } from './ask-command.ts';
import { askTheActive } from './ask-the-active.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { followChange } from './follow-change.ts';
import { lookAll, type Looked } from './look-all.ts';
import { nextLines } from './read-verbs.ts';

/** `ixha requests`: what shall wait, what waits, and what became of the last ones; 4 while something waits. */
export async function requestsVerb({ targets, options, print }: CliCall): Promise<number> {
  const seen = await lookAll(targets, fetchStatus);
  const members = seen.map(({ target, answer, error }) => ({
    cluster: target.cluster,
    server: target.server,
    error,
    secondPerson: answer?.secondPerson ?? null,
  }));
  if (options.json) print(JSON.stringify({ members }));
  else {
    seen.flatMap(memberLines).forEach(print);
    nextLines(seen).forEach(print);
  }
  const waits = members.some(({ secondPerson }) =>
    [...(secondPerson?.requests ?? []), secondPerson?.atPeer].some((one) => one?.state === 'waiting'),
  );
  if (waits) return exitCodes.waits;
  return seen.some(({ answer }) => answer === null) ? exitCodes.unreachable : exitCodes.done;
}

function memberLines({ target, answer, error }: Looked<MemberSnapshot>): string[] {
  const name = `${target.cluster} on ${target.server}`;
  if (answer === null) return [`${name}: ? ${error?.message ?? ''}`];
  const told = answer.secondPerson;
  if (told === undefined) return [`${name}: an agent of an earlier release, which knows no second person`];
  const by = told.said === null ? '' : `, said by ${told.said.by}`;
  const elsewhere = told.atPeer === undefined ? [] : [`  asked of ${answer.peer.server}, decide there:`];
  return [
    `${name}: ${scopeWords[told.said?.scope ?? 'none']}${by}`,
    ...told.requests.flatMap(requestLines),
    ...elsewhere,
    ...(told.atPeer === undefined ? [] : requestLines(told.atPeer)),
  ];
}

function requestLines(request: ToldRequest): string[] {
  const { id, what, by, askedAt, until, state, decidedBy, why, reason } = request;
  const end = state === 'waiting' ? `waits until ${until}` : `${state}${decidedBy ? ` by ${decidedBy}` : ''}`;
  const more = [reason === '' ? '' : `because: ${reason}`, why === '' ? '' : `${state}: ${why}`];
  return [
    `  ${id}  ${end}: ${what}, asked for by ${by} at ${askedAt}`,
    ...more.filter((line) => line !== '').map((line) => `            ${line}`),
  ];
}

/** `ixha second-person CLUSTER --for none|planned|forced`: asks a member that answers. */
export async function secondPersonCall(call: CliCall): Promise<number> {
  const { cluster, scope, json } = call.options;
  if (cluster === undefined || scope === undefined) {
    const said = cluster === undefined ? 'The cluster is not named.' : 'What shall wait is not said.';
    const next = `Add it: ixha ${secondPersonVerb} CLUSTER --for planned.`;
    report(productError('request.invalid', said, [], next), json);
    return exitCodes.usage;
  }
  const sent = await askTheActive(call, secondPersonVerb, cluster, { scope });
  if (!sent.accepted) return sent.exit;
  call.print(json ? JSON.stringify(sent) : `${cluster}: ${scopeWords[scope]}.`);
  return exitCodes.done;
}

/** `ixha agree|decline|withdraw CLUSTER --request ID`: asks the member that keeps it, and follows a move to its end. */
export async function requestVerb(call: CliCall, verb: RequestVerb): Promise<number> {
  const { targets, options, print } = call;
  const { cluster, request: id, json, reason } = options;
  if (cluster === undefined || id === undefined) {
    const said = cluster === undefined ? 'The cluster is not named.' : 'Which request is meant is not said.';
    const next = `Add it: ixha ${verb} CLUSTER --request ID. ixha requests lists them.`;
    report(productError('request.invalid', said, [], next), json);
    return exitCodes.usage;
  }
  const seen = await lookAll(targets, fetchStatus);
  const keeper = seen.find(({ answer }) => answer?.secondPerson?.requests.some((one) => one.id === id));
  if (!keeper?.answer) return notFound(call, seen, id);
  const command: Command = {
    ...{ verb, cluster, target: null, reason, request: id },
    ...{ epoch: keeper.answer.lease.epoch, idempotencyKey: randomUUID() },
  };
  const sent = await askCommand(keeper.target, command, json);
  if (!sent.accepted) return sent.exit;
  const asked = keeper.answer.secondPerson!.requests.find((one) => one.id === id)!;
  const moves = ([...moveVerbs, 'force-takeover'] as readonly string[]).includes(asked.verb);
  if (verb === 'agree' && moves && options.wait) return followChange(call, sent.operation);
  print(json ? JSON.stringify(sent) : `${doneWords[verb]}: ${asked.what}, asked for by ${asked.by}.`);
  return exitCodes.done;
}

const doneWords = { agree: 'agreed, and begun', decline: 'declined', withdraw: 'withdrawn' } as const;

function notFound({ options }: CliCall, seen: readonly Looked<MemberSnapshot>[], id: string): number {
  const elsewhere = seen.find(({ answer }) => answer?.secondPerson?.atPeer?.id === id);
  const silent = seen.flatMap(({ error }) => (error === null ? [] : [error.message]));
  const said = elsewhere?.answer
    ? `The request ${id} is kept by ${elsewhere.answer.peer.server}, which cannot be asked from here.`
    : `No member that answers keeps a request ${id} among its last ones.`;
  const next = elsewhere ? 'Ask there, or from a workstation.' : 'See what waits: ixha requests.';
  report(productError('second-person.over', said, silent, next), options.json);
  return silent.length > 0 ? exitCodes.unreachable : exitCodes.attention;
}
