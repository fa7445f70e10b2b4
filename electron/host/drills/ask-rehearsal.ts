import {
  agentPaths,
  CommandAnswer,
  rehearseVerb,
  type Command,
  type Rehearsal,
} from '../../../shared/agent-api/agent-api.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { MemberSight } from '../../../shared/fleet/sight.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import { afterDecision } from '../operations/after-decision.ts';
import { answerWithinMs, isWaiting, type WaitingAnswer } from '../operations/move-to-end.ts';
import { standsWords, takeBack } from '../operations/take-back.ts';
import type { DrillRun } from './drill-run.ts';

const askWithinMs = 5_000;

export interface NotBegun {
  readonly sentence: string;
  /** It may have begun all the same. */
  readonly isUnknown: boolean;
}

type Answer = Result<CommandAnswer, ProductError>;

/**
 * Asks one agent for a rehearsal of its own, under one key, so that it begins once however often it is asked. Errors:
 * it was refused; or whether it has begun is not known, and then the drill is called off, since it shows nothing.
 * @param cutSeconds when it gives back what it cuts; absent: it cuts nothing
 */
export async function askRehearsal(
  run: DrillRun,
  member: MemberSight,
  rehearsal: Rehearsal,
  cutSeconds?: number,
): Promise<Result<string, NotBegun>> {
  const { cluster, id, reason } = run.record();
  const command: Command = {
    verb: rehearseVerb,
    ...{ cluster, target: member.server, rehearsal, idempotencyKey: `${id}-r` },
    ...(cutSeconds === undefined ? {} : { cutSeconds }),
    epoch: member.snapshot?.lease.epoch ?? 0,
    reason: `drill${reason === '' ? '' : `: ${reason}`}`,
  };
  const first = await untilAnswered(run, member, command);
  const answer =
    first.ok && isWaiting(first.value) ? await afterWaiting(run, member, command, first.value) : first;
  if (!answer.ok) {
    const { code, message, next } = answer.error;
    if (code !== 'server.timeout') return fail({ sentence: `${message} ${next}`, isUnknown: false });
    return notKnown(run, message);
  }
  if (answer.value.accepted) return succeed(answer.value.operation);
  const { error, waits } = answer.value;
  if (waits === undefined) return fail({ sentence: `${error.message} ${error.next}`, isUnknown: false });
  return notKnown(run, standsWords(waits.request, member.name, cluster));
}

function notKnown(run: DrillRun, why: string): Result<never, NotBegun> {
  const sentence = `${why} Whether what was to be rehearsed has begun is not known; the timeline tells.`;
  run.callOff(sentence);
  return fail({ sentence, isUnknown: true });
}

function agentOf(run: DrillRun, { server }: MemberSight): AgentEndpoint {
  const agents = run.ports.site.watch.agents().map(({ endpoint }) => endpoint);
  return agents.find((one) => one.cluster === run.record().cluster && one.server === server)!;
}

function send(run: DrillRun, member: MemberSight, body: Command): Promise<Answer> {
  return run.ports.site.ask(agentOf(run, member), {
    path: agentPaths.commands,
    body,
    schema: CommandAnswer,
    withinMs: askWithinMs,
  });
}

/** Asks again while it is not known whether the question came. The error without an answer where that is never known. */
async function untilAnswered(run: DrillRun, member: MemberSight, command: Command): Promise<Answer> {
  let open: Answer | null = null;
  const answered = await run.until(`An answer of ${member.name}`, answerWithinMs, async () => {
    const told = await send(run, member, command);
    if (!told.ok && told.error.code === 'server.timeout') open = told;
    // Once a question may have come, an agent that cannot be reached has refused nothing.
    return told.ok || open === null ? told : null;
  });
  return answered.ok ? answered.value : open!;
}

/** Waits for a second person. The answer of before where it still stands with its agent. */
async function afterWaiting(
  run: DrillRun,
  member: MemberSight,
  command: Command,
  waiting: WaitingAnswer,
): Promise<Answer> {
  const ports = { until: run.until.bind(run), waiting: (waits: boolean) => run.waits(waits) };
  const decided = async () => {
    const told = await send(run, member, command);
    return told.ok && !isWaiting(told.value) ? told : null;
  };
  const kept = { ...command, request: waiting.waits.request };
  const back = (why: string) => takeBack(run.ports.site.ask, agentOf(run, member), kept, why);
  return (await afterDecision(ports, decided, back)) ?? succeed(waiting);
}
