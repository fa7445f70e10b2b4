import { describe, expect, it } from 'vitest';
import {
  askForPromise,
  judgeRecordInPeerMode,
  leaveOnEnd,
  leaveOnGrant,
  leaveOnRenewal,
  leftToTell,
  livesOnPromise,
  newAsker,
  takePromise,
  voidPeerMode,
  type AskerMemory,
  type AskerState,
} from '../../../shared/lease/asker.ts';
import { leaseInstants, timingPresets } from '../../../shared/lease/timing.ts';

const timing = timingPresets.fast;
const { lastUseMs } = leaseInstants(timing);
const unused: AskerMemory = { asked: null, peer: null, left: null };
const sentMs = 1_000;

function asked(memory = unused, nonce = 'x') {
  return askForPromise(newAsker(memory, nonce, true), 3);
}

function entered(state: AskerState, question: Parameters<typeof takePromise>[1]): AskerState {
  const outcome = takePromise(state, question, sentMs, sentMs + 1, timing);
  if (outcome.kind !== 'entered') throw new Error(outcome.why);
  return outcome.state;
}

function inPeerMode(): AskerState {
  const { state, question } = asked();
  return entered(state, question);
}

describe('asker', () => {
  it('numbers its questions from 1 in each epoch and keeps the number in a retry', () => {
    const { state, question } = asked();
    expect(question).toEqual({ period: { e: 3, n: 1 }, nonce: 'x' });
    expect(askForPromise(state, 3).question).toEqual(question);
    expect(askForPromise(state, 4).question.period).toEqual({ e: 4, n: 1 });
  });

  it('takes a new number after a restart, and after a period was left', () => {
    const { state } = asked();
    expect(asked(state.memory, 'y').question.period).toEqual({ e: 3, n: 2 });
    expect(askForPromise(leaveOnRenewal(state)!, 3).question.period).toEqual({ e: 3, n: 2 });
  });

  it('lives on a promise that comes before the last use of its lease', () => {
    const { state, question } = asked();
    expect(livesOnPromise(state)).toBe(false);
    const outcome = takePromise(state, question, sentMs, sentMs + lastUseMs - 1, timing);
    expect(outcome).toMatchObject({ kind: 'entered', state: { memory: { peer: { e: 3, n: 1 } } } });
  });

  it('uses no promise that comes too late, or without a lease', () => {
    const { state, question } = asked();
    const late = takePromise(state, question, sentMs, sentMs + lastUseMs, timing);
    expect(late).toEqual({ kind: 'ignored', why: 'too-late' });
    const without = takePromise(state, question, null, sentMs, timing);
    expect(without).toEqual({ kind: 'ignored', why: 'no-lease' });
  });

  it('uses only the answer to the latest question of its own process', () => {
    const { state, question } = asked();
    const take = (change: Partial<typeof question>) =>
      takePromise(state, { ...question, ...change }, sentMs, sentMs + 1, timing);
    expect(take({ nonce: 'older' })).toEqual({ kind: 'ignored', why: 'another-process' });
    expect(take({ period: { e: 3, n: 0 } })).toEqual({ kind: 'ignored', why: 'another-period' });
  });

  it('never uses a promise of a period that it has left', () => {
    const { state, question } = asked();
    const left = leaveOnRenewal(state)!;
    expect(left.memory.left).toEqual({ e: 3, n: 1 });
    expect(takePromise(left, question, sentMs, sentMs + 1, timing)).toEqual({ kind: 'ignored', why: 'left' });
  });

  it('enters once, whatever comes twice', () => {
    const { state, question } = asked();
    const again = takePromise(entered(state, question), question, sentMs, sentMs + 2, timing);
    expect(again).toEqual({ kind: 'ignored', why: 'not-asked' });
  });

  it('goes on after a restart only if the engine is still running', () => {
    const { memory } = inPeerMode();
    expect(livesOnPromise(newAsker(memory, 'y', true))).toBe(true);
    expect(livesOnPromise(newAsker(memory, 'y', false))).toBe(false);
  });

  it('starts an engine that is off after a restart on a fresh promise with a new number', () => {
    const again = askForPromise(newAsker(inPeerMode().memory, 'y', false), 3);
    expect(again.question.period).toEqual({ e: 3, n: 2 });
    const outcome = takePromise(again.state, again.question, null, 90_000, timing);
    expect(outcome.kind === 'entered' && livesOnPromise(outcome.state)).toBe(true);
  });

  it('leaves on a renewal and remembers the period', () => {
    const left = leaveOnRenewal(inPeerMode())!;
    expect(left.memory).toEqual({ asked: { e: 3, n: 1 }, peer: null, left: { e: 3, n: 1 } });
    expect(livesOnPromise(left)).toBe(false);
    expect(leaveOnRenewal(left)).toBeNull();
    expect(leaveOnRenewal(newAsker(unused, 'x', true))).toBeNull();
  });

  it('ends every earlier period with the grant of a new epoch', () => {
    expect(leaveOnGrant(inPeerMode(), 5).memory).toMatchObject({ peer: null, left: { e: 5, n: 0 } });
  });

  it('ends with its epoch what it has asked for, so that a late promise starts nothing', () => {
    const { state, question } = asked();
    const over = leaveOnEnd(state, 3);
    expect(over.memory.left).toEqual(question.period);
    expect(takePromise(over, question, sentMs, sentMs + 1, timing)).toEqual({ kind: 'ignored', why: 'left' });
    expect(leaveOnEnd(state, 2)).toBe(state);
    expect(leaveOnEnd(newAsker(unused, 'x', true), 3).memory).toEqual(unused);
  });

  it('does not live on a promise after it has given one itself', () => {
    const given = voidPeerMode(inPeerMode());
    expect(livesOnPromise(given)).toBe(false);
    expect(given.memory).toMatchObject({ asked: { e: 3, n: 1 }, peer: null });
  });

  it('tells the store of the period it left until the store shows it', () => {
    const left = leaveOnRenewal(inPeerMode())!;
    expect(leftToTell(left, null)).toEqual({ e: 3, n: 1 });
    expect(leftToTell(left, { e: 3, n: 0 })).toEqual({ e: 3, n: 1 });
    expect(leftToTell(left, { e: 3, n: 1 })).toBeNull();
  });

  it('goes on beside a grant that was never used, and stops for a forced takeover', () => {
    const record = { epoch: 4, holder: 'b', forced: false };
    expect(judgeRecordInPeerMode(record, 'a', 3)).toBe('acquire');
    expect(judgeRecordInPeerMode({ ...record, forced: true }, 'a', 3)).toBe('stop');
    expect(judgeRecordInPeerMode({ epoch: 3, holder: 'a', forced: true }, 'a', 3)).toBe('renew');
  });

  it('asks nothing of a store behind it, and of one that lost its holder the next epoch', () => {
    expect(judgeRecordInPeerMode({ epoch: 2, holder: 'a', forced: false }, 'a', 3)).toBe('refuse-store');
    expect(judgeRecordInPeerMode({ epoch: 3, holder: null, forced: false }, 'a', 3)).toBe('acquire');
  });
});
