import { describe, expect, it } from 'vitest';
import { attemptsOf, nextAttempt } from '../../../../electron/host/ssh/sign-in.ts';

/** Goal: no try too many, since each may lock an account. Method: the order as data. */
const answer = async () => undefined;
const everything = { hasKey: true, sshAgent: '/agent', password: 'secret' };

describe('the order of a sign-in', () => {
  it('puts the named key before the keys of the SSH agent', () => {
    expect(attemptsOf(everything)).toEqual(['publickey', 'agent', 'password', 'keyboard-interactive']);
  });

  it('lets the server ask first where somebody answers', () => {
    expect(attemptsOf({ ...everything, answer })).toEqual([
      'publickey',
      'agent',
      'keyboard-interactive',
      'password',
    ]);
  });

  it('tries nothing that it has not been given', () => {
    expect(attemptsOf({ hasKey: false })).toEqual([]);
  });

  const all = attemptsOf(everything);
  const accepted = ['publickey', 'password', 'keyboard-interactive'];
  const refused = (attempt: (typeof all)[number]) => ({ attempt, outcome: 'refused' as const });

  it.each([
    ['the first that the server accepts', [], accepted, 'publickey'],
    ['nothing that the server does not accept', [], ['password'], 'password'],
    ['the SSH agent after the key', [refused('publickey')], accepted, 'agent'],
    ['nothing twice', [refused('publickey'), refused('agent')], ['publickey'], undefined],
    [
      'no second way for a refused password',
      [refused('publickey'), refused('agent'), refused('password')],
      accepted,
      undefined,
    ],
    [
      'the second factor after a key that was not enough',
      [{ attempt: 'publickey' as const, outcome: 'part' as const }],
      ['keyboard-interactive'],
      'keyboard-interactive',
    ],
  ])('takes %s', (_what, tried, left, next) => {
    expect(nextAttempt(all, tried, left)).toBe(next);
  });
});
