import { expect, it } from 'vitest';
import { profileFor } from '../../../scripts/lib/ixha-profile.mjs';

const facts = { args: ['status'], env: {}, hasOwnAgent: false, demos: [{ profile: '/demo/profile' }] };

it('uses the demo site when exactly one runs and no site is named', () => {
  expect(profileFor(facts)).toEqual({ kind: 'demo', profile: '/demo/profile' });
});

it.each([
  [{ args: ['status', '--profile', '/mine'] }],
  [{ args: ['status', '--profile=/mine'] }],
  [{ env: { IXHA_PROFILE: '/mine' } }],
  [{ hasOwnAgent: true }],
  [{ args: ['status', '--help'] }],
  [{ args: [] }],
])('leaves the call as it is with %j', (change) => {
  expect(profileFor({ ...facts, ...change })).toEqual({ kind: 'as-said' });
});

it('names all demos when there are several, and says when there is none', () => {
  const demos = [{ profile: '/one' }, { profile: '/two' }];
  expect(profileFor({ ...facts, demos })).toEqual({ kind: 'several', profiles: ['/one', '/two'] });
  expect(profileFor({ ...facts, demos: [] })).toEqual({ kind: 'none' });
});
