import { describe, expect, it } from 'vitest';
import { brokenRules } from '../../model/broken-rules.ts';
import { small } from '../../model/configurations.ts';
import { runBroken, runConfiguration, runRenewalPeriod } from '../../model/run.ts';
import { StateSet } from '../../model/state-set.ts';
import { checkTiming } from '../../../shared/lease/timing.ts';
import { instants, modelTiming, ticks } from '../../model/ticks.ts';

/** The quick part of `npm run model`: every broken rule, and the configurations that take seconds. */
const quick = new Set([
  'messages',
  'copies',
  'handover',
  'replacement-freeze',
  'foreign-store',
  'older-copy',
  'outside-start',
]);
const maxStates = 300_000;
const limitMs = 120_000;

describe('model of the lease', () => {
  it('uses a timing that the product accepts, with every instant on a tick', () => {
    expect(checkTiming(modelTiming).ok).toBe(true);
    expect(Object.values(instants).map(ticks)).toEqual([3, 3, 4, 5, 6, 7]);
  });

  it.each(small.filter(({ name }) => quick.has(name)))(
    'finds no violation and always a way back: $name',
    (configuration) => {
      const result = runConfiguration(configuration, maxStates);
      expect(result.violation).toBeNull();
      expect(result.complete).toBe(true);
      expect(result.worstTicks).not.toBeNull();
    },
    limitMs,
  );

  it.each(brokenRules)(
    'finds what goes wrong without: $rule',
    (rule) => {
      expect(runBroken(rule, maxStates).violation).not.toBeNull();
    },
    limitMs,
  );

  it('never stops the Active without need, but would if H were counted from the answer', () => {
    const { kept, broken } = runRenewalPeriod();
    expect(kept.violation).toBeNull();
    expect(broken.violation?.what).toBe('the Active stops without need');
  });
});

describe('state set', () => {
  it('holds every text once, also after it has grown', () => {
    const set = new StateSet(16);
    const texts = Array.from({ length: 5_000 }, (_, at) => `state ${at}`);
    expect(texts.every((text) => set.add(text))).toBe(true);
    expect(texts.some((text) => set.add(text))).toBe(false);
    expect(set.size).toBe(5_000);
  });
});
