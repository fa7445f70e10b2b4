import { describe, expect, it } from 'vitest';
import { clusterCounters, type StreamFigures } from '../../../../electron/demo/traffic/cluster-counters.ts';

const verdict = {
  sent: 10,
  attempts: 12,
  acknowledged: 9,
  delivered: 8,
  pending: 1,
  lost: 2,
  outOfOrder: 3,
  duplicates: 4,
  resentBySender: 2,
  resentByEngine: 1,
  firstLost: [],
  firstOutOfOrder: [],
  firstUnexplained: [],
};

function figures(over: Partial<StreamFigures>): StreamFigures {
  return {
    stream: 'judge',
    cluster: 'WK1',
    kind: 'judge',
    stopped: false,
    verdict,
    perSecond: 9.9,
    longestGapMs: 400,
    currentGapMs: 40,
    answered: undefined,
    ...over,
  };
}

describe('the counters of a cluster', () => {
  it('are the sums of its streams and of no other', () => {
    const counters = clusterCounters([
      figures({}),
      figures({ cluster: 'WK2' }),
      figures({ stream: 'meter', kind: 'meter' }),
    ]);
    expect(counters.map(({ cluster }) => cluster)).toEqual(['WK1', 'WK2']);
    expect(counters[0]).toMatchObject({
      sent: 20,
      acknowledged: 18,
      delivered: 16,
      pending: 2,
      lost: 4,
      outOfOrder: 6,
      duplicates: 8,
      resentDuplicates: 6,
      perSecond: 19.8,
    });
  });

  it('measure gaps by the meter where there is one, else by the judge', () => {
    const judge = figures({ longestGapMs: 10_400 });
    const meter = figures({ kind: 'meter', longestGapMs: 700, currentGapMs: 7 });
    expect(clusterCounters([judge])[0]).toMatchObject({ longestGapMs: 10_400, currentGapMs: 40 });
    expect(clusterCounters([judge, meter])[0]).toMatchObject({ longestGapMs: 700, currentGapMs: 7 });
    expect(clusterCounters([judge, { ...meter, stopped: true }])[0]).toMatchObject({ longestGapMs: 10_400 });
  });

  it('name the duplicates that nothing explains', () => {
    const streams = [
      figures({ verdict: { ...verdict, firstUnexplained: [4, 7] } }),
      figures({ stream: 'meter', verdict: { ...verdict, firstUnexplained: [12] } }),
    ];
    expect(clusterCounters(streams)[0]?.unexplained).toEqual(['judge 4', 'judge 7', 'meter 12']);
  });

  it('name the engine that answered last', () => {
    const streams = [
      figures({ answered: { by: 'ig-south', at: 200 } }),
      figures({ answered: { by: 'ig-north', at: 100 } }),
    ];
    expect(clusterCounters(streams)[0]?.answeredBy).toBe('ig-south');
    expect(clusterCounters([figures({})])[0]?.answeredBy).toBeNull();
  });
});
