import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../../electron/demo/engine/journal-records.ts';
import { JournalState } from '../../../../electron/demo/engine/journal-state.ts';
import { MessageQueue } from '../../../../electron/demo/engine/message-queue.ts';

function stateOf(records: Iterable<JournalRecord>): JournalState {
  const state = new JournalState();
  for (const record of records) state.apply(record);
  return state;
}

function taken(number: number, component = 'ADT'): JournalRecord {
  return { kind: 'in', component, number, message: `m${number}` };
}

function queued(state: JournalState, component = 'ADT'): number[] {
  return [...state.ledger(component).queue].map(({ number }) => number);
}

describe('what the journal says', () => {
  it('is a queue of what came in and was not delivered, in order', () => {
    const state = stateOf([taken(1), taken(2), taken(3), { kind: 'out', component: 'ADT', number: 1 }]);
    expect(queued(state)).toEqual([2, 3]);
    expect(state.ledger('ADT')).toMatchObject({ received: 3, lastNumber: 3, delivered: 1 });
  });

  it('keeps components apart', () => {
    const state = stateOf([taken(1), taken(1, 'ORU'), { kind: 'out', component: 'ORU', number: 1 }]);
    expect([queued(state), queued(state, 'ORU')]).toEqual([[1], []]);
  });

  it('remembers the highest generation that ever opened it', () => {
    const open = (generation: number): JournalRecord => ({
      kind: 'open',
      generation,
      server: 'a',
      pid: 1,
      at: 1,
    });
    expect(stateOf([open(3), open(7), open(5)]).generation).toBe(7);
  });

  it('stays the same when it is compacted, at any moment and again and again', () => {
    const step = fc.oneof(
      fc.constant('in' as const),
      fc.constant('out' as const),
      fc.constant('compact' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const plain = new JournalState();
        let compacted = new JournalState();
        let number = 0;
        for (const kind of steps) {
          if (kind === 'compact') compacted = stateOf([...compacted.compacted()]);
          else {
            const first = plain.ledger('ADT').queue.first;
            if (kind === 'in') number += 1;
            else if (!first) continue;
            const record: JournalRecord =
              kind === 'in' ? taken(number) : { kind, component: 'ADT', number: first?.number ?? 0 };
            plain.apply(record);
            compacted.apply(record);
          }
        }
        expect(queued(compacted)).toEqual(queued(plain));
        const { received, lastNumber, delivered } = plain.ledger('ADT');
        expect(compacted.ledger('ADT')).toMatchObject({ received, lastNumber, delivered });
      }),
    );
  });
});

describe('a message queue', () => {
  it('drains a hundred thousand messages from the front without effort', () => {
    const queue = new MessageQueue();
    for (let number = 1; number <= 100_000; number += 1) queue.push({ number, message: Buffer.alloc(0) });
    for (let number = 1; number <= 100_000; number += 1) {
      expect(queue.first?.number === number).toBe(true);
      queue.dropThrough(number);
    }
    expect(queue.length).toBe(0);
  });
});
