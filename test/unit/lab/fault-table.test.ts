import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../lab/judge/verdict.ts';
import {
  faultDocument,
  faultTable,
  headOf,
  notCoveredLine,
  tableOf,
  type RunResults,
} from '../../lab/fault-table.ts';
import { scenarios } from '../../lab/scenarios/all-scenarios.ts';
import { notCovered } from '../../lab/scenarios/not-covered.ts';

describe('the fault table of the documents', () => {
  const text = readFileSync(faultDocument, 'utf8');
  const shown = tableOf(text);

  it('shows every scenario as it is, and no other: npm run lab -- table', () => {
    const byName = (one: readonly string[], other: readonly string[]) => one[1]!.localeCompare(other[1]!);
    expect(shown.map((row) => [...row.head]).sort(byName)).toEqual(scenarios.map(headOf).sort(byName));
  });

  it('shows no fault that failed', () => {
    const outcomes = new Set(shown.map((row) => row.figures[0]![0]));
    expect([...outcomes].filter((outcome) => outcome !== 'passed' && outcome !== 'not run')).toEqual([]);
  });

  it('says of every other fault why it is not covered', () => {
    for (const one of notCovered) expect(text).toContain(`${notCoveredLine(one)}\n`);
  });
});

describe('a fault table', () => {
  const [first, second] = scenarios;
  const run = (outcome: Verdict['outcome']): RunResults => ({
    circumstances: { date: '2026-01-01' },
    verdicts: [
      {
        scenario: first!.name,
        fault: first!.fault,
        outcome,
        tookMs: 1,
        clusters: [],
        checks: [],
        because: '',
      },
    ],
  });
  const read = (table: string) => tableOf(`<!-- faults -->\n${table}\n<!-- /faults -->`);

  it('says what was not run instead of leaving it out', () => {
    expect(read(faultTable(scenarios, [])).map((row) => row.figures[0]![0])).toEqual(
      scenarios.map(() => 'not run'),
    );
  });

  it('shows the last result on a scenario', () => {
    const [row] = read(faultTable([first!], [run('failed'), run('passed')]));
    expect(row!.figures[0]![0]).toBe('passed');
  });

  it('keeps what it shows of a scenario that was not run again', () => {
    const before = read(faultTable([first!], [run('passed')]));
    const after = read(faultTable([first!, second!], [], before));
    const outcome = (name: string) => after.find((row) => row.scenario === name)?.figures[0]![0];
    expect([outcome(first!.name), outcome(second!.name)]).toEqual(['passed', 'not run']);
  });
});

describe('the fault catalogue', () => {
  it('is made by scenarios or named as not covered, number by number', () => {
    const made = new Set(scenarios.map(({ fault }) => fault));
    const named = notCovered.filter(({ part }) => part === undefined).map(({ fault }) => fault);
    const missing = Array.from({ length: 43 }, (_, index) => index + 1).filter(
      (fault) => !made.has(fault) && !named.includes(fault),
    );
    expect(missing).toEqual([]);
    expect(named.filter((fault) => made.has(fault))).toEqual([]);
  });

  it('names parts that are not covered only of what scenarios make', () => {
    const made = new Set(scenarios.map(({ fault }) => fault));
    const parts = notCovered.filter(({ part }) => part !== undefined);
    expect(parts.filter(({ fault }) => !made.has(fault))).toEqual([]);
  });
});
