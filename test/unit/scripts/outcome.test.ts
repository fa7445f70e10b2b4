import { describe, expect, it } from 'vitest';
import {
  finalLine,
  outcomeOfLab,
  outcomeOfModel,
  outcomeOfSim,
  outcomeOfVitest,
  skippedStage,
  summaryLines,
} from '../../../scripts/lib/outcome.mjs';

const passed = (count: number) => ({ passed: count, failures: [], skipped: [] });

describe('the last line of a run', () => {
  it('adds up all stages', () => {
    expect(finalLine([passed(3), passed(120)])).toBe('123 passed, 0 failed');
  });

  it('names skipped tests only when there are some', () => {
    expect(finalLine([passed(1), skippedStage('Lab', 'not root')])).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('counts failures', () => {
    expect(finalLine([{ passed: 1, failures: [{ name: 'a', message: 'b' }], skipped: [] }])).toBe(
      '1 passed, 1 failed',
    );
  });
});

describe('a Vitest run', () => {
  it('is what its reporter counted', () => {
    expect(outcomeOfVitest(passed(5), 0)).toEqual(passed(5));
  });

  it('fails when no test was run', () => {
    expect(outcomeOfVitest(passed(0), 0).failures).toHaveLength(1);
    expect(outcomeOfVitest(undefined, 0).failures).toHaveLength(1);
  });

  it('fails when the runner ends badly without naming a test', () => {
    expect(outcomeOfVitest(passed(5), 1).failures).toEqual([
      { name: 'the stage', message: 'the runner ended with code 1' },
    ]);
    expect(outcomeOfVitest(undefined, null).failures).toHaveLength(1);
  });
});

describe('a lab run', () => {
  it('is its last line, with names where it gave them', () => {
    const output =
      'skipped: clock strobe: faketime is missing\nfailed: power cut: 2 engines\nlab: 7 passed, 1 failed, 1 skipped\n';
    expect(outcomeOfLab(output, 1)).toEqual({
      passed: 7,
      failures: [{ name: 'power cut', message: '2 engines' }],
      skipped: [{ name: 'clock strobe', reason: 'faketime is missing' }],
    });
  });

  it('is skipped with its reason where the machine cannot hold a lab', () => {
    expect(outcomeOfLab('the lab needs: root rights\n', 3)).toEqual(
      skippedStage('the core set', 'the lab needs root rights'),
    );
    expect(outcomeOfLab('the lab needs: root rights\n', 1).failures).toHaveLength(1);
  });

  it('counts what was not named as well', () => {
    const outcome = outcomeOfLab('lab: 0 passed, 2 failed, 1 skipped', 1);
    expect(outcome.failures).toHaveLength(2);
    expect(outcome.skipped).toHaveLength(1);
  });

  it('fails without its last line, with a bad end, and with nothing run', () => {
    expect(outcomeOfLab('boot failed\n', 0).failures).toHaveLength(1);
    expect(outcomeOfLab('lab: 3 passed, 0 failed, 0 skipped\nTypeError', 0).failures).toHaveLength(1);
    expect(outcomeOfLab('lab: 3 passed, 0 failed, 0 skipped', 1).failures).toHaveLength(1);
    expect(outcomeOfLab('lab: 0 passed, 0 failed, 0 skipped', 0).failures).toHaveLength(1);
  });
});

describe('a run of the model', () => {
  const lines = [
    'messages             48187 states, all seen; no violation; 228 sampled, Active again within 7 ticks',
    'copies               18552 states, all seen; no violation; 87 sampled, Active again within 1 ticks',
    'without "the store waits δ longer than T" (drift): caught: two engines run, 13 moves, after 12951 states',
  ];
  const sum =
    'model: 2 configurations, 66739 states, 0 violations, 0 without return; 1 of 1 broken rules caught';
  const run = (changed: string[], last = sum, code = 0) =>
    outcomeOfModel([...changed, last, ''].join('\n'), code);

  it('counts every configuration and every rule, and tells the figures', () => {
    expect(run(lines)).toEqual({
      passed: 3,
      failures: [],
      skipped: [],
      figures: '2 configurations, 66739 states, 1 of 1 rules left out noticed',
    });
  });

  it('names the configuration with a violation, one without return, and one that was cut', () => {
    const broken = lines[0]!.replace('no violation', 'VIOLATION: two engines run');
    expect(run([broken, ...lines.slice(1)], sum, 1)).toMatchObject({
      passed: 2,
      failures: [{ name: 'messages', message: 'VIOLATION: two engines run' }],
    });
    const stuck = lines[1]!.replace(/87 sampled.*/, 'NO RETURN');
    expect(run([lines[0]!, stuck, lines[2]!], sum, 1).failures[0]?.name).toBe('copies');
    const cut = lines[0]!.replace('all seen', 'cut at the limit');
    expect(run([cut, ...lines.slice(1)]).failures[0]?.message).toContain('not all states were seen');
  });

  it('names a rule whose absence nobody noticed', () => {
    const missed = lines[2]!.replace(/: caught.*/, ': NOT CAUGHT, after 99 states');
    const last = sum.replace('1 of 1', '0 of 1');
    expect(run([...lines.slice(0, 2), missed], last, 1).failures).toEqual([
      { name: 'the store waits δ longer than T', message: 'leaving it out was not noticed' },
    ]);
  });

  it('fails without its last line, with lines missing, and with a bad end', () => {
    expect(outcomeOfModel('RangeError\n', 1).failures).toHaveLength(1);
    expect(run(lines.slice(1)).failures).toHaveLength(1);
    expect(run(lines, sum, 1).failures).toHaveLength(1);
  });
});

describe('a run of the simulation', () => {
  const lines = [
    'seeds 1 to 50: no violation',
    'seeds 51 to 100: no violation',
    'seeds 2041 to 2041: no violation',
    'planted guards-asleep (no guard ever kills): found with seed 3: I1: two engines of WK1 run',
  ];
  const sum = 'sim: 1 of 1 planted bugs found; 101 seeds, 0 violations; 4.1 hours lived; 20.0 s';
  const run = (changed: string[], last = sum, code = 0) =>
    outcomeOfSim([...changed, last, ''].join('\n'), code);

  it('counts every line of seeds and every planted bug, and tells the figures', () => {
    expect(run(lines)).toEqual({
      passed: 4,
      failures: [],
      skipped: [],
      figures: '101 seeds, 4.1 hours lived; 20.0 s; 1 of 1 planted bugs found',
    });
  });

  it('names the seed that failed', () => {
    const violated = '1 VIOLATIONS, first with seed 73: I1: two engines of WK1 run';
    const outcome = run([lines[0]!, `seeds 51 to 100: ${violated}`, ...lines.slice(2)], sum, 1);
    expect(outcome.passed).toBe(3);
    expect(outcome.failures).toEqual([{ name: 'seeds 51 to 100', message: violated }]);
  });

  it('names a planted bug that nobody found', () => {
    const missed = lines[3]!.replace(/: found.*/, ': NOT FOUND within 50 seeds');
    expect(run([...lines.slice(0, 3), missed], sum.replace('1 of 1', '0 of 1'), 1).failures).toEqual([
      { name: 'planted bug guards-asleep (no guard ever kills)', message: 'NOT FOUND within 50 seeds' },
    ]);
  });

  it('fails without its last line, with seeds or bugs missing, and with a bad end', () => {
    expect(outcomeOfSim('RangeError\n', 1).failures).toHaveLength(1);
    expect(run(lines.slice(1)).failures).toHaveLength(1);
    expect(run(lines.slice(0, 3)).failures).toHaveLength(1);
    expect(run(lines, sum, 1).failures).toHaveLength(1);
  });
});

describe('the table at the end', () => {
  it('gives minutes per stage and in total, then failures and what was not run', () => {
    const rows = [
      { title: 'Lint', minutes: 0.5, outcome: passed(1) },
      { title: 'Lab', minutes: 0.25, outcome: skippedStage('Lab', 'not root') },
      {
        title: 'Pages',
        minutes: 0,
        outcome: { passed: 0, failures: [{ name: 'fleet', message: 'no row' }], skipped: [] },
      },
    ];
    // Two stages that ran at once took less than both together.
    const lines = summaryLines(rows, 0.6);
    expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toContain('total 1 1 1 0.60');
    expect(lines).toContain('  Pages: fleet: no row');
    expect(lines).toContain('  Lab: Lab: not root');
  });
});
