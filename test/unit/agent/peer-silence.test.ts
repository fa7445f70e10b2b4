import { beforeEach, describe, expect, test } from 'vitest';
import { noticePeer } from '../../../agent/member/member-findings.ts';
import { fakeMember, type FakeMember } from './fake-parts.ts';

/** Goal: which silences of the peer the journal tells. Method: the age of its last answer by hand. */
let member: FakeMember;
let answeredMs: number;
let reachable: boolean;

beforeEach(() => {
  member = fakeMember();
  [answeredMs, reachable] = [50, true];
  Object.assign(member.parts.peer, { facts: () => ({ reachable, answeredMs }) });
  noticePeer(member.parts);
});

function silentFor(ms: number): void {
  [answeredMs, reachable] = [ms, false];
  member.nowMs += ms;
  noticePeer(member.parts);
}

function answers(): void {
  [answeredMs, reachable] = [50, true];
  member.nowMs += 1_000;
  noticePeer(member.parts);
}

describe('a peer that does not answer', () => {
  test('is told with how long, and so is its return', () => {
    silentFor(1_600);
    noticePeer(member.parts);
    answers();
    expect(member.told).toEqual([
      'ig-south does not answer; its last answer came 1.6 s ago.',
      'ig-south answers again after 2.5 s.',
    ]);
  });

  test('and comes and goes does not fill the journal, and a silence as long as a lease is told all the same', () => {
    for (let flap = 0; flap < 50; flap += 1) {
      silentFor(1_600);
      answers();
    }
    expect(member.told).toHaveLength(10);
    expect(member.told.at(-2)).toContain(
      'it comes and goes, so until it stays only silences of 4 s are told',
    );
    silentFor(1_600);
    expect(member.told).toHaveLength(10);
    silentFor(4_000);
    answers();
    expect(member.told.slice(10)).toEqual([
      'ig-south does not answer; its last answer came 4.0 s ago.',
      expect.stringContaining('answers again after'),
    ]);
  });

  test('is told at once again when it has stayed for ten minutes', () => {
    for (let flap = 0; flap < 9; flap += 1) {
      silentFor(1_600);
      answers();
    }
    member.nowMs += 600_000;
    answers();
    silentFor(1_600);
    expect(member.told).toHaveLength(11);
  });
});
