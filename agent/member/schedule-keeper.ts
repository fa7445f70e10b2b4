import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { scheduleVerb, type Command, type CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import { changeBlockers } from '../../shared/failover/blockers.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import {
  judgeSchedule,
  ScheduledMove,
  scheduleSkippedMark,
  windowRefusal,
} from '../../shared/scheduling/scheduled-move.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';
import { acceptCommand } from './accept-command.ts';
import { AskedAt, askedNow, clockSetByMs } from './asked-since.ts';
import type { KeptSchedule, MemberParts } from './member-parts.ts';

const Kept = z.object({
  move: ScheduledMove,
  idempotencyKey: z.string(),
  ...AskedAt.shape,
});
type Kept = z.infer<typeof Kept>;

/**
 * The one move that was asked of this member for a time of its own. It is on disk before it is answered, and judged
 * once a second beside the loop: it never delays a renewal, and asks for nothing that a person could not ask for.
 */
export class ScheduleKeeper implements KeptSchedule {
  readonly #parts: MemberParts;
  readonly #files: Files;
  readonly #path: string;
  #kept: Kept | null;

  constructor(parts: MemberParts, files: Files) {
    this.#parts = parts;
    this.#files = files;
    this.#path = join(parts.config.paths.state, 'schedule.json');
    const read = readDurable(this.#path, files);
    const parsed = read.ok ? Kept.safeParse(read.value) : null;
    this.#kept = parsed?.success ? parsed.data : null;
    if (this.#kept === null && (read.ok || read.error.kind === 'damaged')) {
      this.#tell('A scheduled move cannot be read any more, and will not be made.', 'agents', 'failed');
    }
  }

  /** What was asked for, waiting or ended; null: nothing. */
  move(): ScheduledMove | null {
    return this.#kept?.move ?? null;
  }

  /** Takes or cancels a scheduled move. The same key gets the same answer. */
  accept(facts: MemberFacts, command: Command, person: string): CommandAnswer {
    const before = this.#kept;
    if (command.verb === scheduleVerb && before?.idempotencyKey === command.idempotencyKey) {
      return { accepted: true, operation: before.move.id };
    }
    const asked =
      command.verb === scheduleVerb
        ? `${person} scheduled a ${command.move ?? 'move'} of ${this.#parts.config.cluster}${windowWords(command)}`
        : `${person} cancelled the scheduled move of ${this.#parts.config.cluster}`;
    const answer =
      command.verb === scheduleVerb ? this.#schedule(facts, command, person) : this.#cancel(command, person);
    const because = command.reason === '' ? '' : `, because: ${command.reason}`;
    this.#tell(
      answer.accepted ? `${asked}: accepted${because}.` : `${asked}: refused, ${answer.error.message}`,
      person,
      answer.accepted ? 'ok' : 'refused',
    );
    return answer;
  }

  /** Looks whether it is time. Answers whether something has changed. */
  turn(facts: MemberFacts): boolean {
    const kept = this.#kept;
    if (kept === null || kept.move.state !== 'waiting') return false;
    const { move } = kept;
    const verdict = judgeSchedule(move, this.#sight(facts, kept));
    if (verdict.kind === 'wait') {
      if (verdict.why === move.why) return false;
      // Only shown: what it waits for need not survive.
      this.#kept = { ...kept, move: { ...move, why: verdict.why } };
      return true;
    }
    if (verdict.kind === 'skip') this.#skip(verdict.why);
    else this.#begin(facts, kept);
    return true;
  }

  #sight(facts: MemberFacts, asked: AskedAt) {
    const { clock, memory, peer } = this.#parts;
    return {
      now: clock.wallTime(),
      epoch: memory.current().epoch,
      seenEpoch: Math.max(facts.lease.storeEpoch ?? 0, peer.facts(clock.bootMs()).status?.epoch ?? 0),
      held: facts.lease.held,
      blockers: changeBlockers(facts),
      block: facts.lease.block,
      clockSetByMs: clockSetByMs(clock, asked),
      peerAheadMs: peer.clockAheadMs(),
    };
  }

  /** At most once: what is written down as begun is never begun again, whatever happens then. */
  #begin(facts: MemberFacts, kept: Kept): void {
    const { move } = kept;
    const { config } = this.#parts;
    if (!this.#write({ ...kept, move: { ...move, state: 'begun', why: 'its time had come' } })) return;
    const command: Command = {
      ...{ verb: move.verb, cluster: config.cluster, target: move.to, epoch: move.epoch },
      idempotencyKey: `schedule-${move.id}`,
      reason: `scheduled${move.reason === '' ? '' : `: ${move.reason}`}`.slice(0, 500),
    };
    const answer = acceptCommand(this.#parts, facts, command, move.by);
    if (!answer.accepted) this.#skip(answer.error.message);
  }

  #skip(why: string): void {
    const kept = this.#kept!;
    const { cluster } = this.#parts.config;
    this.#write({ ...kept, move: { ...kept.move, state: 'skipped', why } });
    const sentence = `The scheduled ${kept.move.verb} of ${cluster} was skipped: ${why.replace(/\.$/, '')}.`;
    this.#tell(sentence, kept.move.by, 'failed', scheduleSkippedMark);
  }

  /** Why this move would not be kept now; null: it would. */
  refusal(facts: MemberFacts, command: Command): CommandAnswer | null {
    const { config, clock, memory } = this.#parts;
    const { window, move: verb, epoch, reason } = command;
    if (command.cluster !== config.cluster) {
      return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
    }
    if (window === undefined || verb === undefined)
      return refuse('request.invalid', 'What shall be done, or when, is not said.');
    if (reason.trim() === '') return refuse('request.invalid', 'The reason is not said.');
    if (command.target !== null && command.target !== config.peer.server) {
      const said = `${command.target} is not the other member of ${config.cluster}; that is ${config.peer.server}.`;
      return refuse('request.invalid', said);
    }
    const wrong = windowRefusal(window, clock.wallTime());
    if (wrong !== null) return refuse('command.refused', wrong.said, wrong.next);
    if (!facts.lease.held) {
      const said = `${config.serverName} is not Active for ${config.cluster}: only the Active keeps a scheduled move.`;
      return refuse('command.not-active', said);
    }
    if (epoch !== memory.current().epoch) {
      const said = `The command was prepared for epoch ${epoch}; it is ${memory.current().epoch} now.`;
      return refuse('command.revision', said);
    }
    if (this.#kept?.move.state === 'waiting') {
      const said = `${config.cluster} has a scheduled move already, by ${this.#kept.move.by}.`;
      return refuse(
        'command.refused',
        said,
        'Let it be cancelled first, if another one shall take its place.',
      );
    }
    return null;
  }

  #schedule(facts: MemberFacts, command: Command, person: string): CommandAnswer {
    const { config, clock } = this.#parts;
    const { window, move: verb, epoch, idempotencyKey, reason } = command;
    const refused = this.refusal(facts, command);
    if (refused !== null) return refused;
    if (window === undefined || verb === undefined)
      return refuse('request.invalid', 'What shall be done, or when, is not said.');
    const move: ScheduledMove = {
      ...{ id: randomUUID(), verb, to: config.peer.server, epoch, from: window.from, until: window.until },
      ...{ by: person, reason, state: 'waiting', why: '' },
    };
    const written = this.#write({ move, idempotencyKey, ...askedNow(clock) });
    if (written) return { accepted: true, operation: move.id };
    return refuse('command.refused', `${config.serverName} cannot write it down.`, 'Free space on its disk.');
  }

  #cancel({ schedule, cluster }: Command, person: string): CommandAnswer {
    const kept = this.#kept;
    if (kept === null || kept.move.state !== 'waiting') {
      return refuse('command.refused', `${cluster} has no scheduled move here.`, 'Look at what stands now.');
    }
    if (schedule !== undefined && schedule !== kept.move.id) {
      return refuse('command.revision', 'Another move has been scheduled since.');
    }
    const cancelled = { ...kept.move, state: 'cancelled' as const, why: `by ${person}` };
    if (this.#write({ ...kept, move: cancelled })) return { accepted: true, operation: kept.move.id };
    return refuse('command.refused', 'It cannot be written down.', 'Free space on the disk of that server.');
  }

  /** False: it could not be written, and nothing rests on it. */
  #write(kept: Kept): boolean {
    try {
      writeDurable(this.#path, kept, this.#files);
    } catch (error) {
      this.#tell(`The scheduled move could not be written: ${String(error)}.`, 'agents', 'failed');
      return false;
    }
    this.#kept = kept;
    return true;
  }

  #tell(
    sentence: string,
    requestedBy: string,
    result: 'ok' | 'refused' | 'failed',
    verdict: string | null = null,
  ): void {
    const { journal, memory } = this.#parts;
    const kind = result === 'failed' ? 'alarm' : 'command';
    journal.append({ kind, sentence, requestedBy, result, verdict, epoch: memory.current().epoch });
  }
}

function windowWords({ window }: Command): string {
  return window === undefined ? '' : ` between ${window.from} and ${window.until}`;
}

function refuse(code: ErrorCode, message: string, next?: string): CommandAnswer {
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}
