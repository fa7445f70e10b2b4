/**
 * Has the other server cut off from the shared directory when this member takes over from one that cannot say that its
 * engine is stopped, and lets it in again once it says so. Nothing here decides who is Active: the lease does. What is
 * done is on disk before it is done, so that a server is not forgotten outside.
 */
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { CutFacts, ObservedRole } from '../../shared/agent-api/member-snapshot.ts';
import type { Clock, Timers } from '../../shared/clock.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';
import { pause } from '../system-timers.ts';
import type { CutProgram } from '../storage/cut-program.ts';

const Record = z.object({
  epoch: z.int(),
  outcome: z.enum(['under-way', 'cut', 'not-cut']),
  wallTime: z.string(),
  seen: z.string(),
});
type Record = z.infer<typeof Record>;

/** What the other member tells of itself, as far as it is heard; null: it is not. */
export interface OtherTells {
  /** The last one that it was granted itself. */
  readonly epoch: number;
  readonly role: ObservedRole;
  readonly engineRunning: boolean | null;
}

export interface CutKeeperPorts {
  readonly program: CutProgram;
  readonly stateFolder: string;
  readonly otherName: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly other: () => OtherTells | null;
  /** For the journal. */
  readonly note: (sentence: string, fine: boolean) => void;
}

/** How long it waits before it tries once more to let the other server in. */
const againMs = 30_000;
/** Its program is looked at by its name, not run. */
const lookAtProgramMs = 30_000;

export class CutKeeper {
  private readonly ports: CutKeeperPorts;
  /** What was last told of it. */
  private told = '';
  private record: Record | null;
  /** One call of the program after the other. */
  private working: Promise<void> = Promise.resolve();
  private letsIn = false;
  private tryAgainMs = 0;
  private notLetIn: string | null = null;
  private trouble: string | null = null;
  private troubleAtMs = -Infinity;

  constructor(ports: CutKeeperPorts) {
    this.ports = ports;
    this.record = this.read();
  }

  /** Begins to cut the other server off, unless it says itself that its engine is stopped. Waits for nothing. */
  begin(epoch: number): void {
    const { program, otherName, note, clock, other } = this.ports;
    if (other()?.engineRunning === false) return;
    const kept = this.keep({ epoch, outcome: 'under-way', wallTime: clock.wallTime(), seen: '' });
    if (!kept)
      return note(`${otherName} is not cut off from the storage: that cannot be kept on disk.`, false);
    this.notLetIn = null;
    this.work(async () => {
      const startedMs = clock.bootMs();
      const done = await program.run('cut', epoch);
      const tookMs = Math.round(clock.bootMs() - startedMs);
      const seen = done.ok ? `${done.value}, after ${tookMs} ms` : done.error;
      this.keep({ epoch, outcome: done.ok ? 'cut' : 'not-cut', wallTime: clock.wallTime(), seen });
      note(this.sentence(), done.ok);
    });
  }

  /**
   * What became of it under this epoch, as a part of a sentence, once it has ended or has taken its time; null: nothing
   * was begun. A takeover goes on whatever it was: the lease has ended in any case.
   */
  async settled(epoch: number): Promise<string | null> {
    if (this.record?.epoch !== epoch) return null;
    await Promise.race([this.working, pause(this.ports.timers, this.ports.program.limitMs)]);
    return this.sentence().replace(/\.$/, '');
  }

  /** Looks whether the other server may be let in again. Answers whether something has changed. */
  turn(): boolean {
    const { record, letsIn } = this;
    const nowMs = this.ports.clock.bootMs();
    this.lookAtProgram(nowMs);
    const ended = record !== null && record.outcome !== 'under-way';
    if (ended && !letsIn && nowMs >= this.tryAgainMs && this.mayComeIn(record)) {
      this.letsIn = true;
      this.work(() => this.letIn(record));
    }
    const before = this.told;
    this.told = JSON.stringify(this.facts());
    return this.told !== before;
  }

  facts(): CutFacts {
    const { program, otherName } = this.ports;
    const other = this.record && { ...this.record, name: otherName, notLetIn: this.notLetIn };
    return { program: program.path, trouble: this.trouble, other };
  }

  /**
   * It is Passive and runs nothing: from there on it writes only under a lease of its own. Or the lease store has granted
   * it a later epoch since.
   */
  private mayComeIn({ epoch }: Record): boolean {
    const other = this.ports.other();
    if (other === null) return false;
    return other.epoch > epoch || (other.role === 'passive' && other.engineRunning === false);
  }

  private async letIn(record: Record): Promise<void> {
    const { program, otherName, note, clock } = this.ports;
    const done = await program.run('allow', record.epoch);
    this.letsIn = false;
    if (!done.ok) {
      if (this.notLetIn === null)
        note(`${otherName} could not be let in to the storage again: ${done.error}.`, false);
      this.notLetIn = done.error;
      this.tryAgainMs = clock.bootMs() + againMs;
      return;
    }
    // Another takeover may have begun meanwhile: its cut comes after this one, and is not forgotten.
    if (this.record === record) this.keep(null);
    this.notLetIn = null;
    note(`${otherName} is let in to the storage again: ${done.value}.`, true);
  }

  private sentence(): string {
    const { otherName } = this.ports;
    const { outcome, seen } = this.record ?? { outcome: 'under-way', seen: '' };
    if (outcome === 'cut') return `${otherName} is cut off from the storage: ${seen}.`;
    if (outcome === 'not-cut') return `${otherName} could not be cut off from the storage: ${seen}.`;
    return `${otherName} is not known to be cut off from the storage yet.`;
  }

  private work(task: () => Promise<void>): void {
    this.working = this.working
      .then(task)
      .catch((error: unknown) => this.ports.note(`Cutting off the storage broke: ${String(error)}.`, false));
  }

  /** Without its program nobody is cut off: that is to be known before it is needed. */
  private lookAtProgram(nowMs: number): void {
    if (nowMs - this.troubleAtMs < lookAtProgramMs) return;
    this.troubleAtMs = nowMs;
    void this.ports.program.trouble().then((found) => (this.trouble = found));
  }

  private get path(): string {
    return join(this.ports.stateFolder, 'storage-cut.json');
  }

  private read(): Record | null {
    const { files, note } = this.ports;
    const read = readDurable(this.path, files);
    if (!read.ok) {
      if (read.error.kind === 'damaged')
        note(`Who was cut off from the storage is not known: ${read.error.why}.`, false);
      return null;
    }
    const record = z.nullable(Record).safeParse(read.value);
    if (!record.success || record.data === null) return null;
    // What this agent was at when it ended may have been done or not: it is let in all the same, once that is safe.
    return record.data.outcome === 'under-way'
      ? { ...record.data, outcome: 'not-cut', seen: 'the agent ended meanwhile' }
      : record.data;
  }

  private keep(record: Record | null): boolean {
    try {
      writeDurable(this.path, record, this.ports.files);
    } catch {
      return false;
    }
    this.record = record;
    return true;
  }
}
