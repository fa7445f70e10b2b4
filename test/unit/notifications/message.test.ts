import { describe, expect, it } from 'vitest';
import { runbooks } from '../../../shared/help/runbooks.ts';
import { alarmKinds } from '../../../shared/notifications/event.ts';
import { subjectOf, textOf, webhookBody } from '../../../shared/notifications/message.ts';
import { eventOf } from './sample-events.ts';

/** Goal: a message says what happened, what it means, what to do, where, when and why. Method: read it. */
const message = {
  id: 'WK1-north-7',
  site: 'bench',
  dropped: 2,
  events: [
    eventOf('first', { severity: 'info', phase: 'ended' }),
    eventOf('second', {
      severity: 'danger',
      kind: 'peer-silent',
      sentence: 'WK1: ig-north does not hear south.',
      next: 'Look at its switch.',
      ruleId: 'R12',
    }),
  ],
};

describe('a message', () => {
  it('has the worst in its subject and says how many more there are', () => {
    expect(subjectOf(message)).toBe('[ALARM] bench: WK1: ig-north does not hear south. (and 1 more)');
  });

  it('says of each event everything that a person at night needs', () => {
    const text = textOf(message);
    const { meaning, now } = runbooks['peer-silent'];
    expect(text).toContain('What happened: WK1: ig-north does not hear south.');
    expect(text).toContain(`What it means for messages: ${meaning}`);
    expect(text).toContain(`  1. Look at its switch.\n  2. ${now[0]}`);
    expect(text).toContain('Cluster WK1, told by ig-north at 2026-03-01T02:00:00.000Z, epoch 5, rule R12.');
    expect(text).toContain('Over: This happened: first.');
    expect(text).toContain('2 older events were given up');
    expect(text.indexOf('does not hear')).toBeLessThan(text.indexOf('Over:'));
  });

  it('is one line where a line is wanted, whatever the sentence holds', () => {
    const odd = {
      ...message,
      events: [eventOf('odd', { sentence: `a\r\nBcc: x@y\n${'long '.repeat(100)}` })],
    };
    expect(subjectOf(odd)).not.toMatch(/[\r\n]/);
    expect(subjectOf(odd).length).toBeLessThan(180);
  });

  it('has for programs a key that is equal on both members', () => {
    const body = webhookBody(message, 3) as { attempt: number; events: { dedupKey: string }[] };
    expect(body.attempt).toBe(3);
    expect(body.events[0]?.dedupKey).toBe('WK1/5/peer-silent/happened');
  });
});

describe('run-books', () => {
  it.each(alarmKinds)('say of %s what it means and what to do, in whole sentences', (kind) => {
    const { title, meaning, now } = runbooks[kind];
    expect(title).toMatch(/^[A-Z].{8,}[^.]$/);
    for (const sentence of [meaning, ...now]) expect(sentence).toMatch(/^[A-Z].{15,}[.]$/);
    expect(now.length).toBeGreaterThan(0);
  });
});
