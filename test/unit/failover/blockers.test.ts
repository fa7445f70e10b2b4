import { expect, test } from 'vitest';
import { changeBlockers } from '../../../shared/failover/blockers.ts';
import { activeFacts, passiveFacts } from './sample-facts.ts';

const reasons = (facts: Parameters<typeof changeBlockers>[0]) =>
  changeBlockers(facts).map(({ code, reason }) => `${code}: ${reason}`);

test('a store that must not be believed is named with the reason, on both members', () => {
  const lease = { storeReachable: false, trouble: 'another store answers (b)' };
  expect(reasons(activeFacts({ lease }))).toEqual([
    'store-silent: The lease store cannot be used: another store answers (b).',
  ]);
  expect(reasons(passiveFacts({ lease }))).toEqual([
    'store-silent: It cannot use the lease store: another store answers (b).',
  ]);
});

test('a member whose storage carries what the store has not granted cannot take over', () => {
  expect(reasons(passiveFacts({ storage: { aheadOfStore: 1_001 } }))).toEqual([
    'store-behind: The lease store has not granted epoch 1001, which the storage carries.',
  ]);
});

test('a member that waits says why it waits', () => {
  expect(reasons(passiveFacts({ acquireWaitMs: 2_900 }))).toEqual([
    'unclean-end: Its own last lease did not end cleanly; it waits another 3 s.',
  ]);
  expect(reasons(passiveFacts({ acquireWaitMs: 2_900, standsBack: true }))).toEqual([
    'stands-back: It could not serve and waits another 3 s.',
  ]);
});

test('a member whose state cannot be written, or is damaged, cannot take over', () => {
  expect(reasons(passiveFacts({ memory: { unwritable: 'ENOSPC' } }))).toEqual([
    'state-unwritable: Its durable state cannot be written: ENOSPC',
  ]);
  expect(reasons(passiveFacts({ memory: { damaged: 'checksum' } }))).toEqual([
    'state-damaged: Its durable state cannot be trusted: checksum.',
  ]);
});
