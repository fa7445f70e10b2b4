import { describe, expect, it } from 'vitest';
import {
  dropPromise,
  grantToReturn,
  judgeQuestion,
  mayUseStore,
  type PromiserFacts,
  type PromiserMemory,
} from '../../../shared/lease/promiser.ts';

const nothing: PromiserMemory = { promise: null, promised: null };
const given = (e: number, n: number): PromiserMemory => ({ promise: { e, n }, promised: { e, n } });
/** The store has been silent for O: the renewal was sent at 8 000, a try at 9 000, and it is 10 000. */
const silent: PromiserFacts = {
  nowMs: 10_000,
  engineRunning: false,
  knownEpoch: 3,
  receivedMs: 9_500,
  renewalAgeMs: 1_500,
  tries: [{ sentMs: 9_000, answered: false }],
  operationMs: 1_000,
};
const first = { e: 3, n: 1 };

describe('promiser', () => {
  it('promises when it runs nothing and has had no answer of the store for O', () => {
    expect(judgeQuestion(nothing, first, silent)).toEqual({ kind: 'promise', memory: given(3, 1) });
  });

  it('promises nothing while its engine runs, or nobody knows whether it does', () => {
    for (const engineRunning of [true, null]) {
      const decision = judgeQuestion(nothing, first, { ...silent, engineRunning });
      expect(decision).toEqual({ kind: 'refuse', why: 'engine' });
    }
  });

  it('promises nothing for an epoch below one that it knows, not even again', () => {
    const facts = { ...silent, knownEpoch: 4 };
    expect(judgeQuestion(nothing, first, facts)).toEqual({ kind: 'refuse', why: 'higher-epoch' });
    expect(judgeQuestion(given(3, 1), first, facts)).toEqual({ kind: 'refuse', why: 'higher-epoch' });
  });

  it('answers a promise that still stands again without a new write', () => {
    expect(judgeQuestion(given(3, 1), first, silent)).toEqual({ kind: 'again' });
  });

  it('does not give a promise again that it has dropped', () => {
    const dropped = dropPromise(given(3, 1), first);
    expect(judgeQuestion(dropped, first, silent)).toEqual({ kind: 'refuse', why: 'older-period' });
    expect(judgeQuestion(dropped, { e: 3, n: 2 }, silent).kind).toBe('promise');
  });

  it('relays instead of promising when the store has answered it since the question', () => {
    const tries = [...silent.tries, { sentMs: 9_500, answered: true }];
    expect(judgeQuestion(nothing, first, { ...silent, tries })).toEqual({ kind: 'relay' });
  });

  it('takes an answer from before the question for the last one when nothing came since', () => {
    const answered = { sentMs: 8_600, answered: true };
    const tries = [answered, { sentMs: 9_000, answered: false }];
    expect(judgeQuestion(nothing, first, { ...silent, tries }).kind).toBe('promise');
    expect(judgeQuestion(nothing, first, { ...silent, tries: [answered] }).kind).toBe('hold');
  });

  it('does not promise for a try whose answer was overtaken by a later one', () => {
    const tries = [...silent.tries, { sentMs: 9_400, answered: true }];
    expect(judgeQuestion(nothing, first, { ...silent, tries }).kind).toBe('hold');
  });

  it('does not count an answer from before the Active’s last renewal', () => {
    const tries = [...silent.tries, { sentMs: 8_000, answered: true }];
    expect(judgeQuestion(nothing, first, { ...silent, tries }).kind).toBe('promise');
  });

  it('holds the question until it knows, for O at most, and then refuses', () => {
    const tries = [{ sentMs: 9_001, answered: false }];
    expect(judgeQuestion(nothing, first, { ...silent, tries }).kind).toBe('hold');
    expect(judgeQuestion(nothing, first, { ...silent, nowMs: 10_500, tries: [] })).toEqual({
      kind: 'refuse',
      why: 'store-unknown',
    });
  });

  it('uses the store only while no promise stands', () => {
    expect(mayUseStore(given(3, 1))).toBe(false);
    expect(mayUseStore(dropPromise(given(3, 1), first))).toBe(true);
  });

  it('keeps a promise later than the period that was left', () => {
    expect(dropPromise(given(3, 2), first)).toEqual(given(3, 2));
    expect(dropPromise(given(4, 1), { e: 3, n: 9 })).toEqual(given(4, 1));
    expect(dropPromise(given(3, 9), { e: 4, n: 0 }).promise).toBeNull();
  });

  it('gives back what the store has granted it beside a promise, and nothing else', () => {
    expect(grantToReturn(given(3, 1), { epoch: 4, holder: 'b' }, 'b')).toBe(4);
    expect(grantToReturn(given(3, 1), { epoch: 4, holder: 'a' }, 'b')).toBeNull();
    expect(grantToReturn(nothing, { epoch: 4, holder: 'b' }, 'b')).toBeNull();
  });
});
