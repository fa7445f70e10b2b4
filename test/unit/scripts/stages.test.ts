import { describe, expect, it } from 'vitest';
import { missingPrograms, programsOfTests } from '../../../scripts/lib/debian-packages.mjs';
import { reasonNotToRun, selectStages, stages } from '../../../scripts/lib/stages.mjs';

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

  it('compute beside those that wait, and none of these builds what another one runs', () => {
    expect(stages.filter(({ lane }) => lane === 'first').map(({ id }) => id)).toEqual(['build']);
    const waiting = stages.filter(({ lane }) => lane === 'waits').map(({ id }) => id);
    expect(waiting).toEqual(['processes', 'security', 'e2e', 'lab']);
  });

  it('name needed programs that the set-up knows how to install', () => {
    const known = programsOfTests.map(([program]) => program);
    for (const stage of stages) expect(known).toEqual(expect.arrayContaining(stage.needs ?? []));
  });
});

describe('a stage that this machine cannot run', () => {
  const machine = { platform: 'linux', freeMb: 8000, missing: [] as string[] };
  const stage = (id: string) => stages.find((one) => one.id === id)!;

  it('says why: a program, the system, the memory', () => {
    expect(reasonNotToRun(stage('e2e'), { ...machine, missing: ['chromium'] })).toBe(
      'chromium is not installed',
    );
    expect(reasonNotToRun(stage('processes'), { ...machine, platform: 'darwin' })).toBe('it needs linux');
    expect(reasonNotToRun(stage('model'), { ...machine, freeMb: 100 })).toContain('MB of free memory');
  });

  it('is none where everything is there', () => {
    for (const one of stages) expect(reasonNotToRun(one, machine)).toBeUndefined();
  });

  it('is never the model for want of anything but memory: ring 2 is part of every run', () => {
    expect(stage('model')).toMatchObject({ kind: 'model' });
    expect(reasonNotToRun(stage('model'), { ...machine, platform: 'win32' })).toBeUndefined();
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
