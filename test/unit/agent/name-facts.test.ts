import { expect, test } from 'vitest';
import { gatherFacts } from '../../../agent/member/gather-facts.ts';
import { nameFacts } from '../../../agent/member/name-facts.ts';
import { fakeMember } from './fake-parts.ts';

/** Goal: no fact is shown younger than it is. Method: facts gathered once, named at once and later. */
test('the ages of facts go on while nothing new is decided', () => {
  const { parts } = fakeMember();
  const facts = gatherFacts(parts);
  const ages = (nowMs: number) => nameFacts(parts, facts, nowMs).map(({ ageMs }) => ageMs);
  const atOnce = ages(facts.nowMs);
  expect(ages(facts.nowMs + 90)).toEqual(atOnce.map((ageMs) => ageMs + 90));
});

test('an answer of the peer that came after the decision has an age as well', () => {
  const { parts } = fakeMember();
  const facts = gatherFacts(parts);
  const answeredAtMs = facts.nowMs + 30;
  const peer = parts.peer as unknown as { facts: (nowMs: number) => object };
  peer.facts = (nowMs) => ({ reachable: true, status: null, answeredMs: nowMs - answeredAtMs });
  const named = nameFacts(parts, facts, facts.nowMs + 90).find(({ name }) => name === 'Peer');
  expect(named?.ageMs).toBe(60);
});
