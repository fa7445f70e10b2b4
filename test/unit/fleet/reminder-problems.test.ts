import { describe, expect, it } from 'vitest';
import { countDangers, siteProblems } from '../../../shared/fleet/problems.ts';
import { raiseProblems } from '../../../shared/fleet/raise-problems.ts';
import type { Reminders } from '../../../shared/reminders/reminders.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { dueReminders, violatedReminders } from '../../screens/reminder-fixtures.ts';
import { sightOf } from './sight-of-fixture.ts';

/** Goal: what only the records of this workstation know is not overlooked. Method: a healthy site with such records. */
function problemsWith(reminders: Reminders, fixture: keyof typeof fixtures = 'healthy') {
  const snapshot = fixtures[fixture]();
  snapshot.site!.reminders = reminders;
  return siteProblems(sightOf(snapshot));
}

describe('reminders among the problems', () => {
  it('name a drill that is due, as something that stops no failover', () => {
    const [due, ...others] = problemsWith({ drills: dueReminders.drills.slice(0, 1), violated: [] });
    expect(others).toEqual([]);
    expect(due).toMatchObject({
      severity: 'warn',
      title: 'WK1: a drill is due',
      leadsTo: { page: 'drills' },
    });
    expect(due!.text).toContain('Switchover and back was passed on 2025-12-01, and was due by 2026-03-01');
    expect(countDangers([due!])).toBe(0);
  });

  it('fold several drills into one thing to plan', () => {
    const [due, ...others] = problemsWith(dueReminders);
    expect(others).toEqual([]);
    expect(due).toMatchObject({ title: '2 drills are due', clusters: ['WK1', 'WK2'] });
    expect(due!.folded).toEqual([
      expect.stringContaining('WK1: Switchover and back was passed on'),
      'WK2: Switchover and back was never passed',
    ]);
  });

  it('put a violated proof with what is dangerous, and lead to it', () => {
    const [first, second] = problemsWith(violatedReminders);
    expect(first).toMatchObject({
      severity: 'danger',
      title: 'WK1: the proof of the move to epoch 47 is VIOLATED in 2 lines',
      leadsTo: { page: 'verification', cluster: 'WK1', operation: 'e272e383' },
      runbook: 'proof-violated',
    });
    expect(first!.text).toContain('V06 Queue position, V07 Next message');
    expect(second).toMatchObject({ title: '2 drills are due' });
    expect(countDangers([first!, second!])).toBe(1);
  });

  it('come behind what agents tell that is worse', () => {
    expect(problemsWith(dueReminders, 'dead-server').map(({ severity }) => severity)).toEqual([
      'danger',
      'warn',
    ]);
  });

  it('raise a note on the desktop once a proof is violated, and none for a drill', () => {
    let nowMs = 0;
    const shown: string[] = [];
    const raise = raiseProblems({ isOn: () => true, show: ({ title }) => shown.push(title) }, () => nowMs);
    raise(fixtures.healthy());
    const later = fixtures.healthy();
    later.site!.reminders = violatedReminders;
    for (nowMs = 1_000; nowMs < 10_000; nowMs += 1_000) raise(later);
    expect(shown).toEqual([expect.stringContaining('is VIOLATED in 2 lines')]);
  });
});
