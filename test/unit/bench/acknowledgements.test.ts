import { describe, expect, it } from 'vitest';
import { gapFigures, readAcknowledgements } from '../../bench/peers/acknowledgements.ts';

const answers = (by: string, ...times: number[]) => times.map((at) => ({ at, by }));

describe('what the acknowledgements around an event say', () => {
  const log = [
    ...answers('wk-a', 980, 1_000),
    ...answers('wk-b', 4_000, 4_020, 9_000),
    ...answers('wk-a', 9_700),
  ];

  it('tells the longest gap of the fault, and the second one after it was undone', () => {
    expect(gapFigures(log, 1_010, 9_000)).toEqual({ downMs: 4_980, downAfterMs: 700, moves: 2 });
  });

  it('counts a gap that began just before the event, since the next answer did not come', () => {
    expect(gapFigures(log.slice(0, 4), 1_010, 9_000).downMs).toBe(3_000);
  });

  it('counts no gap that was over before the event', () => {
    expect(gapFigures(answers('wk-a', 0, 900, 920), 950, 960)).toEqual({
      downMs: 0,
      downAfterMs: 0,
      moves: 0,
    });
  });
});

describe('the end of a growing log', () => {
  it('leaves out a first and a last line that are cut off', () => {
    const text = '"by":"wk-a"}\n{"at":5,"seq":1,"by":"wk-a"}\n{"at":9,"seq":2,"by":"wk-b"}\n{"at":12,"se';
    expect(readAcknowledgements(text, 6)).toEqual([{ at: 9, by: 'wk-b' }]);
  });
});
