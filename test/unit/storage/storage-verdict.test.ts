import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  describeStorageVerdict,
  storageVerdicts,
  verdictOfExit,
  type StorageVerdictCode,
} from '../../../shared/storage/storage-verdict.ts';

const script = readFileSync(join(import.meta.dirname, '../../../resources/agent/storage.sh'), 'utf8');

describe('storage verdicts', () => {
  it('have each a sentence of their own and a next step', () => {
    const codes = Object.keys(storageVerdicts) as StorageVerdictCode[];
    const told = codes.map((code) => describeStorageVerdict({ code, seen: 'it was so' }));
    expect(new Set(told.map(({ sentence }) => sentence)).size).toBe(codes.length);
    for (const { next } of told) expect(next).toMatch(/^[A-Z].*\.$/);
  });

  it('name every exit code of the script, and no other', () => {
    const used = [...script.matchAll(/\b(?:refuse|failed) (\d+) /g)].map(([, code]) => Number(code));
    const named = Object.values(storageVerdicts).map(({ exit }) => exit);
    expect(used.length).toBeGreaterThan(20);
    for (const code of used) expect(named).toContain(code);
    for (const code of named) if (code !== null && code !== 0) expect(used).toContain(code);
  });

  it('are not made up for an exit code that nobody knows', () => {
    expect(verdictOfExit(99)).toBeNull();
    expect(verdictOfExit(null)).toBeNull();
    expect(verdictOfExit(17)).toBe('stale');
  });
});
