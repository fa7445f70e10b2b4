import { describe, expect, it } from 'vitest';
import type { LeaseAnswer, LeaseView } from '../../../shared/agent-api/lease-frames.ts';
import { livesOnPromise } from '../../../shared/lease/asker.ts';
import {
  askPeer,
  endLeaseEpoch,
  guardDeadlineMs,
  memoryOf,
  newMemberLease,
  periodToTell,
  prepareLeaseRequest,
  returnGrant,
  takeLeft,
  takePeerPromise,
  takeQuestion,
  takeStoreAnswer,
  type LeaseMemory,
  type MemberLease,
  type Step,
} from '../../../shared/lease/member-lease.ts';
import type { PromiserFacts } from '../../../shared/lease/promiser.ts';
import { leaseInstants, timingPresets } from '../../../shared/lease/timing.ts';

const timing = timingPresets.fast;
const { guardKillMs, lastUseMs } = leaseInstants(timing);
const unused: LeaseMemory = {
  epoch: 0,
  ended: 0,
  storeId: 's',
  asked: null,
  peer: null,
  left: null,
  promise: null,
  promised: null,
};
const period = { e: 3, n: 1 };
const view: LeaseView = { storeId: 's', epoch: 3, holder: 'a', reservedFor: null, freeInMs: 0 };
const silent: PromiserFacts = {
  nowMs: 10_000,
  engineRunning: false,
  knownEpoch: 3,
  receivedMs: 9_500,
  renewalAgeMs: 1_500,
  tries: [{ sentMs: 9_000, answered: false }],
  operationMs: 1_000,
};

type Body = Parameters<typeof prepareLeaseRequest>[2];

/** Sends at `sentMs` and takes the answer in right away. */
function exchange(state: MemberLease, body: Body, answer: Omit<LeaseAnswer, 'id'>, sentMs = 1_000): Step {
  const prepared = prepareLeaseRequest(state, 'C', body, sentMs, timing);
  if (prepared === null) throw new Error('may not be asked for');
  const whole = { ...answer, id: prepared.request.id } as LeaseAnswer;
  return takeStoreAnswer(prepared.state, whole, sentMs + 1, timing);
}

const read = (state: MemberLease, change: Partial<LeaseView> = {}) =>
  exchange(state, { op: 'read' }, { result: 'read', view: { ...view, ...change } });

/** The Active of epoch 3. */
function active(): MemberLease {
  const member = newMemberLease({ ...unused, epoch: 3 }, 'x', true);
  return exchange(member, { op: 'renew' }, { result: 'renewed', view }).state;
}

function inPeerMode(): MemberLease {
  const asked = askPeer(active())!;
  const { state, outcome } = takePeerPromise(asked.state, asked.question, 1_000 + lastUseMs - 1, timing);
  expect(outcome.kind).toBe('entered');
  return state;
}

describe('member lease, asking', () => {
  it('asks its peer only with a lease or with peer mode to go on with', () => {
    expect(askPeer(newMemberLease({ ...unused, epoch: 3 }, 'x', true))).toBeNull();
    expect(askPeer(active())?.question).toEqual({ period, nonce: 'x' });
    expect(askPeer(inPeerMode())).toBeNull();
    const restarted = newMemberLease(memoryOf(inPeerMode()), 'y', false);
    expect(askPeer(restarted)?.question).toEqual({ period: { e: 3, n: 2 }, nonce: 'y' });
  });

  it('asks nothing under an epoch that has ended, and uses no promise for it', () => {
    const { state, question } = askPeer(active())!;
    const over = endLeaseEpoch(state, 3);
    expect(askPeer(over)).toBeNull();
    expect(memoryOf(over)).toMatchObject({ ended: 3, left: period });
    expect(takePeerPromise(over, question, 1_001, timing).outcome).toEqual({ kind: 'ignored', why: 'left' });
  });

  it('feeds its guards from now on a promise, and from the lease when it has left', () => {
    const member = inPeerMode();
    expect(guardDeadlineMs(member, 50_000, timing)).toBe(50_000 + guardKillMs);
    const { state, effects } = exchange(member, { op: 'renew' }, { result: 'renewed', view }, 50_000);
    expect(effects.map(({ kind }) => kind)).toEqual(['renewed', 'left']);
    expect(guardDeadlineMs(state, 50_900, timing)).toBe(50_000 + guardKillMs);
    expect(memoryOf(state)).toMatchObject({ peer: null, left: period });
  });

  it('goes on beside a grant that was never used, and takes the next epoch in one write', () => {
    const refused = { result: 'refused', why: 'not-holder', view: { ...view, epoch: 4, holder: 'b' } };
    const beside = exchange(inPeerMode(), { op: 'renew' }, refused as Omit<LeaseAnswer, 'id'>, 50_000);
    expect(beside.effects).toEqual([{ kind: 'epoch-gone', epoch: 3, why: 'not-holder' }]);
    expect(livesOnPromise(beside.state.asker)).toBe(true);
    const granted = { result: 'granted', view: { ...view, epoch: 5 } } as const;
    const { state } = exchange(beside.state, { op: 'acquire' }, granted, 60_000);
    expect(memoryOf(state)).toMatchObject({ epoch: 5, peer: null, left: { e: 5, n: 0 } });
  });

  it('gives up peer mode on disk when the engine is off and a higher epoch is seen', () => {
    const restarted = newMemberLease(memoryOf(inPeerMode()), 'y', false);
    expect(memoryOf(read(restarted, { epoch: 4, holder: 'b' }).state).peer).toBeNull();
    expect(memoryOf(read(restarted).state).peer).toEqual(period);
  });

  it('tells of the period it has left until the store shows it, also after a restart', () => {
    const left = exchange(inPeerMode(), { op: 'renew' }, { result: 'renewed', view }, 50_000).state;
    const restarted = newMemberLease(memoryOf(left), 'y', true);
    expect(periodToTell(restarted)).toEqual(period);
    expect(periodToTell(read(restarted, { left: period }).state)).toBeNull();
  });
});

describe('member lease, promising', () => {
  const passive = () => read(newMemberLease(unused, 'p', false)).state;
  const promised = (state = passive()) => {
    const { state: next, decision } = takeQuestion(state, period, silent);
    expect(decision.kind).toBe('promise');
    return next;
  };

  it('asks the store for nothing but its record while the promise stands, also after a restart', () => {
    for (const member of [promised(), read(newMemberLease(memoryOf(promised()), 'q', false)).state]) {
      const may = (body: Body) => prepareLeaseRequest(member, 'C', body, 1_000, timing) !== null;
      expect([may({ op: 'acquire' }), may({ op: 'renew' }), may({ op: 'read' })]).toEqual([
        false,
        false,
        true,
      ]);
    }
  });

  it('uses no grant that was on the way when it promised, not even after the promise was dropped', () => {
    const asking = prepareLeaseRequest(passive(), 'C', { op: 'acquire' }, 9_900, timing)!;
    const dropped = takeLeft(promised(asking.state), period);
    expect(dropped.effects).toEqual([{ kind: 'promise-dropped', period }]);
    const granted = { id: asking.request.id, result: 'granted', view: { ...view, epoch: 4 } } as const;
    const late = takeStoreAnswer(dropped.state, granted, 10_000, timing);
    expect(late.effects.map(({ kind }) => kind)).toEqual(['ignored']);
    expect(late.state.holder.lease).toBeNull();
  });

  it('promises nothing once a grant of a higher epoch is its own', () => {
    const acquired = exchange(
      passive(),
      { op: 'acquire' },
      { result: 'granted', view: { ...view, epoch: 4 } },
    );
    expect(takeQuestion(acquired.state, period, silent).decision).toEqual({
      kind: 'refuse',
      why: 'higher-epoch',
    });
  });

  it('does not live on a promise after it has given one', () => {
    const restarted = newMemberLease({ ...memoryOf(inPeerMode()), epoch: 2 }, 'y', false);
    expect(memoryOf(promised(restarted))).toMatchObject({ peer: null, promise: period, promised: period });
  });

  it('gives back a grant that came beside its promise: epoch and end in one write, then the release', () => {
    const granted = read(promised(), { epoch: 4, holder: 'b' }).state;
    const returned = returnGrant(granted, 'b')!;
    expect(memoryOf(returned)).toMatchObject({ epoch: 4, ended: 4, promise: period });
    const release = prepareLeaseRequest(returned, 'C', { op: 'release', reservedFor: 'a' }, 1_000, timing);
    expect(release?.request).toMatchObject({ op: 'release', epoch: 4 });
    expect(returnGrant(returned, 'b')).toBeNull();
    expect(returnGrant(granted, 'a')).toBeNull();
    expect(returnGrant(passive(), 'a')).toBeNull();
  });

  it('ends its promise with a grant that a person has forced, in one write', () => {
    const forced = { by: 'admin-1', reason: 'the other one is off', at: '', alone: false };
    const granted = { result: 'granted', view: { ...view, epoch: 4, holder: 'b' } } as const;
    const { state } = exchange(promised(passive()), { op: 'force', forced }, granted, 10_000);
    expect(memoryOf(state)).toMatchObject({ epoch: 4, promise: null });
    expect(state.holder.lease).not.toBeNull();
  });

  it('drops a promise when the store shows that its period was left, and not for a higher epoch', () => {
    expect(read(promised(), { left: period }).effects).toEqual([{ kind: 'promise-dropped', period }]);
    expect(memoryOf(read(promised(), { epoch: 9 }).state).promise).toEqual(period);
  });
});
