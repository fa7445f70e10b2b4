import { describe, expect, it } from 'vitest';
import { noteDelivered, noteFailed } from '../../../shared/notifications/attempt-ends.ts';
import type { DeliveryFailure } from '../../../shared/notifications/delivery.ts';
import type { NotificationEvent } from '../../../shared/notifications/event.ts';
import { subjectOf } from '../../../shared/notifications/message.ts';
import type { NotificationPolicy } from '../../../shared/notifications/policy.ts';
import {
  keptQueue,
  KeptQueue,
  openQueue,
  type NotificationQueue,
} from '../../../shared/notifications/queue-state.ts';
import { heldAtMost, queueEvent, takeDue } from '../../../shared/notifications/queue.ts';
import { urgentPerHour } from '../../../shared/notifications/urgency.ts';
import { desk, eventOf, nurse, policyOf } from './sample-events.ts';

/**
 * Goal: every event reaches every target that wants it, few messages tell many events, and a target that takes nothing
 * costs a bounded amount. Method: the reducer, driven by hand with its own clock.
 */
const at = '2026-03-01T02:00:00.000Z';
const failure: DeliveryFailure = { code: 'connection-refused', sentence: 'Nobody listens.' };

class Driver {
  queue: NotificationQueue;
  nowMs = 1_000;
  readonly policy: NotificationPolicy;

  constructor(policy: NotificationPolicy, kept: KeptQueue | null = null) {
    this.policy = policy;
    this.queue = openQueue(policy, kept, this.nowMs);
  }

  offer(...keys: string[]): void {
    for (const key of keys) this.queue = queueEvent(this.queue, this.policy, eventOf(key), this.nowMs);
  }

  tell(key: string, changed: Partial<NotificationEvent>): void {
    this.queue = queueEvent(this.queue, this.policy, eventOf(key, changed), this.nowMs);
  }

  take() {
    const taken = takeDue(this.queue, this.policy, { nowMs: this.nowMs, prefix: 'WK1-north', site: 'bench' });
    this.queue = taken.queue;
    return taken.due;
  }

  fail(target = 'desk', code: DeliveryFailure['code'] = failure.code): void {
    this.queue = noteFailed(this.queue, target, { failure: { ...failure, code }, nowMs: this.nowMs, at });
  }

  arrive(target = 'desk'): void {
    this.queue = noteDelivered(this.queue, target, { nowMs: this.nowMs, at });
  }

  /** Milliseconds until something is due. */
  waitForDue(): number {
    const startedMs = this.nowMs;
    while (this.nowMs < startedMs + 90 * 3_600_000) {
      const before = this.queue;
      if (this.take() !== null) {
        this.queue = before;
        return this.nowMs - startedMs;
      }
      this.nowMs += 1_000;
    }
    return Number.POSITIVE_INFINITY;
  }
}

describe('the queue of notifications', () => {
  it('waits for the quiet time, and tells in one message what happened within it', () => {
    const driver = new Driver(policyOf(desk));
    driver.offer('one');
    driver.nowMs += 19_000;
    driver.offer('two');
    expect(driver.take()).toBeNull();
    driver.nowMs += 1_000;
    const due = driver.take();
    expect(due?.message.events.map(({ key }) => key)).toEqual(['one', 'two']);
    expect(due?.message.id).toBe('WK1-north-1');
    expect(driver.take()).toBeNull();
  });

  it('tells nothing twice', () => {
    const driver = new Driver(policyOf(desk));
    driver.offer('one', 'one');
    driver.nowMs += 20_000;
    expect(driver.take()?.message.events).toHaveLength(1);
    driver.arrive();
    driver.offer('one');
    expect(driver.waitForDue()).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives each target what it asks for, and heartbeats to all', () => {
    const driver = new Driver(policyOf(desk, nurse));
    driver.offer('warning');
    driver.queue = queueEvent(
      driver.queue,
      driver.policy,
      eventOf('beat', { kind: 'all-well' }),
      driver.nowMs,
    );
    driver.queue = queueEvent(
      driver.queue,
      driver.policy,
      eventOf('bad', { severity: 'danger' }),
      driver.nowMs,
    );
    driver.nowMs += 20_000;
    const told = [driver.take(), driver.take()].map((due) => [
      due?.target.id,
      due?.message.events.map(({ key }) => key),
    ]);
    expect(told).toEqual([
      ['desk', ['warning', 'beat', 'bad']],
      ['nurse', ['beat', 'bad']],
    ]);
  });

  it('tries the same message again after a time that grows, and gathers the rest meanwhile', () => {
    const driver = new Driver(policyOf(desk));
    driver.offer('one');
    driver.nowMs += 20_000;
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const due = driver.take();
      expect(due?.attempt).toBe(attempt);
      expect(due?.message.events.map(({ key }) => key)).toEqual(['one']);
      driver.fail();
      driver.offer(`later ${attempt}`);
      waits.push(driver.waitForDue() / 1_000);
    }
    expect(waits).toEqual([10, 30, 60, 120, 300, 600, 600, 600]);
    driver.take();
    driver.arrive();
    expect(driver.take()?.message.events).toHaveLength(8);
  });

  it('gives a message up after a day and says in the next one that something is missing', () => {
    const driver = new Driver(policyOf(desk));
    driver.offer('one');
    driver.nowMs += 20_000;
    driver.take();
    driver.nowMs += 24 * 3_600_000;
    driver.fail();
    driver.offer('two');
    driver.nowMs += 700_000;
    const due = driver.take();
    expect(due?.message.events.map(({ key }) => key)).toEqual(['two']);
    expect(due?.message.dropped).toBe(1);
  });

  it('does not let a message that is refused again and again keep newer ones back, and counts all that is missing', () => {
    const driver = new Driver(policyOf(desk));
    driver.offer('one');
    driver.nowMs += 20_000;
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      expect(driver.take()?.message.events.map(({ key }) => key)).toEqual(['one']);
      driver.fail('desk', 'refused');
      driver.waitForDue();
    }
    // With nothing else to tell it stays what is tried.
    driver.offer('two');
    driver.take();
    driver.fail('desk', 'refused');
    driver.waitForDue();
    const second = driver.take();
    expect(second?.message).toMatchObject({ events: [{ key: 'two' }], dropped: 1 });
    for (const key of ['three', 'four', 'five']) {
      driver.offer(key);
      driver.fail('desk', 'refused');
      driver.waitForDue();
      if (key !== 'five') driver.take();
    }
    expect(driver.take()?.message).toMatchObject({
      events: [{ key: 'three' }, { key: 'four' }, { key: 'five' }],
      dropped: 2,
    });
  });

  it('makes no message that is too large to be taken, and tells what is dangerous first', () => {
    const driver = new Driver(policyOf(desk));
    for (let count = 1; count <= 40; count += 1) driver.tell(`w${count}`, { severity: 'warn' });
    driver.tell('bad', { severity: 'danger' });
    driver.nowMs += 60_000;
    const first = driver.take()?.message.events.map(({ key }) => key) ?? [];
    expect(first).toHaveLength(30);
    expect(first.at(-1)).toBe('bad');
    driver.arrive();
    driver.waitForDue();
    expect(driver.take()?.message.events).toHaveLength(11);
  });

  it('sends no more than the limit within an hour; what is beyond goes into one later message', () => {
    const driver = new Driver(policyOf(desk));
    for (const key of ['a', 'b', 'c']) {
      driver.offer(key);
      driver.nowMs += 20_000;
      expect(driver.take()).not.toBeNull();
      driver.arrive();
    }
    driver.offer('d');
    driver.nowMs += 60_000;
    driver.offer('e');
    expect(driver.waitForDue()).toBeGreaterThan(50 * 60_000);
    expect(driver.take()?.message.events.map(({ key }) => key)).toEqual(['d', 'e']);
  });

  /** Has so many messages arrive, each with one event of this kind, within a few minutes. */
  function flood(driver: Driver, changed: Partial<NotificationEvent>, times: number): void {
    for (let time = 1; time <= times; time += 1) {
      driver.tell(`${changed.kind ?? 'alarm'} ${time}`, changed);
      driver.nowMs += 20_000;
      expect(driver.take()).not.toBeNull();
      driver.arrive();
    }
  }

  it('tells CONFLICT and that it waits for a person at once, though flapping warnings have used the hour up', () => {
    for (const kind of ['conflict', 'ask-person'] as const) {
      const driver = new Driver(policyOf(desk));
      flood(driver, {}, 3);
      driver.offer('one warning more');
      driver.nowMs += 120_000;
      expect(driver.take()).toBeNull();
      driver.tell('severe', { kind, severity: 'danger', phase: 'began' });
      const due = driver.take();
      expect(due?.message.events.map(({ key }) => key)).toEqual(['one warning more', 'severe']);
      expect(subjectOf(due!.message)).toContain('[ALARM]');
      driver.arrive();
      // That it is over can wait, and so can a warning.
      driver.tell('over', { kind, severity: 'info', phase: 'ended' });
      driver.offer('and another warning');
      expect(driver.waitForDue()).toBeGreaterThan(50 * 60_000);
    }
  });

  it('bounds a flood of one severe kind as well, which keeps no other kind back', () => {
    const driver = new Driver(policyOf(desk));
    const flapping = { kind: 'peer-silent', severity: 'danger', phase: 'began' } as const;
    flood(driver, flapping, urgentPerHour);
    driver.tell('once more', flapping);
    driver.nowMs += 60_000;
    expect(driver.take()).toBeNull();
    driver.tell('severe', { kind: 'conflict', severity: 'danger', phase: 'began' });
    expect(driver.take()?.message.events).toHaveLength(2);
  });

  it('has an urgent alarm wait for 20 seconds at most, whatever the quiet time', () => {
    const driver = new Driver({ ...policyOf(desk), quietSeconds: 3_600 });
    driver.offer('warning');
    expect(driver.waitForDue()).toBe(3_600_000);
    driver.tell('severe', { kind: 'conflict', severity: 'danger', phase: 'began' });
    expect(driver.waitForDue()).toBe(0);
    const other = new Driver({ ...policyOf(desk), quietSeconds: 3_600 });
    other.tell('severe', { kind: 'conflict', severity: 'danger', phase: 'began' });
    expect(other.waitForDue()).toBe(20_000);
  });

  it('gives up warnings before an alarm that is severe', () => {
    const driver = new Driver(policyOf(desk));
    driver.tell('severe', { kind: 'conflict', severity: 'danger', phase: 'began' });
    driver.offer(...Array.from({ length: heldAtMost + 7 }, (_, index) => `event ${index}`));
    driver.nowMs += 20_000;
    const { events, dropped } = driver.take()!.message;
    expect([events.length + driver.queue.targets['desk']!.held.length, dropped]).toEqual([heldAtMost, 8]);
    expect(events.map(({ key }) => key).slice(0, 2)).toEqual(['severe', 'event 8']);
  });

  it('keeps a bounded number of events, the newest, and counts the others', () => {
    const driver = new Driver(policyOf(desk));
    driver.offer(...Array.from({ length: heldAtMost + 7 }, (_, index) => `event ${index}`));
    driver.nowMs += 20_000;
    const due = driver.take();
    expect(due!.message.events.length + driver.queue.targets['desk']!.held.length).toBe(heldAtMost);
    expect(due?.message.events[0]?.key).toBe('event 7');
    expect(due?.message.dropped).toBe(7);
  });

  it('goes on after a restart with what waited and with the message that was under way', () => {
    const driver = new Driver(policyOf(desk, nurse));
    driver.offer('one');
    driver.nowMs += 20_000;
    driver.take();
    driver.offer('two');
    const onDisk = KeptQueue.parse(JSON.parse(JSON.stringify(keptQueue(driver.queue))));
    const again = new Driver(policyOf(desk), onDisk);
    again.offer('one');
    expect(again.take()?.message).toMatchObject({ id: 'WK1-north-1', events: [{ key: 'one' }] });
    again.arrive();
    again.nowMs += 20_000;
    expect(again.take()?.message).toMatchObject({ id: 'WK1-north-2', events: [{ key: 'two' }] });
    expect(Object.keys(again.queue.targets)).toEqual(['desk']);
  });
});
