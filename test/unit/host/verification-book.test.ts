import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  openVerificationBook,
  type VerificationBook,
} from '../../../electron/host/history/verification-book.ts';
import { saidOfProof, seenWord, shownTo } from '../../../electron/host/site-command/said-of-proof.ts';
import { signedText, type KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove, silent } from '../verification/a-move.ts';

/**
 * Goal: a signature binds exactly what was shown, two people at once are told, and nothing is lost or changed.
 * Method: two books over one file, as two consoles of one workstation have them.
 */
let folder: string;
let path: string;
let books: VerificationBook[];
const open = () => {
  const book = openVerificationBook(path);
  books.push(book);
  return book;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixv-'));
  path = join(folder, 'verification.sqlite');
  books = [];
});
afterEach(() => {
  for (const book of books) book.close();
  rmSync(folder, { recursive: true, force: true });
});

/** No later move. */
const now = { isOver: false };
const checked = (checkedAt = '2026-03-14T04:32:00.000Z') =>
  verifyMove(silent(goodMove(), 'ig-north'), { site: 'demo', checkedAt });
const seenOf = ({ verification: { move }, hash, signatures }: KeptVerification) => ({
  cluster: move.cluster,
  operation: move.operation,
  hash,
  signatures: signatures.length,
});
const person = (name: string) => ({ name, workstation: 'desk', comment: '', at: '2026-03-14T05:00:00.000Z' });
const judged = (line: string) => ({
  ...person('admin-1'),
  comment: 'seen on site',
  line,
  finding: 'in-order' as const,
});

describe('a kept verification', () => {
  test('is there again after the console was closed, with its signature', () => {
    const kept = open().keep(checked(), now);
    books.pop()!.close();
    const signed = open().sign(seenOf(kept), person('admin-1'));
    expect(signed.ok).toBe(true);
    books.pop()!.close();
    const again = open().latest('WK1', 'e272e383')!;
    expect(again).toMatchObject({ look: 1, hash: kept.hash, verification: kept.verification });
    expect(again.signatures).toMatchObject([{ name: 'admin-1', hash: kept.hash, violated: 0 }]);
    expect(again.signatures[0]!.unknown).toBeGreaterThan(0);
  });

  test('tells the second of two who sign at once', () => {
    const [one, other] = [open(), open()];
    const kept = one.keep(checked(), now);
    expect(one.sign(seenOf(kept), person('admin-1')).ok).toBe(true);
    const second = other.sign(seenOf(kept), person('admin-2'));
    expect(second).toMatchObject({ ok: false, error: { code: 'verification.changed' } });
    expect(!second.ok && second.error.message).toContain('admin-1 has signed meanwhile');
    const shown = other.latest('WK1', 'e272e383')!;
    expect(other.sign(seenOf(shown), person('admin-2')).ok).toBe(true);
    const twice = other.sign(seenOf(other.latest('WK1', 'e272e383')!), person('admin-2'));
    expect(twice).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  });

  test('has another hash after a judgement, and its verdict stays', () => {
    const book = open();
    const kept = book.keep(checked(), now);
    const after = book.judge(seenOf(kept), judged('V01'));
    if (!after.ok) throw new Error(after.error.message);
    expect(after.value.hash).not.toBe(kept.hash);
    expect(after.value.judgements).toMatchObject([{ line: 'V01', finding: 'in-order', name: 'admin-1' }]);
    expect(after.value.verification).toEqual(kept.verification);
    // Who still sees the page without the judgement cannot sign.
    expect(book.sign(seenOf(kept), person('admin-2'))).toMatchObject({
      error: { code: 'verification.changed' },
    });
    expect(book.judge(seenOf(after.value), judged('V01'))).toMatchObject({
      error: { code: 'request.invalid' },
    });
  });

  test('lets nobody judge what was seen', () => {
    const book = open();
    const kept = book.keep(verifyMove(goodMove(), { site: 'demo', checkedAt: '' }), now);
    const refused = book.judge(seenOf(kept), judged('V01'));
    expect(!refused.ok && refused.error.message).toContain('V01 is PROVEN');
    expect(book.judge(seenOf(kept), judged('V99')).ok).toBe(false);
  });

  test('keeps a signature of an earlier look beside the later one', () => {
    const book = open();
    const first = book.keep(checked(), now);
    book.sign(seenOf(first), person('admin-1'));
    const later = book.keep(checked('2026-03-14T06:00:00.000Z'), now);
    expect(later.look).toBe(2);
    expect(later.hash).not.toBe(first.hash);
    expect(later.signatures.map(({ hash }) => hash)).toEqual([first.hash]);
    expect(book.newest('WK1')).toBe('e272e383');
  });

  test('shows a look again as it was signed, after another look and after a judgement', () => {
    const book = open();
    const first = book.keep(checked(), now);
    book.sign(seenOf(first), person('admin-1'));
    const judgedOne = book.judge(seenOf(book.latest('WK1', 'e272e383')!), judged('V01'));
    if (!judgedOne.ok) throw new Error(judgedOne.error.message);
    const later = book.keep(checked('2026-03-14T06:00:00.000Z'), now);
    expect(book.looks('WK1', 'e272e383')).toMatchObject([
      { look: 2, hash: later.hash, signedBy: [] },
      { look: 1, hash: judgedOne.value.hash, judgements: 1, signedBy: [] },
      { look: 1, hash: first.hash, judgements: 0, signedBy: ['admin-1'] },
    ]);
    const asSigned = book.kept('WK1', 'e272e383', first.hash)!;
    expect(asSigned).toMatchObject({ look: 1, judgements: [], later: 2, verification: first.verification });
    expect(createHash('sha256').update(signedText(asSigned)).digest('hex')).toBe(first.hash);
    expect(book.latest('WK1', 'e272e383')).not.toHaveProperty('later');
    expect(book.kept('WK1', 'e272e383', 'another')).toBeNull();
    expect(book.kept('WK2', 'e272e383', first.hash)).toBeNull();
  });

  test('is signed on the command line as it was shown there, or not at all', () => {
    const book = open();
    const shown = book.keep(checked(), now);
    const said = (word: string) => {
      const read = saidOfProof({ sign: 'admin-9', seen: word });
      if (!read.ok || read.value === null) throw new Error('not read');
      return read.value;
    };
    const sign = (word: string) => {
      const kept = book.latest('WK1', 'e272e383')!;
      return book.sign({ ...seenOf(kept), ...shownTo(said(word), kept) }, person('admin-9'));
    };
    const word = seenWord(shown);
    expect(word).toBe(`${shown.hash.slice(0, 12)}.0`);
    book.sign(seenOf(shown), person('admin-1'));
    expect(sign(word)).toMatchObject({
      error: { message: expect.stringMatching(/^admin-1 has signed/) as string },
    });
    const signed = book.latest('WK1', 'e272e383')!;
    book.keep(checked('2026-03-14T06:00:00.000Z'), now);
    expect(sign(seenWord(signed))).toMatchObject({
      error: { code: 'verification.changed', message: 'The evidence was looked at again meanwhile.' },
    });
    expect(sign(seenWord(book.latest('WK1', 'e272e383')!)).ok).toBe(true);
  });

  test('is looked at again by the next console where one ended while something was awaited', () => {
    const book = open();
    book.keep({ ...checked(), awaits: 'V10 Pollers once: 2 of 3 on.' }, now);
    expect(book.has('WK1', 'e272e383')).toBe(false);
    book.keep(checked(), now);
    expect(book.has('WK1', 'e272e383')).toBe(true);
  });

  test('is never begun anew over a damaged file', () => {
    writeFileSync(path, 'this is no database, however long it may be'.repeat(200));
    expect(() => openVerificationBook(path)).toThrow();
  });
});
