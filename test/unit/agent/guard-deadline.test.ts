import { beforeEach, expect, it } from 'vitest';
import { GuardDeadline } from '../../../agent/member/guard-deadline.ts';
import { leaseInstants, timingPresets } from '../../../shared/lease/timing.ts';

/** Goal: what lives without a lease is never fed past a stop that is due. Method: timers that never fire, as in a process that hangs. */
const at = leaseInstants(timingPresets.fast);
let nowMs: number;
let deadlineMs: number;
let stops: number;
let guard: GuardDeadline;

beforeEach(() => {
  nowMs = 1_000_000;
  deadlineMs = 0;
  stops = 0;
  guard = new GuardDeadline({
    clock: { bootMs: () => nowMs, wallTime: () => '' },
    timers: {
      after: () => () => undefined,
      every: () => () => undefined,
      soon: () => undefined,
      monotonicMs: () => nowMs,
      untilBeat: () => 0,
    },
    file: {
      read: () => null,
      write: (_epoch: number, untilMs: number) => void (deadlineMs = untilMs),
      remove: () => undefined,
    },
    instants: at,
    note: () => undefined,
    onOwnStop: () => (stops += 1),
  });
  expect(guard.arm(5, nowMs)).toBe(true);
});

it('moves forward by a period while its stop is not due', () => {
  nowMs += at.ownStopMs - 1;
  guard.goOn(5);
  expect({ deadlineMs, stops }).toEqual({ deadlineMs: nowMs + at.guardKillMs, stops: 0 });
});

it('is not moved by a process that comes back after its stop was due: that comes first', () => {
  nowMs += at.ownStopMs;
  guard.goOn(5);
  expect({ deadlineMs, stops }).toEqual({ deadlineMs: 1_000_000 + at.guardKillMs, stops: 1 });
});

it('is armed anew as if nothing had been before', () => {
  guard.disarm();
  nowMs += at.ownStopMs;
  expect(guard.arm(5, nowMs)).toBe(true);
  guard.goOn(5);
  expect(stops).toBe(0);
});
