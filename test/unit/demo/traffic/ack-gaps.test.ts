import { describe, expect, it } from 'vitest';
import { AckGaps } from '../../../../electron/demo/traffic/ack-gaps.ts';

function gapsAt(...times: readonly number[]): AckGaps {
  const gaps = new AckGaps();
  gaps.begin(0);
  for (const at of times) gaps.acknowledged(at);
  return gaps;
}

describe('gaps between acknowledgements', () => {
  it('are measured from one acknowledgement to the next', () => {
    const gaps = gapsAt(1000, 1100, 1700, 1800);
    expect([gaps.longestMs(1850), gaps.currentMs(1850)]).toEqual([600, 50]);
  });

  it('are the longest already while they last', () => {
    expect(gapsAt(1000, 1100).longestMs(9000)).toBe(7900);
  });

  it('do not count the wait for the first acknowledgement as the longest', () => {
    const gaps = gapsAt();
    expect([gaps.currentMs(4000), gaps.longestMs(4000)]).toEqual([4000, 0]);
    gaps.acknowledged(4000);
    expect(gaps.longestMs(4010)).toBe(10);
  });

  it('are forgotten at a reset, except the one that lasts', () => {
    const gaps = gapsAt(1000, 5000, 5100);
    gaps.reset();
    expect(gaps.longestMs(5150)).toBe(50);
    gaps.reset();
    gaps.acknowledged(6100);
    expect(gaps.longestMs(6100)).toBe(1000);
  });

  it('end when the stream is stopped on purpose', () => {
    const gaps = gapsAt(1000, 1400);
    gaps.stop(1500);
    expect([gaps.longestMs(99_000), gaps.currentMs(99_000)]).toEqual([400, 0]);
  });
});
