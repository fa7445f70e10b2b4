import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityUri, type Identity } from '../../../shared/site/identity.ts';
import {
  grownList,
  holdsAll,
  mayReplace,
  readRevocations,
  revocationBody,
  revocationOf,
  revocationsKind,
  type Revocation,
  type RevocationList,
} from '../../../shared/site/revocation-list.ts';
import { signedText, signedWords } from '../../../shared/site/signed-text.ts';

/** Goal: a list says exactly whom it means, only grows, and is never taken when it is not what was signed. */
const told = { at: '2026-03-01T10:00:00.000Z', by: 'desk', why: 'stolen' };
const south: Identity = { kind: 'member', site: 'hospital', cluster: 'WK1', server: 'south' };
const beginsBefore = '2026-03-01T00:00:00.000Z';
const holder: Revocation = { kind: 'holder', holder: identityUri(south), beginsBefore, ...told };
const serial = (number: string): Revocation => ({ kind: 'serial', serial: number, ...told });
const listOf = (number: number, ...revoked: Revocation[]): RevocationList => ({
  site: 'hospital',
  number,
  revoked,
});
const judged = (given: Partial<Parameters<typeof revocationOf>[1]> = {}) => ({
  identity: south,
  serial: '0A:BC',
  beginsAtMs: Date.parse(beginsBefore) - 1,
  ...given,
});

/** A signature that anybody can make, for this test. */
const mark = (words: string) => createHash('sha256').update(words).digest('base64');
const signed = (list: RevocationList) => {
  const body = revocationBody(list);
  return signedText(revocationsKind, body, mark(signedWords(revocationsKind, body)));
};
const read = (text: string, site = 'hospital') =>
  readRevocations(text, { site, isSigned: (words, signature) => signature === mark(words) });

describe('who is revoked', () => {
  it('is every certificate of a holder that begins before, and no other', () => {
    const list = listOf(1, holder);
    expect(revocationOf(list, judged())).toEqual(holder);
    expect(revocationOf(list, judged({ beginsAtMs: Date.parse(beginsBefore) }))).toBeUndefined();
    expect(revocationOf(list, judged({ identity: { ...south, cluster: 'WK2' } }))).toBeUndefined();
  });

  it('is one certificate by its number, however that is written', () => {
    const list = listOf(1, serial('ABC'));
    for (const number of ['0ABC', '0a:bc', 'abc'])
      expect(revocationOf(list, judged({ serial: number }))).toBeDefined();
    expect(revocationOf(list, judged({ serial: 'ABC0' }))).toBeUndefined();
  });
});

describe('a list', () => {
  it('is read as it was signed', () => {
    const list = listOf(3, holder, serial('ABC'));
    expect(read(signed(list))).toEqual({ ok: true, value: list });
  });

  it('is refused with any of its letters changed, cut, or of another site', () => {
    const text = signed(listOf(3, holder));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('', 'x', '\n'), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        return changed === text || !read(changed).ok;
      }),
    );
    expect(read(text, 'elsewhere')).toMatchObject({ error: { code: 'revocation.foreign' } });
    expect(read('')).toMatchObject({ error: { code: 'revocation.damaged' } });
    expect(read('x'.repeat(1_000_000))).toMatchObject({ error: { code: 'revocation.damaged' } });
  });

  it('takes the place of an older one that it holds all of', () => {
    const present = listOf(2, holder);
    expect(mayReplace(listOf(3, holder, serial('A')), present).ok).toBe(true);
    expect(mayReplace(listOf(2, holder, serial('A')), present)).toMatchObject({
      error: { code: 'revocation.older' },
    });
    expect(mayReplace(listOf(3, serial('A')), present)).toMatchObject({
      error: { code: 'revocation.older' },
    });
  });

  it('grows from all that are known, and stays the same when it has everything', () => {
    const [one, other] = [listOf(4, serial('A')), listOf(4, serial('B'))];
    const grown = grownList([one, other], 'hospital', [serial('C')])!;
    expect(grown.number).toBe(5);
    expect(holdsAll(grown, listOf(1, serial('A'), serial('B'), serial('C')))).toBe(true);
    expect(grownList([one, grown, other], 'hospital', [serial('C')])).toBe(grown);
    expect(grownList([], 'hospital', [])).toBeNull();
  });
});
