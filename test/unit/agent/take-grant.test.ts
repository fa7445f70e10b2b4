import { expect, it } from 'vitest';
import { takeGrant } from '../../../agent/member/take-grant.ts';
import { fakeMember } from './fake-parts.ts';

/** Goal: what a grant brings with it does not depend on who waits for it. Method: parts that write down what is asked. */
function granted(takesFrom: string | null, own: object | null = null) {
  const member = fakeMember();
  const cuts: number[] = [];
  Object.assign(member.parts, { cutOff: { begin: (epoch: number) => cuts.push(epoch) } });
  Object.assign(member.parts.changes, { own: () => own });
  Object.assign(member.parts.runtime, { crashes: [1], provenEpoch: 5, startedEpoch: 5, takesFrom });
  return { parts: member.parts, cuts };
}

it('has nothing of an earlier epoch count, and cuts off whoever held the lease before', () => {
  const { parts, cuts } = granted('south');
  takeGrant(parts, { epoch: 6, goesOn: false });
  expect(parts.runtime).toMatchObject({
    crashes: [],
    provenEpoch: null,
    startedEpoch: null,
    takesFrom: null,
  });
  expect(cuts).toEqual([6]);
});

it.each([
  ['its own last lease, or the first of all', null, null, []],
  ['a lease by force, whoever held it', null, { kind: 'force-takeover' }, [6]],
])('of %s cuts off %j', (_what, from, own, cut) => {
  const { parts, cuts } = granted(from, own);
  takeGrant(parts, { epoch: 6, goesOn: false });
  expect(cuts).toEqual(cut);
});

it('under which an engine goes on changes nothing but the epoch that it was started with', () => {
  const { parts, cuts } = granted('south');
  takeGrant(parts, { epoch: 6, goesOn: true });
  expect(parts.runtime).toMatchObject({ crashes: [1], provenEpoch: 5, startedEpoch: 6 });
  expect(cuts).toEqual([]);
});
