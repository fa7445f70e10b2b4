import { join } from 'node:path';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import {
  knownConditions,
  lastingConditions,
  openConditions,
  watchConditions,
  type WatchedConditions,
} from '../../shared/notifications/condition-watch.ts';
import { conditionsOf, eventOfCondition, type EventOrigin } from '../../shared/notifications/conditions.ts';
import { noteDelivered, noteFailed, noteTested } from '../../shared/notifications/attempt-ends.ts';
import {
  deliveryFailures,
  type DeliveryAnswer,
  type DeliveryFailure,
} from '../../shared/notifications/delivery.ts';
import type { NotificationEvent } from '../../shared/notifications/event.ts';
import { eventOfRecord, notificationMark, roleKey } from '../../shared/notifications/journal-events.ts';
import { placeOfTarget, type NotificationPolicy } from '../../shared/notifications/policy.ts';
import { keptQueue, openQueue, type NotificationQueue } from '../../shared/notifications/queue-state.ts';
import { queueEvent, takeDue, type DueDelivery } from '../../shared/notifications/queue.ts';
import { toldTarget } from '../../shared/notifications/tell-target.ts';
import { tellsForCluster, troublesOfPeer } from '../../shared/notifications/tells.ts';
import type { NotificationsTold, NotifyTestAnswer } from '../../shared/notifications/told.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { Files } from '../durable/files.ts';
import type { Journal } from '../journal/journal.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { readKept, writeKept } from './kept-notifications.ts';
import type { Deliver } from './run-delivery.ts';
import { SecretsFile } from './secrets-file.ts';

const lookEveryMs = 3_000;
/** More than an agent writes while it starts. */
const recordsCaughtUp = 200;

export interface NotifierPorts {
  readonly config: MemberConfig;
  readonly policy: NotificationPolicy;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly files: Files;
  readonly journal: Journal;
  readonly snapshot: () => MemberSnapshot;
  /** The epoch at the start: that it is Active under this one is no news. */
  readonly epoch: number;
  readonly deliver: Deliver;
  readonly acknowledgements: Pick<Acknowledgements, 'covers'>;
}

/**
 * Tells people, with the console closed, what this member's journal and snapshot say. It only reads what is decided
 * elsewhere; whatever goes wrong here is noted and tried again, and nothing waits for it.
 */
export class Notifier {
  readonly secrets: SecretsFile;
  private readonly ports: NotifierPorts;
  private readonly path: string;
  private readonly endLooks: CancelTimer;
  private readonly endListening: () => void;
  private queue: NotificationQueue;
  private watched: WatchedConditions;
  /** Grows with every condition that is told, so that each occurrence has a key of its own. */
  private nth: number;
  /** Number of the last record that was looked at. */
  private seq: number;
  private written = '';
  private notKept: string | null = null;
  private heartbeatMs: number;
  private testing = false;
  private closed = false;

  constructor(ports: NotifierPorts) {
    const { config, policy, clock, timers, files, journal } = ports;
    const nowMs = clock.bootMs();
    this.ports = ports;
    this.path = join(config.paths.state, 'notifications.json');
    this.secrets = new SecretsFile(join(config.paths.state, 'notification-secrets.json'), files);
    const { kept, damaged } = readKept(this.path, files);
    this.queue = openQueue(policy, kept?.queue ?? null, nowMs);
    if (kept === null) this.queue = { ...this.queue, keys: [roleKey(config.cluster, ports.epoch)] };
    this.watched = knownConditions(kept?.lasting ?? [], nowMs);
    this.nth = kept?.nth ?? 0;
    this.heartbeatMs = nowMs;
    if (damaged !== null) this.note(`What waited to be told to people is lost: ${damaged}.`);
    this.seq = Math.min(kept?.seq ?? journal.head(), journal.head());
    this.catchUp(kept?.seq);
    this.endListening = journal.onAppend((record) => timers.soon(() => this.take(record)));
    this.endLooks = timers.every(lookEveryMs, () => this.look());
  }

  close(): void {
    this.closed = true;
    this.endListening();
    this.endLooks();
    this.keep();
  }

  /** How the targets stand, for snapshots. */
  told(): NotificationsTold {
    const { policy, clock, config } = this.ports;
    const nowMs = clock.bootMs();
    const targets = policy.targets.map((target) => ({
      ...toldTarget(target, this.queue.targets[target.id]!, { nowMs, site: config.siteId }),
      secrets: [...this.secrets.has(target.id)],
    }));
    return { targets, notKept: this.notKept };
  }

  /** Sends a test to every target, or to the named one, one after another. Null: another test is under way. */
  async test(by: string, only: string | undefined): Promise<NotifyTestAnswer | null> {
    if (this.testing) return null;
    this.testing = true;
    try {
      const { policy, clock } = this.ports;
      const results: NotifyTestAnswer['results'] = [];
      for (const target of policy.targets.filter(({ id }) => only === undefined || id === only)) {
        const startedMs = clock.bootMs();
        const message = this.testMessage(by, target.id);
        const answer = await this.ports.deliver({
          target,
          secrets: this.secrets.of(target.id),
          message,
          attempt: 1,
        });
        const trouble = troubleOf(answer);
        const failure = trouble === null ? null : { ...trouble, next: deliveryFailures[trouble.code] };
        const nowMs = clock.bootMs();
        const tookMs = Math.round(nowMs - startedMs);
        const end = { nowMs, at: clock.wallTime(), failure: trouble };
        this.queue = noteTested(this.queue, target.id, end);
        results.push({ target: target.id, place: placeOfTarget(target), tookMs, failure });
      }
      const arrived = results.filter(({ failure }) => failure === null).length;
      this.note(`${by} has tried the notifications: ${arrived} of ${results.length} arrived.`);
      if (!this.closed) this.keep();
      return { results };
    } finally {
      this.testing = false;
    }
  }

  private testMessage(by: string, target: string) {
    const { config, clock } = this.ports;
    const event: NotificationEvent = {
      kind: 'test',
      severity: 'info',
      phase: 'happened',
      key: 'test',
      sentence: `Test message of ${config.cluster} from ${config.serverName}, asked for by ${by}.`,
      ruleId: null,
      ...this.origin(0),
    };
    const id = `${this.prefix()}-test-${Math.round(clock.bootMs())}-${target}`;
    return { id, site: config.siteId, events: [event], dropped: 0 };
  }

  private origin(epoch: number): EventOrigin {
    const { config, clock } = this.ports;
    const { cluster, server, serverName } = config;
    return { cluster, server, serverName, epoch, at: clock.wallTime() };
  }

  private prefix(): string {
    const { cluster, server } = this.ports.config;
    return `${cluster}-${server}`;
  }

  /** What was written since the last record that was looked at, such as by this agent while it started. */
  private catchUp(seq: number | undefined): void {
    const { journal, config, timers } = this.ports;
    if (seq === undefined || seq > journal.head()) return;
    for (const record of journal.read(seq + 1, recordsCaughtUp).records) {
      // What both members saw the other one has told.
      if (eventOfRecord(record, config.serverName)?.ofCluster === false) timers.soon(() => this.take(record));
    }
  }

  /** Never throws: it runs beside what decides. */
  private take(record: JournalRecord): void {
    if (this.closed) return;
    this.seq = Math.max(this.seq, record.seq);
    this.guarded(() => {
      const { snapshot, config } = this.ports;
      const found = eventOfRecord(record, config.serverName);
      if (found === null || (found.ofCluster && !tellsForCluster(snapshot()))) return;
      this.offer(found.event);
      this.keep();
    });
  }

  private look(): void {
    this.guarded(() => {
      const { clock, acknowledgements } = this.ports;
      const nowMs = clock.bootMs();
      const snapshot = this.ports.snapshot();
      const tells = tellsForCluster(snapshot);
      const { watched, changes } = watchConditions(this.watched, conditionsOf(snapshot), {
        nowMs,
        tells,
        isKnown: (condition) => acknowledgements.covers(condition),
      });
      this.watched = watched;
      for (const { condition, phase } of changes) {
        this.nth += 1;
        this.offer(eventOfCondition(condition, phase, this.origin(snapshot.lease.epoch), this.nth));
      }
      if (tells) this.heartbeat(snapshot, nowMs);
      this.deliverDue(nowMs);
      this.keep();
    });
  }

  /** Tells that somebody watches, and what lasts. Its absence is what tells that nobody does. */
  private heartbeat(snapshot: MemberSnapshot, nowMs: number): void {
    const { cluster, decision, lease } = snapshot;
    const { allWellHours } = this.ports.policy;
    if (allWellHours === undefined || nowMs - this.heartbeatMs < allWellHours * 3_600_000) return;
    this.heartbeatMs = nowMs;
    this.nth += 1;
    const lasting = [
      ...openConditions(this.watched).map(({ sentence }) => sentence),
      ...troublesOfPeer(snapshot),
    ];
    const sentence =
      lasting.length === 0
        ? `${cluster}: all is well. ${decision.headline}.`
        : `${cluster}: ${lasting.length === 1 ? '1 thing asks' : `${lasting.length} things ask`} for attention. ${lasting.join(' ')}`.slice(
            0,
            1_000,
          );
    this.offer({
      kind: 'all-well',
      severity: lasting.length === 0 ? 'info' : 'warn',
      phase: 'happened',
      key: `${this.prefix()}/all-well/${this.nth}`,
      sentence,
      ruleId: decision.ruleId,
      ...this.origin(lease.epoch),
    });
  }

  private offer(event: NotificationEvent): void {
    const { policy, clock } = this.ports;
    this.queue = queueEvent(this.queue, policy, event, clock.bootMs());
  }

  private deliverDue(nowMs: number): void {
    const { policy, config } = this.ports;
    const taken = takeDue(this.queue, policy, { nowMs, prefix: this.prefix(), site: config.siteId });
    this.queue = taken.queue;
    if (taken.due !== null) void this.deliverOne(taken.due);
  }

  private async deliverOne({ target, message, attempt }: DueDelivery): Promise<void> {
    const secrets = this.secrets.of(target.id);
    const answer = await this.ports.deliver({ target, secrets, message, attempt });
    if (this.closed) return;
    this.guarded(() => {
      const { clock } = this.ports;
      const now = { nowMs: clock.bootMs(), at: clock.wallTime() };
      const failedBefore = this.queue.targets[target.id]?.lastFailure ?? null;
      this.queue = answer.ok
        ? noteDelivered(this.queue, target.id, { ...now, partly: answer.partly })
        : noteFailed(this.queue, target.id, { failure: answer.failure, ...now });
      this.tellChange(target.id, failedBefore, this.queue.targets[target.id]?.lastFailure ?? null);
      this.keep();
    });
  }

  /** The journal has the first failure and the end of it, not every attempt between. */
  private tellChange(target: string, before: DeliveryFailure | null, now: DeliveryFailure | null): void {
    if (now === null && before !== null) this.note(`Notifications to ${target} arrive again.`);
    if (now === null || before?.code === now.code) return;
    this.note(
      `A notification to ${target} did not arrive everywhere: ${now.sentence} ${deliveryFailures[now.code]}`,
    );
  }

  private note(sentence: string): void {
    this.ports.journal.append({ kind: 'agent', verdict: notificationMark, sentence });
  }

  /** What waits survives a restart. A disk that refuses is told once and tried again with the next look. */
  private keep(): void {
    const kept = {
      queue: keptQueue(this.queue),
      lasting: lastingConditions(this.watched),
      nth: this.nth,
    };
    const text = JSON.stringify(kept);
    // That a record was looked at is no reason to write: it would only be looked at again.
    if (text === this.written) return;
    try {
      writeKept(this.path, { ...kept, seq: this.seq }, this.ports.files);
      this.written = text;
      this.notKept = null;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      if (this.notKept === null) this.note(`What waits to be told to people cannot be kept on disk: ${why}.`);
      this.notKept = why;
    }
  }

  private guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.note(`Notifications made a mistake: ${String(error).slice(0, 200)}`);
    }
  }
}

/** Null: everybody has it. */
function troubleOf(answer: DeliveryAnswer): DeliveryFailure | null {
  return answer.ok ? (answer.partly ?? null) : answer.failure;
}
