import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnswerListener, LeaseStoreLink } from '../../../agent/lease-stores/lease-store-link.ts';
import { TwoWayLink } from '../../../agent/lease-stores/two-way-link.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { LeaseAnswer, LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';

/** Goal: what is asked of the store takes the right way, and is heard once. Method: two ways that a test answers. */
interface Way {
  readonly link: LeaseStoreLink;
  readonly sent: LeaseRequest[];
  answer: AnswerListener;
  open: () => void;
  connected: boolean;
  closed: boolean;
}

function way(): Way {
  const made: Way = {
    sent: [],
    answer: () => undefined,
    open: () => undefined,
    connected: true,
    closed: false,
    link: {
      send: (request) => {
        if (made.connected) made.sent.push(request);
        return made.connected;
      },
      trouble: () => (made.connected ? null : 'no answer for 1.0 s'),
      close: () => {
        made.closed = true;
      },
    },
  };
  return made;
}

let direct: Way;
let peer: Way;
let link: TwoWayLink;
let heard: LeaseAnswer[];
let told: string[];
let reopened: number;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  [direct, peer] = [way(), way()];
  [heard, told, reopened] = [[], [], 0];
  peer.closed = true;
  const opens = (one: Way) => (onAnswer: AnswerListener, onOpen: () => void) => {
    Object.assign(one, { answer: onAnswer, open: onOpen, closed: false });
    return one.link;
  };
  link = new TwoWayLink({
    timing: timingPresets.fast,
    clock: { bootMs: () => Date.now(), wallTime: () => '' },
    timers: systemTimers,
    peerName: 'ig-south',
    openDirect: opens(direct),
    openThroughPeer: opens(peer),
    onAnswer: (answer) => heard.push(answer),
    onOpen: () => (reopened += 1),
    note: (sentence) => told.push(sentence),
  });
});
afterEach(() => {
  link.close();
  vi.useRealTimers();
});

const base = { cluster: 'WK1', storeId: null };
const renewal = (id: number): LeaseRequest => ({ ...base, id, op: 'renew', T: 4, epoch: 3 });
const view = { storeId: 's', epoch: 3, holder: 'north', reservedFor: null, freeInMs: 4_000 };
const renewed = (id: number): LeaseAnswer => ({ id, result: 'renewed', view });

/** Renewals every H for so long, answered through the peer only. */
function relayedFor(ms: number, from = 1): number {
  let id = from;
  for (let past = 0; past < ms; past += 500, id += 1) {
    link.send(renewal(id));
    vi.advanceTimersByTime(450);
    if (peer.sent.at(-1)?.id === id) peer.answer(renewed(id));
    vi.advanceTimersByTime(50);
  }
  return id;
}

describe('the link to the lease store', () => {
  it('waits for nothing once a renewal was answered, and for the next one all the same', () => {
    link.send(renewal(1));
    expect(vi.getTimerCount()).toBe(1);
    direct.answer(renewed(1));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(500);
    link.send(renewal(2));
    vi.advanceTimersByTime(1_000);
    expect(peer.closed).toBe(false);
  });

  it('opens the way through the peer by itself while a renewal waits, and asks for one over it', () => {
    link.send(renewal(1));
    vi.advanceTimersByTime(300);
    expect(peer.closed).toBe(false);
    peer.open();
    expect(reopened).toBe(1);
    expect(link.send(renewal(2))).toBe(true);
    expect([direct.sent, peer.sent].map((sent) => sent.map(({ id }) => id))).toEqual([[1, 2], [2]]);
  });

  it('hands on the first answer only, whichever way it comes', () => {
    link.send(renewal(1));
    vi.advanceTimersByTime(300);
    link.send(renewal(2));
    peer.answer(renewed(2));
    direct.answer(renewed(2));
    direct.answer(renewed(1));
    expect(heard.map(({ id }) => id)).toEqual([2, 1]);
  });

  it('says that a renewal was sent when the peer alone takes it', () => {
    direct.connected = false;
    expect(link.send(renewal(1))).toBe(false);
    vi.advanceTimersByTime(300);
    expect(link.send(renewal(2))).toBe(true);
    expect(link.trouble()).toBeNull();
    peer.connected = false;
    expect(link.send(renewal(3))).toBe(false);
    expect(link.trouble()).toBe('no answer for 1.0 s; through ig-south: no answer for 1.0 s');
  });

  it('tells once that the lease rests on the peer, and once that it does not any more', () => {
    const next = relayedFor(3_000);
    expect(told).toEqual([
      'The lease is renewed through ig-south: the direct path to the lease store is broken (it is connected but does not answer).',
    ]);
    expect(link.throughPeerMs(Date.now())).toBeGreaterThan(0);
    for (let id = next; id < next + 8; id += 1) {
      link.send(renewal(id));
      direct.answer(renewed(id));
      vi.advanceTimersByTime(500);
    }
    expect(told[1]).toMatch(/^The direct path to the lease store works again: .+ s through ig-south\.$/);
    expect(told).toHaveLength(2);
    expect(peer.closed).toBe(true);
    expect(link.throughPeerMs(Date.now())).toBeNull();
  });

  it('sends what must be done once the way that the lease rests on, and once', () => {
    const next = relayedFor(3_000);
    const release: LeaseRequest = { ...base, id: next, op: 'release', epoch: 3, reservedFor: null };
    expect(link.send(release)).toBe(true);
    expect([direct.sent.includes(release), peer.sent.includes(release)]).toEqual([false, true]);
  });

  it('never asks for a lease, nor looks at the store, through the peer', () => {
    const next = relayedFor(3_000);
    const before = peer.sent.length;
    link.send({ ...base, id: next, op: 'read' });
    link.send({ ...base, id: next + 1, op: 'acquire', T: 4, epochSeen: 3 });
    expect(peer.sent).toHaveLength(before);
    expect(direct.sent.slice(-2).map(({ op }) => op)).toEqual(['read', 'acquire']);
  });

  it('closes the way through the peer, without a word, once this member is no holder any more', () => {
    const next = relayedFor(3_000);
    vi.advanceTimersByTime(4_000);
    link.send({ ...base, id: next, op: 'read' });
    expect(peer.closed).toBe(true);
    expect(told).toHaveLength(1);
  });
});
