import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dial, DialEvents } from '../../../agent/api/dial.ts';
import { cutDial, RehearsedCuts } from '../../../agent/api/rehearsed-cuts.ts';
import { cutStoreLink } from '../../../agent/lease-stores/cut-store-link.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { LeaseAnswer, LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import type { Identity } from '../../../shared/site/identity.ts';

/** Goal: a way that a drill cuts is silent for as long as was said, and whole again by itself. Method: a dial that notes. */
let cuts: RehearsedCuts;
let sent: string[];
let far: DialEvents[];
let told: string[];
let dial: Dial;
const witness: Identity = { kind: 'witness', site: 'demo', server: 'wit' };
const peer: Identity = { kind: 'member', site: 'demo', cluster: 'WK1', server: 'south' };

beforeEach(() => {
  vi.useFakeTimers();
  [sent, far, told] = [[], [], []];
  const clock = { bootMs: () => Date.now(), wallTime: () => '' };
  cuts = new RehearsedCuts(clock, systemTimers);
  const near: Dial = (_target, events) => {
    far.push(events);
    return { isOpen: () => true, send: (text) => sent.push(text), terminate: () => undefined };
  };
  dial = cutDial(near, cuts, systemTimers);
  return () => vi.useRealTimers();
});

function open(expected: Identity, through = false) {
  const target = { expected, address: '127.0.0.1', port: 1, path: '/x', limitMs: 500 };
  const relay = { expected: peer, address: '127.0.0.1', port: 2, path: '/relay' } as const;
  const says = (what: string) => () => told.push(what);
  return dial(through ? { ...target, through: relay } : target, {
    ...{ onOpen: says('open'), onClose: says('closed') },
    onText: (text) => told.push(text),
    onError: ({ message }) => told.push(message),
  });
}

describe('a way that a drill has cut', () => {
  it('carries nothing in either direction until its time is over, and then as before', () => {
    const socket = open(witness);
    cuts.cut(['store'], 1_000, () => told.push('healed'));
    socket.send('lost');
    far[0]!.onText('lost too');
    expect([sent, told]).toEqual([[], []]);
    vi.advanceTimersByTime(1_000);
    socket.send('renew');
    far[0]!.onText('renewed');
    expect([sent, told]).toEqual([['renew'], ['healed', 'renewed']]);
    expect(cuts.any()).toBe(false);
  });

  it('lets no new connection come about, and says why', () => {
    cuts.cut(['store'], 1_000, () => undefined);
    expect(open(witness).isOpen()).toBe(false);
    expect(far).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(told).toEqual([expect.stringMatching(/a drill has taken this way away/), 'closed']);
  });

  it('ends an attempt that is given up, once', () => {
    cuts.cut(['store'], 1_000, () => undefined);
    open(witness).terminate();
    vi.advanceTimersByTime(2_000);
    expect(told).toEqual(['closed']);
  });

  it('leaves the way to the peer alone, and what goes through the peer, unless that is cut too', () => {
    cuts.cut(['store'], 1_000, () => undefined);
    open(peer).send('beat');
    open(witness, true).send('renew');
    expect(sent).toEqual(['beat', 'renew']);
    cuts.cut(['store', 'peer'], 1_000, () => undefined);
    open(peer).send('beat');
    open(witness, true).send('renew');
    expect(sent).toEqual(['beat', 'renew']);
  });

  it('is silent for a lease store that is reached in another way, too', () => {
    const requests: LeaseRequest[] = [];
    const answers: LeaseAnswer[] = [];
    let answer: (given: LeaseAnswer) => void = () => undefined;
    const link = cutStoreLink(
      (heard) => {
        answer = heard;
        return { send: (request) => requests.push(request) > 0, trouble: () => null, close: () => undefined };
      },
      (given) => answers.push(given),
      cuts,
    );
    const request = { op: 'read', id: 1 } as unknown as LeaseRequest;
    cuts.cut(['store'], 1_000, () => undefined);
    answer({ id: 1 } as LeaseAnswer);
    expect([link.send(request), link.trouble(), answers]).toEqual([
      false,
      expect.stringMatching(/drill/) as unknown,
      [],
    ]);
    vi.advanceTimersByTime(1_000);
    answer({ id: 1 } as LeaseAnswer);
    expect([link.send(request), link.trouble(), answers.length]).toEqual([true, null, 1]);
  });
});
