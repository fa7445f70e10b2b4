import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { RunResults } from '../../lab/fault-table.ts';
import { historiesDocument, historiesText, marks, worstHistories } from '../../lab/histories.ts';
import type { ClusterSight } from '../../lab/judge/verdict.ts';
import { scenarios } from '../../lab/scenarios/all-scenarios.ts';
import { failoverJournal } from '../history/journals.ts';

/** Results in which each of these scenarios had this downtime; WK2's cluster was left alone. */
function results(downtimes: Readonly<Record<string, number>>, journal = failoverJournal()): RunResults {
  return {
    circumstances: { date: '2026-01-01', minutes: 1, cores: 2 },
    verdicts: Object.entries(downtimes).map(([scenario, downtimeMs]) => ({
      scenario,
      fault: 1,
      outcome: 'passed',
      tookMs: 1,
      clusters: [sight('WK1', downtimeMs, journal), sight('WK2', 99_000, [])],
      checks: [],
      because: '',
    })),
  };
}

function sight(cluster: 'WK1' | 'WK2', downtimeMs: number, journal: readonly JournalRecord[]): ClusterSight {
  return {
    cluster,
    journey: ['first'],
    activeAtEnd: 'wk-a',
    downtimeMs,
    parts: null,
    overlapMs: 0,
    pollerMeetings: 0,
    acknowledged: 1,
    lost: 0,
    outOfOrder: 0,
    duplicates: 0,
    unexplained: [],
    journal,
  };
}

const chosen = (of: RunResults) => worstHistories(scenarios, of).map(({ scenario }) => scenario.name);

describe('the histories', () => {
  it('are the three worst downtimes in which a member could have served and the journals tell a change', () => {
    const downtimes = {
      'agent-frozen': 4_000,
      'power-off': 5_000,
      handover: 2_000,
      'reboot-in-order': 1_000,
      'both-power-off-both-return': 90_000,
    };
    expect(chosen(results(downtimes))).toEqual(['power-off', 'agent-frozen', 'handover']);
    expect(chosen(results(downtimes, []))).toEqual([]);
  });

  it('say what the time went with, line by line, and why nobody could serve in those that are left out', () => {
    const text = historiesText(scenarios, results({ 'power-off': 5_000 }));
    expect(text).toContain('## 1. ig-south took WK1 over: 5.0 s without an acknowledgement');
    expect(text).toMatch(/\| waiting for the lease \| 13\.23 \| 83 % \| the lease of ig-north has run out/);
    expect(text).toMatch(/\| decided \| R64 \| ig-south takes over/);
    expect(text).toContain('- `both-power-off-both-return`: both servers are off at once');
  });
});

describe('the document of histories', () => {
  const text = readFileSync(historiesDocument, 'utf8');
  const told = text.split(marks.begin)[1]?.split(marks.end)[0] ?? '';

  it('tells three of scenarios that exist', () => {
    const names = [...told.matchAll(/^Fault \S+, `(.+?)`: /gm)].map(([, name]) => name);
    expect(names).toHaveLength(3);
    const known = new Set(scenarios.map(({ name }) => name));
    expect(names.filter((name) => !known.has(name!))).toEqual([]);
  });

  it('has parts that add up to the time without an Active', () => {
    for (const story of told.split(/^## \d/m).slice(1)) {
      const parts = story.split('**What was seen')[0]!.matchAll(/^\| [^|]+ \| ([\d.]+) \| \d+ % \|/gm);
      const sum = [...parts].reduce((total, [, seconds]) => total + Number(seconds), 0);
      const [, whole] = /there was no Active for ([\d.]+) s/.exec(story) ?? [];
      expect(Math.abs(sum - Number(whole))).toBeLessThan(0.15);
    }
  });
});
