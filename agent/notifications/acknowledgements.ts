import * as z from 'zod/mini';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import {
  Acknowledgement,
  type AcknowledgeOrder,
  type ToldAcknowledgement,
} from '../../shared/notifications/acknowledgement.ts';
import { conditionsOf, type Condition } from '../../shared/notifications/conditions.ts';
import {
  acknowledgementOf,
  heldStill,
  markOf,
  type HeldAcknowledgement,
} from '../../shared/notifications/known-conditions.ts';
import { notificationMark } from '../../shared/notifications/journal-events.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';
import type { Journal } from '../journal/journal.ts';

const lookEveryMs = 3_000;
const Kept = z.object({ acknowledged: z.array(Acknowledgement) });

export interface AcknowledgementPorts {
  /** Where they are kept: they survive a restart. */
  readonly path: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly journal: Journal;
  readonly snapshot: () => MemberSnapshot;
}

/** What people have said that they know of. Nothing that decides asks for it: it only keeps people from being told again. */
export class Acknowledgements {
  private readonly ports: AcknowledgementPorts;
  private held: readonly HeldAcknowledgement[];
  private endLooks: CancelTimer | null = null;

  constructor(ports: AcknowledgementPorts) {
    this.ports = ports;
    const read = readDurable(ports.path, ports.files);
    const kept = Kept.safeParse(read.ok ? read.value : undefined);
    // A damaged file costs a message too many, not one too few.
    const said = kept.success ? kept.data.acknowledged : [];
    this.held = said.map((one) => ({ said: one, atMs: null, goneMs: null }));
    this.watch();
  }

  close(): void {
    this.endLooks?.();
    this.endLooks = null;
  }

  told(): ToldAcknowledgement[] {
    const nowMs = this.ports.clock.bootMs();
    return this.held.map(({ said, atMs }) => ({ ...said, agoMs: atMs === null ? null : nowMs - atMs }));
  }

  /** Whether people know of it as it is now. */
  covers(condition: Condition): boolean {
    const said = this.held.map((one) => one.said);
    return acknowledgementOf(said, condition) !== undefined;
  }

  /** `by`: who says so. Errors: alarm.changed (nothing of that name is as it was seen), alarm.not-kept. */
  take({ name, mark, comment }: AcknowledgeOrder, by: string): Result<string[], ProductError> {
    const { clock, snapshot } = this.ports;
    const condition = conditionsOf(snapshot()).find((one) => one.name === name);
    const others = this.held.filter(({ said }) => said.name !== name);
    if (comment === null) return this.put(others, `${by} has taken back that ${name} is known of.`);
    if (condition === undefined)
      return fail(productError('alarm.changed', `${name} is over on this member.`));
    if (markOf(condition) !== mark) {
      return fail(productError('alarm.changed', `It is another alarm by now: ${condition.sentence}`));
    }
    const said = { name, mark, by, at: clock.wallTime(), comment };
    const next = [...others, { said, atMs: clock.bootMs(), goneMs: null }];
    return this.put(next, `${by} knows of it: ${condition.sentence} Comment: ${comment}`);
  }

  private put(next: readonly HeldAcknowledgement[], sentence: string): Result<string[], ProductError> {
    try {
      this.write(next);
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown';
      return fail(productError('alarm.not-kept', `It cannot be written on this server: ${why}.`));
    }
    this.ports.journal.append({ kind: 'agent', verdict: notificationMark, sentence });
    this.watch();
    return succeed(this.held.map(({ said }) => said.name));
  }

  private write(next: readonly HeldAcknowledgement[]): void {
    const { path, files } = this.ports;
    writeDurable(path, { acknowledged: next.map(({ said }) => said) }, files);
    this.held = next;
  }

  /** Looks only while there is something to look at. */
  private watch(): void {
    if (this.held.length > 0) this.endLooks ??= this.ports.timers.every(lookEveryMs, () => this.look());
    else this.close();
  }

  private look(): void {
    const { clock, snapshot } = this.ports;
    const next = heldStill(this.held, conditionsOf(snapshot()), clock.bootMs());
    if (next.length === this.held.length) {
      this.held = next;
      return;
    }
    try {
      this.write(next);
    } catch {
      // On disk is then one too many, which its mark keeps from covering anything else.
      this.held = next;
    }
    this.watch();
  }
}
