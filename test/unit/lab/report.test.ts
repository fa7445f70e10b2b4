import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../lab/judge/verdict.ts';
import { closing, table } from '../../lab/report.ts';

const verdict = (changes: Partial<Verdict>): Verdict => ({
  scenario: 'power-off',
  fault: 10,
  outcome: 'passed',
  tookMs: 1,
  clusters: [],
  checks: [],
  because: '',
  ...changes,
});

describe('the report of a lab run', () => {
  it('ends with how many passed, failed and were skipped', () => {
    const verdicts = [
      verdict({}),
      verdict({ outcome: 'failed' }),
      verdict({ outcome: 'skipped' }),
      verdict({}),
    ];
    expect(closing(verdicts).at(-1)).toBe('lab: 2 passed, 1 failed, 1 skipped');
  });

  it('gives each failure a line with its first reason, further reasons below, and names only broken checks', () => {
    const checks = [
      { what: 'lost', ok: false, seen: '3' },
      { what: 'order', ok: true, seen: '0' },
      { what: 'overlap', ok: false, seen: '7' },
    ];
    expect(closing([verdict({ outcome: 'failed', checks })]).slice(0, -1)).toEqual([
      'failed: power-off: lost: 3',
      '  | overlap: 7',
    ]);
  });

  it('keeps a long reason out of the table', () => {
    const because = `${'x'.repeat(200)}\nsecond line`;
    const printed = table([verdict({ outcome: 'failed', because })]);
    expect(printed.split('\n')).toHaveLength(2);
    expect(printed).not.toContain('second line');
  });
});
