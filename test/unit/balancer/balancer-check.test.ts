import { describe, expect, it } from 'vitest';
import { balancedListeners } from '../../../shared/balancer/balanced-site.ts';
import { judgeListener, type SeenAtMember } from '../../../shared/balancer/balancer-check.ts';
import { sampleSite } from '../host/install/install-samples.ts';

const listener = balancedListeners(sampleSite())[0]!;
const held = { kind: 'held' } as const;
const quiet = { before: ['other'], during: ['other'], after: ['other'] };
const ours = { before: ['other'], during: ['other', 'ours'], after: ['other'] };

function seen(north: Partial<SeenAtMember>, south: Partial<SeenAtMember>): SeenAtMember[] {
  return [
    { server: 'north', sessions: quiet, active: 503, ...north },
    { server: 'south', sessions: quiet, active: 503, ...south },
  ];
}

/** Goal: nothing is called proven that was not seen on both sides of the balancer. */
describe('who answers through the balancer', () => {
  it('is the member that saw our session come and go and whose /active says 200', () => {
    const check = judgeListener(listener, held, seen({}, { sessions: ours, active: 200 }));
    expect(check).toMatchObject({ verdict: 'proven', server: 'south', address: '192.0.2.14:7001' });
    expect(check.finding).toBe('ig-south answers, and its /active says 200');
  });

  it.each([
    [
      'refused',
      { kind: 'refused', why: 'ECONNREFUSED' },
      seen({}, {}),
      'nobody answers there (ECONNREFUSED)',
    ],
    ['ended at once', { kind: 'ended' }, seen({}, {}), 'it sends to nobody'],
    ['seen by no member', held, seen({}, {}), 'no member saw the connection'],
    [
      'given to a member that is not Active',
      held,
      seen({ sessions: ours }, { active: 200 }),
      'ig-north answers, although its /active says 503',
    ],
  ] as const)('failed where our connection was %s', (_what, own, members, finding) => {
    const check = judgeListener(listener, own, members);
    expect(check.verdict).toBe('failed');
    expect(check.finding).toContain(finding);
    expect(check.remedy).not.toBeNull();
  });

  it.each([
    ['a member could not be asked', seen({}, { sessions: null, active: 200 }), 'ig-south could not be asked'],
    ['others came and went on both members', seen({ sessions: ours }, { sessions: ours }), 'other senders'],
    ['/active cannot be asked from here', seen({ sessions: ours, active: null }, {}), 'cannot ask'],
  ] as const)('is unknown where %s', (_what, members, finding) => {
    const check = judgeListener(listener, held, members);
    expect(check.verdict).toBe('unknown');
    expect(check.finding).toContain(finding);
  });

  it('does not take a session that stays for ours', () => {
    const stays = { before: [], during: ['sender'], after: ['sender'] };
    expect(judgeListener(listener, held, seen({ sessions: stays, active: 200 }, {})).verdict).toBe('failed');
  });
});
