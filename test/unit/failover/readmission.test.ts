import { describe, expect, it } from 'vitest';
import { readmissionOf } from '../../../shared/failover/readmission.ts';
import { passiveFacts } from './sample-facts.ts';

const expelled = { epoch: 1003, by: 'admin-1' };
const forced = { by: 'admin-1', reason: '', at: '', alone: true };
const blockers = (facts: Parameters<typeof passiveFacts>[0]) =>
  readmissionOf(passiveFacts({ forced: { expelled }, ...facts }))?.blockers.map(({ code }) => code);

describe('the re-admission of a member that was forced out', () => {
  it('needs a store that knows of the takeover', () => {
    expect(blockers({ lease: { storeEpoch: 4 } })).toEqual(['store-unaware']);
    expect(blockers({ lease: { storeEpoch: 1004, storeForced: { ...forced, epoch: 1004 } } })).toEqual([]);
    expect(blockers({ lease: { storeReachable: false } })).toEqual(['store-silent']);
  });

  it('is possible after a store that was replaced meanwhile has granted an epoch above the raised one', () => {
    expect(blockers({ lease: { storeEpoch: 1004 } })).toEqual([]);
  });

  it('is possible after the store was only begun with that epoch, if the other member says that it does not live on it', () => {
    const fenced = { epoch: 1003, by: 'admin-1', withoutStore: false };
    const idle = { forced: fenced, engineRunning: false };
    expect(blockers({ lease: { storeEpoch: 1003 }, peer: idle })).toEqual([]);
    expect(blockers({ lease: { storeEpoch: 1002 }, peer: idle })).toEqual(['store-unaware']);
    const stopping = { forced: fenced, engineRunning: true };
    expect(blockers({ lease: { storeEpoch: 1003 }, peer: stopping })).toEqual(['store-unaware']);
  });

  it('is not possible while nobody knows what the other member lives on, whatever the store has granted it', () => {
    const silent = { reachable: false, heard: false };
    const granted = { storeEpoch: 1004, storeForced: { ...forced, epoch: 1004 } };
    expect(blockers({ lease: granted, peer: silent })).toEqual(['peer-silent']);
    const alone = { epoch: 1003, by: 'admin-1', withoutStore: true };
    expect(blockers({ lease: granted, peer: { reachable: false, forced: alone } })).toEqual([
      'peer-without-store',
    ]);
  });

  it('waits while the store may only have been seeded with the raised epoch, and the other member lives on it', () => {
    expect(blockers({ lease: { storeEpoch: 1003 } })).toEqual(['store-unaware']);
    const alone = { epoch: 1003, by: 'admin-1', withoutStore: true };
    expect(blockers({ lease: { storeEpoch: 1003 }, peer: { forced: alone } })).toEqual([
      'peer-without-store',
    ]);
  });

  it('is not asked for by a member that nobody has forced out', () => {
    expect(readmissionOf(passiveFacts())).toBeNull();
  });
});
