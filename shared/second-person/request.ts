/**
 * The life of one change that waits for a second person. Exactly one end: carried out once, declined, withdrawn, or
 * ended. Pure: the agent keeps what comes out of it on disk before anything rests on it.
 *
 * Times are on the boot-time clock of the member that keeps it. One that was started anew does not know how long it was
 * off, so what waited then has ended.
 */
import * as z from 'zod/mini';
import { Command } from '../agent-api/agent-api.ts';
import type { ErrorCode } from '../errors.ts';
import { fail, succeed, type Result } from '../result.ts';
import { bothNames, comparePersons, Person } from './person.ts';
import { RequestState, stateWords, type ToldRequest } from './told-request.ts';

/** How long a second person has. */
export const requestLifeMs = 15 * 60_000;

export const KeptRequest = z.object({
  id: z.string(),
  command: Command,
  /** What is asked for, in words: `a switchover of WK1 to ig-south`. */
  what: z.string(),
  by: Person,
  /** Wall times, for people only. */
  askedAt: z.string(),
  until: z.string(),
  /** Boot-time clock when it was asked for. */
  bootMs: z.number(),
  /** The highest epoch that was known then. */
  epoch: z.int(),
  state: RequestState,
  decidedBy: z.nullable(Person),
  why: z.string(),
  operation: z.nullable(z.string()),
});
export type KeptRequest = z.infer<typeof KeptRequest>;

export type RequestEvent =
  | { readonly kind: 'agree'; readonly who: Person }
  | { readonly kind: 'decline'; readonly who: Person; readonly reason: string }
  | { readonly kind: 'withdraw'; readonly who: Person; readonly reason: string }
  | { readonly kind: 'carried-out'; readonly operation: string }
  | { readonly kind: 'not-carried-out'; readonly why: string }
  /** Time goes on; `epoch` is the highest that is known now. */
  | { readonly kind: 'look'; readonly nowMs: number; readonly epoch: number }
  /** Something that must not wait takes its place. */
  | { readonly kind: 'give-way'; readonly why: string };

/** Why a person's word does not count. */
export interface RequestRefusal {
  readonly code: ErrorCode;
  readonly said: string;
  readonly next?: string;
}

/** The request after the event; what changes nothing comes back as it was. */
export function nextRequest(request: KeptRequest, event: RequestEvent): Result<KeptRequest, RequestRefusal> {
  switch (event.kind) {
    case 'look':
      return succeed(look(request, event));
    case 'agree':
      return agree(request, event.who);
    case 'decline':
      return decline(request, event);
    case 'withdraw':
      return withdraw(request, event);
    case 'carried-out':
      if (request.state !== 'agreed') return over(request);
      return succeed({ ...request, state: 'done', operation: event.operation });
    case 'not-carried-out':
      if (request.state !== 'agreed') return over(request);
      return succeed({ ...request, state: 'ended', why: event.why });
    case 'give-way':
      return succeed(request.state === 'waiting' ? { ...request, state: 'ended', why: event.why } : request);
  }
}

function look(
  request: KeptRequest,
  { nowMs, epoch }: { readonly nowMs: number; readonly epoch: number },
): KeptRequest {
  if (request.state !== 'waiting') return request;
  const ended = (why: string): KeptRequest => ({ ...request, state: 'ended', why });
  const sinceMs = nowMs - request.bootMs;
  if (epoch > request.epoch)
    return ended(`the cluster has moved since: epoch ${epoch} instead of ${request.epoch}`);
  if (sinceMs < 0) return ended('its server was started anew');
  return sinceMs >= requestLifeMs ? ended(`nobody has agreed within ${requestLifeMs / 60_000} min`) : request;
}

function agree(request: KeptRequest, who: Person): Result<KeptRequest, RequestRefusal> {
  const refused = second(request, who, 'agree');
  if (refused !== null) return fail(refused);
  // Whoever agrees as the second one, or once more, gets the one change that came of it.
  if (request.state === 'done') return succeed(request);
  if (request.state !== 'waiting') return over(request);
  return succeed({ ...request, state: 'agreed', decidedBy: who });
}

function decline(
  request: KeptRequest,
  { who, reason }: { readonly who: Person; readonly reason: string },
): Result<KeptRequest, RequestRefusal> {
  const refused = second(request, who, 'decline');
  if (refused !== null) return fail(refused);
  if (reason.trim() === '')
    return fail({
      code: 'request.invalid',
      said: 'Why it is declined is not said.',
      next: 'Say why: --reason TEXT.',
    });
  if (request.state === 'declined' && comparePersons(request.decidedBy ?? request.by, who) === 'same')
    return succeed(request);
  if (request.state !== 'waiting') return over(request);
  return succeed({ ...request, state: 'declined', decidedBy: who, why: reason.trim() });
}

function withdraw(
  request: KeptRequest,
  { who, reason }: { readonly who: Person; readonly reason: string },
): Result<KeptRequest, RequestRefusal> {
  const own = who.called === request.by.called || comparePersons(who, request.by) === 'same';
  if (!own) {
    const said = `${request.by.called} has asked for it, and only who asked can withdraw it.`;
    return fail({ code: 'second-person.same', said, next: 'Use decline instead, with a reason.' });
  }
  if (request.state === 'withdrawn') return succeed(request);
  if (request.state !== 'waiting') return over(request);
  return succeed({ ...request, state: 'withdrawn', decidedBy: who, why: reason.trim() });
}

/** Why `who` is no second person for this request; null: it is one. */
function second({ by }: KeptRequest, who: Person, word: 'agree' | 'decline'): RequestRefusal | null {
  switch (comparePersons(by, who)) {
    case 'other':
      return null;
    case 'same': {
      const said = `${by.called} has asked for it, so ${who.called} is no second person.`;
      return {
        code: 'second-person.same',
        said,
        next:
          word === 'decline'
            ? 'Use withdraw instead.'
            : 'Let another person agree, from another workstation or under another name on a server.',
      };
    }
    case 'unknown': {
      const named = who.name === null ? who : by;
      const said = `${named.called} has given no name, so whether two persons are meant is not known.`;
      const next =
        who.name === null
          ? 'Say who you are: --as NAME.'
          : 'Let it be withdrawn and asked again with a name: --as NAME.';
      return { code: 'second-person.same', said, next };
    }
  }
}

function over(request: KeptRequest): Result<never, RequestRefusal> {
  return fail({
    code: 'second-person.over',
    said: `It waits no more: ${stateWords(toldRequest(request, 0))}.`,
  });
}

/** Under whose names it is carried out. */
export function requestedByBoth({ by, decidedBy }: KeptRequest): string {
  return decidedBy === null ? by.called : bothNames(by, decidedBy);
}

/** The request as others are told of it. */
export function toldRequest(request: KeptRequest, nowMs: number): ToldRequest {
  const { id, command, what, by, askedAt, until, epoch, state, decidedBy, why, operation, bootMs } = request;
  const leftMs = state === 'waiting' ? Math.max(0, requestLifeMs - (nowMs - bootMs)) : 0;
  return {
    ...{ id, verb: command.verb, what, target: command.target, reason: command.reason, epoch },
    ...{ by: by.called, askedAt, until, leftMs, state, decidedBy: decidedBy?.called ?? null, why, operation },
  };
}
