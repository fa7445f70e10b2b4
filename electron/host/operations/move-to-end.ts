import type { Blocker } from '../../../shared/agent-api/member-snapshot.ts';
import type { MoveVerb, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import { CallFailure } from '../ipc/call-failure.ts';
import { agentToAsk, sendMove } from './switch-over.ts';
import { afterDecision } from './after-decision.ts';
import { standsWords, takeBack } from './take-back.ts';

const moveWithinMs = 180_000;
const seenWithinMs = 90_000;
/** How long an unanswered request is asked again under its own key, which cannot begin a second move. */
export const answerWithinMs = 20_000;

/** What a move that is followed to its end works with. */
export interface MoveEndPorts {
  readonly site: Pick<ConsoleSite, 'watch' | 'ask'>;
  sight(): ClusterSight;
  /** Looks until something is found. Errors: a sentence, when it was not seen in time or is called off. */
  until<Found>(
    what: string,
    withinMs: number,
    look: () => Promise<Found | null> | Found | null,
  ): Promise<Result<Found, string>>;
  /** Whether it waits for a second person now. */
  waiting(waits: boolean): void;
  /** It is under way from now on, whatever happens to this console. */
  accepted(operation: string): void;
}

export interface MoveOrder {
  readonly verb: MoveVerb;
  readonly target: MemberSight;
  readonly reason: string;
  readonly idempotencyKey: string;
}

/** refused: nothing was begun · unknown: it may have begun, or its end was not seen · ended: not with success. */
export interface MoveFailure {
  readonly kind: 'refused' | 'unknown' | 'ended';
  readonly sentence: string;
  readonly blockers: readonly Blocker[];
}

export interface MovedTo {
  readonly operation: string;
  /** Name of the member that is seen Active. */
  readonly active: string;
  readonly sentence: string;
}

/** Asks for one planned move and follows it until the target is seen Active, or it is known why not. */
export async function moveToEnd(
  ports: MoveEndPorts,
  { verb, target, reason, idempotencyKey }: MoveOrder,
): Promise<Result<MovedTo, MoveFailure>> {
  const { id: cluster } = ports.sight().cluster;
  const role = clusterRole(ports.sight());
  if (role.kind !== 'one')
    return failed('refused', `${cluster} has no known Active any more. Nothing was asked for.`);
  const epoch = role.active.snapshot?.lease.epoch ?? 0;
  const request = { verb, cluster, target: target.server, epoch, reason, idempotencyKey };
  const answer = await askUntilAnswered(ports, request);
  if (!answer.ok) return answer;
  if (!answer.value.accepted) {
    const { error, blockers } = answer.value;
    return failed('refused', `${error.message} ${error.next}`, blockers);
  }
  const { operation } = answer.value;
  ports.accepted(operation);
  const ended = await ports.until(`The end of the move to ${target.name}`, moveWithinMs, () =>
    endedOperation(ports.sight(), operation),
  );
  if (!ended.ok) return failed('unknown', ended.error);
  if (ended.value.state !== 'done') return failed('ended', `${ended.value.state}: ${ended.value.sentence}`);
  const seen = await ports.until(`${target.name} as Active`, seenWithinMs, () => {
    const now = clusterRole(ports.sight());
    return now.kind === 'one' && now.active.server === target.server ? now.active.name : null;
  });
  if (!seen.ok) return failed('unknown', seen.error);
  return succeed({ operation, active: seen.value, sentence: ended.value.sentence });
}

/**
 * The same request under the same key, of the same member, until it is answered: what had begun is then told, not begun
 * again. What is seen meanwhile is no answer: it may be the move itself.
 */
async function askUntilAnswered(
  ports: MoveEndPorts,
  request: Parameters<typeof sendMove>[0],
): Promise<Result<CommandAnswer, MoveFailure>> {
  const { site, until } = ports;
  const to = agentToAsk(request, site.watch.agents());
  if (!to.ok) return succeed(to.error);
  let last = '';
  const ask = async () => {
    try {
      return { answer: await sendMove(request, to.value, site.ask) };
    } catch (cause) {
      if (!(cause instanceof CallFailure)) throw cause;
      last = cause.error.message;
      return cause.error.code === 'server.timeout' ? null : { failure: cause.error.message };
    }
  };
  const first = await until('An answer to the request', answerWithinMs, ask);
  const unknown = 'Whether it has begun is not known; the timeline tells.';
  if (!first.ok) return failed('unknown', `${last} ${unknown}`);
  if ('failure' in first.value) return failed('unknown', `${first.value.failure} ${unknown}`);
  let { answer } = first.value;
  if (isWaiting(answer)) {
    const kept = { ...request, request: answer.waits.request };
    const back = (why: string) => takeBack(site.ask, to.value.endpoint, kept, why);
    const decided = async () => {
      const told = await ask();
      return told !== null && 'answer' in told && !isWaiting(told.answer) ? told.answer : null;
    };
    answer = (await afterDecision(ports, decided, back)) ?? answer;
    if (isWaiting(answer)) {
      const stands = standsWords(kept.request, to.value.endpoint.name, request.cluster);
      return failed('unknown', `${stands} ${unknown}`);
    }
  }
  if (last !== '' && movedMeanwhile(answer)) return failed('unknown', `${last} ${unknown}`);
  return succeed(answer);
}

/** An agent that was started anew has forgotten the key; what it refuses may be what this very move has brought about. */
function movedMeanwhile(answer: CommandAnswer): boolean {
  return !answer.accepted && ['command.not-active', 'command.revision'].includes(answer.error.code);
}

/** Kept by its agent until a second person has decided. */
export type WaitingAnswer = CommandAnswer & { readonly waits: { readonly request: string } };

/** Not refused: its agent keeps it until a second person has decided. */
export function isWaiting(answer: CommandAnswer): answer is WaitingAnswer & { accepted: false } {
  return !answer.accepted && answer.waits !== undefined;
}

function failed(
  kind: MoveFailure['kind'],
  sentence: string,
  blockers: readonly Blocker[] = [],
): Result<never, MoveFailure> {
  return fail({ kind, sentence, blockers });
}

function endedOperation(sight: ClusterSight, operation: string): OperationRecord | null {
  const found = sight.cluster.operations.find(({ id }) => id === operation);
  return found === undefined || found.state === 'running' || found.state === 'unknown' ? null : found;
}
