import { describe, expect, it } from 'vitest';
import { noteDelivered, noteFailed } from '../../../shared/notifications/attempt-ends.ts';
import type { PartlyRefused } from '../../../shared/notifications/delivery.ts';
import { lateAtMost } from '../../../shared/notifications/late-recipients.ts';
import {
  keptQueue,
  KeptQueue,
  openQueue,
  type NotificationQueue,
} from '../../../shared/notifications/queue-state.ts';
import { queueEvent, takeDue } from '../../../shared/notifications/queue.ts';
import { toldTarget } from '../../../shared/notifications/tell-target.ts';
import { eventOf, policyOf, post } from './sample-events.ts';

/**
 * Goal: whoever was refused for now gets the mail, nobody gets it twice, and nobody else waits for it. Method: the queue of
 * one mail target with two recipients, driven by hand with its own clock.
 */
const at = '2026-03-01T02:00:00.000Z';
const [one = '', two = ''] = post.to;
const greylisted: PartlyRefused = {
  code: 'refused-for-now',
  sentence: `Refused for now: ${two}.`,
  again: [two],
};
const unknown: PartlyRefused = { code: 'refused', sentence: `Refused: ${two}.` };

class Driver {
  nowMs = 1_000;
  queue: NotificationQueue = openQueue(policyOf(post), null, this.nowMs);

  /** Whom the next message goes to, and its events; null: nothing is due. */
  take(): { to: readonly string[]; keys: string[]; attempt: number; id: string } | null {
    const { queue, due } = takeDue(this.queue, policyOf(post), {
      nowMs: this.nowMs,
      prefix: 'WK1-north',
      site: 'bench',
    });
    this.queue = queue;
    if (due?.target.kind !== 'mail') return null;
    const { target, message, attempt } = due;
    return { to: target.to, keys: message.events.map(({ key }) => key), attempt, id: message.id };
  }

  arrive(partly?: PartlyRefused): void {
    this.queue = noteDelivered(this.queue, post.id, { nowMs: this.nowMs, at, partly });
  }

  fail(failure: PartlyRefused): void {
    this.queue = noteFailed(this.queue, post.id, { failure, nowMs: this.nowMs, at });
  }

  /** One message with this event, so far as its first attempt. */
  send(key: string, partly?: PartlyRefused): void {
    this.queue = queueEvent(this.queue, policyOf(post), eventOf(key, { severity: 'danger' }), this.nowMs);
    this.nowMs += 20_000;
    expect(this.take()).toMatchObject({ to: [one, two], keys: [key] });
    this.arrive(partly);
  }

  told() {
    return toldTarget(post, this.queue.targets[post.id]!, { nowMs: this.nowMs, site: 'bench' });
  }
}

describe('mail that some recipients were refused', () => {
  it('is tried again for those refused for now alone, after a time that grows, until they have it', () => {
    const driver = new Driver();
    driver.send('first', greylisted);
    expect(driver.take()).toBeNull();
    expect(driver.told()).toMatchObject({
      waiting: 1,
      nextTryInMs: 10_000,
      failure: { code: 'refused-for-now', attempts: 1, agoMs: 0 },
    });
    driver.nowMs += 10_000;
    expect(driver.take()).toEqual({ to: [two], keys: ['first'], attempt: 2, id: 'WK1-north-1' });
    expect(driver.take()).toBeNull();
    driver.fail({ code: 'refused-for-now', sentence: 'Still.' });
    driver.nowMs += 29_000;
    expect(driver.take()).toBeNull();
    driver.nowMs += 1_000;
    expect(driver.take()).toMatchObject({ to: [two], attempt: 3 });
    driver.arrive();
    expect(driver.told()).toMatchObject({ waiting: 0, nextTryInMs: null, failure: null });
    driver.nowMs += 48 * 3_600_000;
    expect(driver.take()).toBeNull();
  });

  it('is not tried again for those refused for good, which is told', () => {
    const driver = new Driver();
    driver.send('first', unknown);
    expect(driver.told()).toMatchObject({ waiting: 0, failure: { code: 'refused' } });
    driver.nowMs += 48 * 3_600_000;
    expect(driver.take()).toBeNull();
    // Also when that is what a later attempt says.
    driver.send('second', greylisted);
    driver.nowMs += 10_000;
    driver.take();
    driver.fail({ code: 'refused', sentence: 'Nobody here.' });
    expect(driver.told()).toMatchObject({ waiting: 0, failure: { code: 'refused' } });
    driver.nowMs += 48 * 3_600_000;
    expect(driver.take()).toBeNull();
  });

  it('keeps nothing back that happens meanwhile, and stays told until everybody has everything', () => {
    const driver = new Driver();
    driver.send('first', greylisted);
    driver.send('second');
    expect(driver.told()).toMatchObject({ waiting: 1, failure: { code: 'refused-for-now' } });
    expect(driver.take()).toMatchObject({ to: [two], keys: ['first'] });
    driver.arrive();
    expect(driver.told().failure).toBeNull();
  });

  it('goes on after a restart, but not for somebody who is a recipient no more', () => {
    const driver = new Driver();
    driver.send('first', greylisted);
    const onDisk = KeptQueue.parse(JSON.parse(JSON.stringify(keptQueue(driver.queue))));
    driver.queue = openQueue(policyOf(post), onDisk, driver.nowMs);
    expect(driver.told()).toMatchObject({ waiting: 1, failure: { code: 'refused-for-now', agoMs: null } });
    expect(driver.take()).toEqual({ to: [two], keys: ['first'], attempt: 2, id: 'WK1-north-1' });
    driver.queue = openQueue(policyOf({ ...post, to: [one] }), onDisk, driver.nowMs);
    expect(driver.take()).toBeNull();
  });

  it('is given up after a day, and beyond ten, which the next message says', () => {
    const driver = new Driver();
    driver.send('first', greylisted);
    driver.nowMs += 24 * 3_600_000;
    driver.take();
    driver.fail({ code: 'refused-for-now', sentence: 'Still.' });
    expect(driver.told()).toMatchObject({ waiting: 0, dropped: 1 });
    for (let nth = 0; nth <= lateAtMost; nth += 1) {
      driver.nowMs += 3_600_000;
      driver.queue = queueEvent(driver.queue, policyOf(post), eventOf(`event ${nth}`), driver.nowMs);
      driver.nowMs += 20_000;
      while (driver.take()?.to.length === 1) driver.fail({ code: 'refused-for-now', sentence: 'Still.' });
      driver.arrive(greylisted);
    }
    expect(driver.queue.targets[post.id]?.late).toHaveLength(lateAtMost);
    expect(driver.told()).toMatchObject({ waiting: lateAtMost, dropped: 2 });
  });
});
