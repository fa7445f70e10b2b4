import { describe, expect, it } from 'vitest';
import { MovementWatch } from '../../../../agent/engines/movement-watch.ts';
import type { ComponentState } from '../../../../shared/engine/component-state.ts';

const adt: ComponentState = {
  guid: 'g',
  name: 'ADT',
  poller: false,
  light: 'on',
  errors: 0,
  queued: 7,
  received: 100,
  position: 93,
  lastNumber: 100,
  lastMessageId: null,
  lastActivity: 'noon',
};

describe('a component in which nothing moves', () => {
  it('is told after a minute with messages waiting', () => {
    const watch = new MovementWatch();
    expect(watch.look([adt], 0)).toBeNull();
    expect(watch.look([adt], 59_000)).toBeNull();
    expect(watch.look([adt], 60_000)).toMatchObject({
      code: 'not-processing',
      seen: 'nothing has moved for 60 s in ADT',
    });
  });

  it.each([
    ['its position moves', { position: 94 }],
    ['messages come in', { received: 101, queued: 8 }],
    ['nothing waits', { queued: 0 }],
    ['it is off', { light: 'off' }],
    ['its queue is not known', { queued: null }],
  ] as const)('is not told when %s', (_why, change) => {
    const watch = new MovementWatch();
    watch.look([adt], 0);
    watch.look([{ ...adt, ...change }], 59_000);
    expect(watch.look([{ ...adt, ...change }], 61_000)).toBeNull();
  });
});
