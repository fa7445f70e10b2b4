import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { forceVerb, type Command, type CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../../shared/errors.ts';
import type { MemberFacts } from '../../../shared/failover/member-facts.ts';
import type { Person } from '../../../shared/second-person/person.ts';
import {
  KeptRequest,
  nextRequest,
  requestedByBoth,
  requestLifeMs,
  toldRequest,
  type RequestEvent,
} from '../../../shared/second-person/request.ts';
import { SecondPersonSaid } from '../../../shared/second-person/scope.ts';
import {
  stateWords,
  type SecondPersonTold,
  type ToldRequest,
} from '../../../shared/second-person/told-request.ts';
import { waitsForSecond } from '../../../shared/second-person/waits-for-second.ts';
import { readDurable, writeDurable } from '../../durable/durable-file.ts';
import type { Files } from '../../durable/files.ts';
import { refusalNow } from '../carry-out.ts';
import type { CarryOut, KeptRequests, MemberParts, SecondPerson } from '../member-parts.ts';
import { askedWords } from './asked-words.ts';

/** Ended ones are kept so that who comes late is told what became of them, and a repeat begins nothing. */
const requestsKept = 20;
const requestsTold = 3;

const Kept = z.object({
  /** What the lease store said last; it counts while a store says nothing. */
  said: z.nullable(SecondPersonSaid),
  /** Newest last. */
  requests: z.array(KeptRequest),
});
type Kept = z.infer<typeof Kept>;

/**
 * The changes that were asked of this member and wait for a second person. Each is on disk before it is answered, and
 * its agreement before it is begun: at most once, whatever happens then. Nothing here is asked by the loop, so that
 * automatic failover never waits for it.
 */
export class RequestKeeper implements KeptRequests {
  readonly #parts: MemberParts;
  readonly #files: Files;
  readonly #path: string;
  #kept: Kept = { said: null, requests: [] };
  /** What waited at the peer when it was last heard. */
  #atPeer: ToldRequest | null = null;

  constructor(parts: MemberParts, files: Files) {
    this.#parts = parts;
    this.#files = files;
    this.#path = join(parts.config.paths.state, 'second-person.json');
    const read = readDurable(this.#path, files);
    const parsed = read.ok ? Kept.safeParse(read.value) : null;
    if (parsed?.success) this.#kept = parsed.data;
    else if (read.ok || read.error.kind === 'damaged') {
      this.#alarm('What waited for a second person cannot be read any more, and will not be carried out.');
    }
    for (const request of this.#kept.requests) if (request.state === 'agreed') this.#settle(request);
  }

  kept(): SecondPersonSaid | null {
    return this.#kept.said;
  }

  told(facts: MemberFacts): SecondPersonTold {
    const nowMs = this.#parts.clock.bootMs();
    const requests = this.#kept.requests.slice(-requestsTold).reverse();
    return {
      said: this.#said(facts),
      requests: requests.map((request) => toldRequest(request, nowMs)),
      ...(this.#atPeer === null ? {} : { atPeer: this.#atPeer }),
    };
  }

  announced(): ToldRequest | undefined {
    const open = this.#kept.requests.find(({ state }) => state === 'waiting');
    return open && toldRequest(open, this.#parts.clock.bootMs());
  }

  /** Looks what time, a new epoch and the store have changed. Answers whether something has. */
  turn(facts: MemberFacts): boolean {
    const said = this.#hear(facts);
    const ended = this.#look(facts);
    return this.#lookAtPeer(facts) || said || ended;
  }

  /** Keeps a command that waits for a second person; null: it does not wait. The same key gets the same answer. */
  hold(facts: MemberFacts, command: Command, who: Person): CommandAnswer | null {
    const before = this.#kept.requests.find(
      (request) => request.command.idempotencyKey === command.idempotencyKey,
    );
    if (before !== undefined) return this.#answer(this.#current(before.id));
    if (!waitsForSecond(this.#said(facts)?.scope ?? 'none', command)) return null;
    this.#look(facts);
    const what = askedWords(this.#parts.config, command);
    const answer = this.#refusal(facts, command, who) ?? this.#keep(facts, command, who, what);
    const because = command.reason === '' ? '' : `, because: ${command.reason}`;
    const kept = !answer.accepted && answer.waits !== undefined ? answer.waits.request : null;
    const end = answer.accepted ? '' : answer.error.message;
    this.#tell(
      kept === null
        ? `${who.called} asked for ${what}: refused, ${end}`
        : `${who.called} asked for ${what}: it waits for a second person (request ${kept})${because}.`,
      who.called,
      kept === null ? 'refused' : 'ok',
    );
    return answer;
  }

  /** Takes a person's word on one request; an agreement is judged anew and carried out by `act`. */
  async decide(
    facts: MemberFacts,
    command: Command,
    { who, mayAsk }: SecondPerson,
    act: CarryOut,
  ): Promise<CommandAnswer> {
    this.#look(facts);
    const request = this.#kept.requests.find(({ id }) => id === command.request);
    if (command.cluster !== this.#parts.config.cluster || request === undefined) {
      const said = `No request ${command.request ?? 'without an id'} of ${command.cluster} is kept here.`;
      return refuse('second-person.over', said);
    }
    if (command.verb === 'agree' && !mayAsk(request.command.verb)) {
      const said = `${request.command.verb} is for administrators, and so is to agree to it.`;
      return refuse('command.forbidden', said);
    }
    const event = eventOf(command, who);
    const next = nextRequest(request, event);
    if (!next.ok) {
      const { code, said, next: step } = next.error;
      this.#tell(`${about(event, who, request)}: refused, ${said}`, who.called, 'refused');
      return refuse(code, said, step);
    }
    // Said before: the same word again changes nothing, and gets the same answer.
    if (next.value === request) return this.#decided(request, event);
    if (!this.#write(next.value)) {
      return refuse(
        'command.refused',
        'It cannot be written down.',
        'Free space on the disk of that server.',
      );
    }
    const because = next.value.why === '' ? '' : `, because: ${next.value.why}`;
    this.#tell(`${about(event, who, request)}${because}.`, who.called, 'ok');
    if (event.kind !== 'agree') return this.#decided(next.value, event);
    return this.#begin(next.value, act);
  }

  async #begin(agreed: KeptRequest, act: CarryOut): Promise<CommandAnswer> {
    const command = asOfNow(agreed, this.#parts.clock.bootMs());
    const answer = await act(command, requestedByBoth(agreed));
    const end: RequestEvent = answer.accepted
      ? { kind: 'carried-out', operation: answer.operation }
      : { kind: 'not-carried-out', why: answer.error.message };
    const next = nextRequest(agreed, end);
    // What is carried out is known to the member's own state as well, should this not be written: see `#settle`.
    if (next.ok && !this.#write(next.value)) this.#kept = this.#with(next.value);
    return answer;
  }

  /** Agreed to when the agent ended: the member's own state tells whether it had begun. It is never begun again. */
  #settle(request: KeptRequest): void {
    const { operation } = this.#parts.memory.current();
    const begun = operation !== null && operation.idempotencyKey === request.command.idempotencyKey;
    const why = 'the agent ended at that moment. What stands now tells whether it had begun';
    const next = nextRequest(
      request,
      begun ? { kind: 'carried-out', operation: operation.id } : { kind: 'not-carried-out', why },
    );
    if (!next.ok || !this.#write(next.value) || begun) return;
    this.#alarm(`The request ${request.id} for ${request.what}: ${becameOf(next.value)}.`);
  }

  /** The store's word counts; one that has none is a new one, or of an earlier release. */
  #said(facts: MemberFacts): SecondPersonSaid | null {
    return facts.lease.secondPerson ?? this.#kept.said;
  }

  #hear({ lease }: MemberFacts): boolean {
    const { said } = this.#kept;
    const heard = lease.secondPerson;
    if (heard === undefined || (said?.scope === heard.scope && said.by === heard.by)) return false;
    return this.#save({ ...this.#kept, said: heard });
  }

  #look(facts: MemberFacts): boolean {
    const open = this.#kept.requests.find(({ state }) => state === 'waiting');
    if (open === undefined) return false;
    const look = { kind: 'look', nowMs: this.#parts.clock.bootMs(), epoch: this.#knownEpoch(facts) } as const;
    return this.#end(open, look);
  }

  #end(open: KeptRequest, event: RequestEvent): boolean {
    const next = nextRequest(open, event);
    if (!next.ok || next.value === open) return false;
    const kept = this.#write(next.value);
    const sentence = `The request ${open.id} of ${open.by.called} for ${open.what}: ${becameOf(next.value)}.`;
    if (kept) this.#tell(sentence, open.by.called, 'ok');
    return kept;
  }

  /** Told here too when the member that kept it is gone with it: nobody shall wait for what cannot come. */
  #lookAtPeer(facts: MemberFacts): boolean {
    const { peer, clock } = this.#parts;
    const { heard, status } = peer.facts(clock.bootMs());
    const before = this.#atPeer;
    if (heard) {
      this.#atPeer = status?.request ?? null;
      return this.#atPeer?.id !== before?.id;
    }
    const epoch = this.#knownEpoch(facts);
    if (before === null || epoch <= before.epoch) return false;
    this.#atPeer = null;
    const where = `asked of ${this.#parts.config.peer.serverName}`;
    this.#tell(
      `The request ${before.id} of ${before.by} for ${before.what}, ${where}, has ended: the cluster has moved since, to epoch ${epoch}.`,
      before.by,
      'ok',
    );
    return true;
  }

  #knownEpoch({ lease }: MemberFacts): number {
    const { memory, peer, clock } = this.#parts;
    const ofPeer = peer.facts(clock.bootMs()).status?.epoch ?? 0;
    return Math.max(memory.current().epoch, lease.storeEpoch ?? 0, ofPeer);
  }

  #refusal(facts: MemberFacts, command: Command, who: Person): CommandAnswer | null {
    if (who.name === null) {
      const said = 'Who asks is not said, and the second person must be another one.';
      return refuse('request.invalid', said, 'Say who you are: --as NAME.');
    }
    const refused = refusalNow(this.#parts, facts, command);
    if (refused !== null) return refused;
    const open = this.#kept.requests.find(({ state }) => state === 'waiting' || state === 'agreed');
    if (open === undefined) return null;
    if (command.verb === forceVerb && open.state === 'waiting') {
      this.#end(open, { kind: 'give-way', why: `${who.called} asked for a forced takeover meanwhile` });
      return null;
    }
    const said = `A request waits already: ${open.what}, asked for by ${open.by.called} (${open.id}).`;
    return refuse('command.refused', said, 'Let it be agreed to, declined or withdrawn first.');
  }

  #keep(facts: MemberFacts, command: Command, who: Person, what: string): CommandAnswer {
    const { clock, config } = this.#parts;
    const askedAt = clock.wallTime();
    const request: KeptRequest = {
      ...{ id: randomUUID().slice(0, 8), command, what, by: who, askedAt, bootMs: clock.bootMs() },
      until: new Date(Date.parse(askedAt) + requestLifeMs).toISOString(),
      epoch: this.#knownEpoch(facts),
      ...{ state: 'waiting', decidedBy: null, why: '', operation: null },
    };
    if (this.#write(request)) return this.#answer(request);
    return refuse('command.refused', `${config.serverName} cannot write it down.`, 'Free space on its disk.');
  }

  /** What who asks for the same again is told. */
  #answer(request: KeptRequest): CommandAnswer {
    const { id, what, until, state, operation } = request;
    if (state === 'done' && operation !== null) return { accepted: true, operation };
    if (state !== 'waiting' && state !== 'agreed') {
      return refuse('second-person.over', `The request ${id} for ${what}: ${becameOf(request)}.`);
    }
    const said = `${what.charAt(0).toUpperCase()}${what.slice(1)} waits for a second person until ${until} (request ${id}).`;
    return { ...refuse('second-person.waits', said), waits: { request: id, until } };
  }

  /** What who decides is told. */
  #decided(request: KeptRequest, { kind }: RequestEvent): CommandAnswer {
    if (kind === 'agree') return this.#answer(request);
    return { accepted: true, operation: request.id };
  }

  #current(id: string): KeptRequest {
    return this.#kept.requests.find((request) => request.id === id)!;
  }

  #write(request: KeptRequest): boolean {
    return this.#save(this.#with(request));
  }

  #with(request: KeptRequest): Kept {
    const { requests } = this.#kept;
    const known = requests.some(({ id }) => id === request.id);
    const all = known
      ? requests.map((one) => (one.id === request.id ? request : one))
      : [...requests, request];
    return { ...this.#kept, requests: all.slice(-requestsKept) };
  }

  /** False: it could not be written, and nothing rests on it. */
  #save(kept: Kept): boolean {
    try {
      writeDurable(this.#path, kept, this.#files);
    } catch (error) {
      this.#alarm(`What waits for a second person could not be written: ${String(error)}.`);
      return false;
    }
    this.#kept = kept;
    return true;
  }

  #tell(sentence: string, requestedBy: string, result: 'ok' | 'refused'): void {
    const { journal, memory } = this.#parts;
    journal.append({ kind: 'command', sentence, requestedBy, result, epoch: memory.current().epoch });
  }

  #alarm(sentence: string): void {
    const { journal, memory } = this.#parts;
    journal.append({ kind: 'alarm', sentence, result: 'failed', epoch: memory.current().epoch });
  }
}

/** The command with the asker's clock as it must be by now, so that only clocks that differ are told as apart. */
function asOfNow({ command, bootMs }: KeptRequest, nowMs: number): Command {
  const { window } = command;
  if (window === undefined) return command;
  const askedAt = new Date(Date.parse(window.askedAt) + nowMs - bootMs).toISOString();
  return { ...command, window: { ...window, askedAt } };
}

/** What became of it, as the end of a sentence. */
function becameOf(request: KeptRequest): string {
  return stateWords(toldRequest(request, request.bootMs));
}

function eventOf({ verb, reason }: Command, who: Person): RequestEvent {
  if (verb === 'agree') return { kind: 'agree', who };
  return { kind: verb === 'decline' ? 'decline' : 'withdraw', who, reason };
}

const verbWords = { agree: 'agrees to', decline: 'declines', withdraw: 'withdraws' } as const;

function about({ kind }: RequestEvent, who: Person, { id, what, by, askedAt }: KeptRequest): string {
  const does = kind === 'agree' || kind === 'decline' || kind === 'withdraw' ? verbWords[kind] : kind;
  return `${who.called} ${does} the request ${id} of ${by.called} at ${askedAt} for ${what}`;
}

function refuse(code: ErrorCode, message: string, next?: string) {
  return { accepted: false as const, error: productError(code, message, [], next), blockers: [] };
}
