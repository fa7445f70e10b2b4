import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadLeaseRecord, saveLeaseRecord } from '../../../agent/witness/lease-records.ts';
import { seedRecord } from '../../../shared/lease/store.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lease-records-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('reads back the period of peer mode that was left, and a record without one', () => {
  const record = seedRecord('s', 'WK1', 4, 3);
  saveLeaseRecord(folder, record);
  expect(loadLeaseRecord(folder, 'WK1')).toEqual({ ok: true, value: record });
  saveLeaseRecord(folder, { ...record, left: { e: 3, n: 2 } });
  expect(loadLeaseRecord(folder, 'WK1')).toMatchObject({ ok: true, value: { left: { e: 3, n: 2 } } });
});

it('reads back a forced takeover with who, why and when', () => {
  const forced = { epoch: 4, by: 'anna', reason: 'power lost', at: '2026-11-28T03:10:00Z', alone: true };
  saveLeaseRecord(folder, { ...seedRecord('s', 'WK1', 4, 4), forced });
  expect(loadLeaseRecord(folder, 'WK1')).toMatchObject({ ok: true, value: { forced } });
});
