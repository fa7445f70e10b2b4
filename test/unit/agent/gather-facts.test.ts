import { expect, test } from 'vitest';
import { gatherFacts } from '../../../agent/member/gather-facts.ts';
import { fakeMember } from './fake-parts.ts';

/** Goal: how long an engine's API is awaited, whoever started the engine. Method: looks by hand. */
const awaitedMs = (change: {
  runningMs?: number;
  answeredMs?: number;
  answers?: boolean;
  stopped?: boolean;
}) => {
  const member = fakeMember();
  member.looks = [change.stopped === true ? 'stopped' : 'running'];
  member.runningMs = change.runningMs ?? null;
  member.engineOn = change.answers === true ? { components: 3, pollers: 2 } : null;
  member.parts.runtime.apiAnsweredMs =
    change.answeredMs === undefined ? null : member.nowMs - change.answeredMs;
  return gatherFacts(member.parts).engine.apiAwaitedMs;
};

test('an API that never answered is awaited since the process was first seen', () => {
  expect(awaitedMs({ runningMs: 61_000 })).toBe(61_000);
});

test('an API that answered is awaited since then, and since the start of the process at most', () => {
  expect(awaitedMs({ runningMs: 90_000, answeredMs: 5_000 })).toBe(5_000);
  expect(awaitedMs({ runningMs: 5_000, answeredMs: 90_000 })).toBe(5_000);
});

test('nothing is awaited of an engine that answers, is stopped, or whose start is not known', () => {
  expect(awaitedMs({ runningMs: 61_000, answers: true })).toBe(0);
  expect(awaitedMs({ runningMs: 61_000, stopped: true })).toBe(0);
  expect(awaitedMs({})).toBe(0);
});

test('a generation above the own epoch is told, and one that is not known or not above it is none', () => {
  const member = fakeMember();
  const found = (epoch: number) => {
    member.parts.memory.update({ epoch });
    return gatherFacts(member.parts).storage.newerGeneration;
  };
  expect([found(3), found(4), found(5)]).toEqual([4, null, null]);
});
