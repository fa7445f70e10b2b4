import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFiles } from '../../../agent/durable/files.ts';
import { saveLeaseRecord } from '../../../agent/witness/lease-records.ts';
import { LeaseSlot } from '../../../agent/witness/lease-slot.ts';
import { answerLease, seedRecord } from '../../../shared/lease/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-slot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const openAt = (nowMs: number) =>
  new LeaseSlot(
    { cluster: 'WK1', T: 4, members: ['north', 'south'], folder, files: nodeFiles, note: () => undefined },
    nowMs,
  );

/** Moves the lease to `member` as the members do without a person, and has it written. */
function failOver(slot: LeaseSlot, member: string, nowMs: number): string {
  const { state, answer } = answerLease(
    slot.present()!,
    member,
    { op: 'acquire', storeId: 'id', epochSeen: slot.present()!.record.epoch, T: 4 },
    nowMs,
  );
  slot.replace(state, 'durable', nowMs);
  return answer.result === 'refused' ? answer.why : answer.result;
}

it('blocks automatic failover after the third within an hour, also when the store was restarted in between', () => {
  saveLeaseRecord(folder, { ...seedRecord('id', 'WK1', 4, 7), untouched: false });
  const minute = 60_000;
  const first = openAt(0);
  expect(failOver(first, 'north', minute)).toBe('granted');
  expect(failOver(first, 'south', 2 * minute)).toBe('granted');
  expect(failOver(first, 'north', 3 * minute)).toBe('granted');
  // The server of the store was restarted: its clock begins anew.
  const second = openAt(0);
  expect(failOver(second, 'south', minute)).toBe('granted');
  expect(failOver(second, 'north', 2 * minute)).toBe('blocked');
});
