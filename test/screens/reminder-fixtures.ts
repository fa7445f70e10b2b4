import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { Reminders } from '../../shared/reminders/reminders.ts';
import { healthy } from './site-fixture.ts';

const routine = { kind: 'switchover-and-back', everyDays: 90, state: 'due' } as const;

/** One drill whose day has come, and one that was never made. */
export const dueReminders: Reminders = {
  drills: [
    { ...routine, cluster: 'WK1', lastAt: '2025-12-01T21:05:00.000Z', dueOn: '2026-03-01' },
    { ...routine, cluster: 'WK2', lastAt: null, dueOn: null },
  ],
  lastDrills: [
    {
      ...{
        cluster: 'WK1',
        kind: 'switchover-and-back',
        startedAt: '2025-12-01T21:05:00.000Z',
        verdict: 'passed',
      },
      outage: { ms: 5_900, by: 'acknowledged-messages', atLeast: false, sentence: 'It took 5.9 s.' },
    },
  ],
  violated: [],
};

/** A move after which a queue stepped back, beside them. */
export const violatedReminders: Reminders = {
  ...dueReminders,
  violated: [
    {
      ...{ cluster: 'WK1', operation: 'e272e383', epoch: 47, checkedAt: '2026-03-14T04:32:00.000Z' },
      lines: ['V06 Queue position', 'V07 Next message'],
    },
  ],
};

/** A site that is well, but for what the records of this workstation say. */
export function reminded(reminders: Reminders): ConsoleSnapshot {
  const snapshot = healthy();
  snapshot.site!.reminders = reminders;
  return snapshot;
}
