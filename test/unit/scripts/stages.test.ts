import { describe, expect, it } from 'vitest';
import { missingPrograms, programsOfTests } from '../../../scripts/lib/debian-packages.mjs';
import { selectStages, stages } from '../../../scripts/lib/stages.mjs';

describe('the stages of a test run', () => {
  it('have names of their own', () => {
    expect(new Set(stages.map(({ id }) => id)).size).toBe(stages.length);
  });

  it('are all run without a choice, and in their order with one', () => {
    expect(selectStages(undefined)).toEqual({ ok: true, value: stages });
    const chosen = selectStages('unit,lint');
    expect(chosen.ok && chosen.value.map(({ id }) => id)).toEqual(['lint', 'unit']);
  });

  it('refuse a name that does not exist, and no name at all', () => {
    expect(selectStages('unit,untt')).toEqual({ ok: false, unknown: ['untt'] });
    expect(selectStages('').ok).toBe(false);
  });

  it('name needed programs that the set-up knows how to install', () => {
    const known = programsOfTests.map(([program]) => program);
    for (const stage of stages) expect(known).toEqual(expect.arrayContaining(stage.needs ?? []));
  });
});

describe('programs of the machine', () => {
  it('are looked for in PATH and in the system folders', () => {
    const present = new Set(['/usr/bin/chromium', '/usr/sbin/nft']);
    const missing = missingPrograms('/usr/bin:/bin', (path: string) => present.has(path)).map(
      ([program]) => program,
    );
    expect(missing).not.toContain('chromium');
    expect(missing).not.toContain('nft');
    expect(missing).toContain('haproxy');
  });
});
