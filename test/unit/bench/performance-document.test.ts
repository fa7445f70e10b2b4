import { describe, expect, it } from 'vitest';
import { peersTables } from '../../bench/peers/peers-tables.ts';
import { withLater, type EventResult, type PeersResult } from '../../bench/peers/results.ts';
import { performanceParts, readPerformanceDocument } from '../../bench/performance-document.ts';
import { markdownTable } from '../../bench/table.ts';
import { partOf } from '../../golden/generated-parts.ts';

describe('docs/performance.md', () => {
  for (const name of Object.keys(performanceParts)) {
    it(`shows the kept results of ${name}; npm run bench -- --document brings it up to date`, () => {
      expect(partOf(readPerformanceDocument(), name)).toBe(performanceParts[name]?.());
    });
  }
});

describe('the tables beside the peers', () => {
  const event = (contender: string, downMs: number, more: Partial<EventResult> = {}): EventResult => ({
    ...{ contender, event: 'cut', downMs, downAfterMs: 0, moves: 1, overlapMs: 0, load: 0 },
    ...more,
  });
  const result: PeersResult = {
    contenders: [
      { name: 'p', title: 'Peer', kind: 'peer' },
      { name: 'fast', title: 'Ours fast', kind: 'product' },
    ],
    events: [
      { name: 'cut', title: 'cut' },
      { name: 'kill', title: 'kill' },
    ],
    holdMs: 20_000,
    results: [
      event('p', 4_000, { overlapMs: 1_500 }),
      event('p', 2_000, { downAfterMs: 2_600 }),
      event('fast', 1_500),
    ],
    memory: [{ contender: 'fast', host: 'wk-a', rssKb: 4_096, pssKb: 2_048, anonymousKb: 1_024 }],
    missing: [],
  };
  const cells = (table: number) => peersTables(result)[table]!.rows.map((row) => row.join(' | '));

  it('gives minimum, median and maximum, and a dash for what was not measured', () => {
    expect(cells(0)).toEqual(['cut | 2.00 / 3.00 / 4.00 (2) | 1.50 / 1.50 / 1.50 (1)', 'kill | – | –']);
  });

  it('divides our median by the peer’s', () => {
    expect(cells(1)).toEqual(['cut | 0.50', 'kill | –']);
  });

  it('tells the worst overlap, and a second gap only where there was one', () => {
    expect(cells(2)[0]).toBe('cut | 1.50 | 0.00');
    expect(cells(3)[0]).toBe('cut | 2.60 s | none');
  });

  it('tells memory where a contender has processes', () => {
    expect(cells(4)).toEqual(['wk-a | – | 2.0 (1.0)']);
  });

  it('goes on with an earlier run: contenders measured again replace what was known of them', () => {
    const later = {
      ...result,
      contenders: [result.contenders[0]!],
      results: [event('p', 9_000)],
      memory: [],
    };
    const joined = withLater(result, later, ['p', 'fast']);
    expect(joined.contenders.map(({ name }) => name)).toEqual(['p', 'fast']);
    expect(joined.results.map(({ contender, downMs }) => `${contender} ${downMs}`)).toEqual([
      'fast 1500',
      'p 9000',
    ]);
    expect(joined.memory).toEqual(result.memory);
  });

  it('writes a table as the formatter of the documents leaves it', () => {
    expect(markdownTable({ title: 'T', head: ['a', 'bcde'], rows: [['fg', 'h']] })).toBe(
      'T:\n\n| a   | bcde |\n| --- | ---- |\n| fg  | h    |',
    );
  });
});
