import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { succeed } from '../../../shared/result.ts';
import { cutHealedMark, emergencyStopMark, engineDiedMark } from '../../../shared/history/change-records.ts';
import { drillIn, recordOf, type DrillWorld } from './drill-world.ts';

/** What ig-north, the Active of WK1, tells of itself. */
const north = ({ seen }: DrillWorld): MemberSnapshot =>
  seen.site!.clusters[0]!.members.find(({ server }) => server === 'ig-north')!.snapshot!;

const healed = (seq: number) => recordOf('ig-north', seq, 60, { kind: 'agent', verdict: cutHealedMark });

/** Cuts the store off from ig-north for a while; `meanwhile` happens 5 s after it, `then` is told at its end. */
function storeCut(meanwhile: (world: DrillWorld) => void, then: readonly JournalRecord[] = []) {
  let passedMs = 0;
  return drillIn('store-cut', {
    answer: (_command, world) => {
      // What the drill has seen before stays as it was.
      world.seen = structuredClone(world.seen);
      north(world).store.reachable = false;
      return succeed({ accepted: true, operation: 'rehearsal-1' });
    },
    passes: (ms, world) => {
      passedMs += ms;
      if (passedMs > 5_000 && passedMs - ms <= 5_000) meanwhile(world);
      if (passedMs < 20_000 || world.journal.length > 0) return;
      north(world).store.reachable = true;
      world.journal = [...then, healed(500)];
    },
  });
}

/** Goal: an Active is said to have stayed only where it has. Method: Actives that stop, end or come anew meanwhile. */
describe('an Active that loses the lease store', () => {
  it('stayed where nothing else was seen or told', async () => {
    const { happened } = await storeCut(() => undefined);
    expect(happened).toMatchObject({ stays: 'met', healed: 'met' });
  });

  const seen: [string, RegExp, (told: MemberSnapshot) => void][] = [
    ['is seen to be nobody', /^nobody was Active$/, (told) => (told.role.observed = 'passive')],
    ['is seen stopping', /^ig-north was stopping$/, (told) => (told.role.observed = 'stopping')],
    ['has another epoch', /under epoch 48 after 47$/, (told) => (told.lease.epoch = 48)],
  ];
  it.each(seen)('did not where it %s', async (_how, words, change) => {
    const { record, happened } = await storeCut((world) => {
      const told = north(world);
      change(told);
      if (told.role.observed !== 'active') told.engine.process.value = 'stopped';
    });
    expect(happened['stays']).toBe('not-met');
    expect(record.lines.find(({ id }) => id === 'stays')?.happened).toMatch(words);
    expect(record.verdict).toBe('not-passed');
  });

  it('did not where only its journal tells that its engine was stopped', async () => {
    for (const told of [
      recordOf('ig-north', 450, 40, { kind: 'alarm', verdict: emergencyStopMark }),
      recordOf('ig-north', 450, 40, { step: 'stop-engine', result: 'ok' }),
    ]) {
      const { happened } = await storeCut(() => undefined, [told]);
      expect(happened['stays']).toBe('not-met');
    }
    const before = recordOf('ig-north', 400, 2, { kind: 'alarm', verdict: emergencyStopMark });
    const { happened } = await storeCut(() => undefined, [before]);
    expect(happened['stays']).toBe('met');
  });
});

/** Goal: a drill takes nothing old for its own. Method: a history that is read for the first time while the drill runs. */
describe('what was in the journals before a drill', () => {
  const died = (seq: number) => recordOf('ig-north', seq, 40, { kind: 'alarm', verdict: engineDiedMark });

  it('is none of it, also when it is read only while the drill runs', async () => {
    const old = await drillIn('engine-kill', { head: 0, journal: [died(412)] });
    expect(old.happened['died']).toBe('open');
    const own = await drillIn('engine-kill', { head: 0, journal: [died(413)] });
    expect(own.happened['died']).toBe('met');
    const read = await drillIn('engine-kill', { head: 413, journal: [died(413)] });
    expect(read.happened['died']).toBe('open');
  });
});
