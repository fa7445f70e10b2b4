import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  openVerificationBook,
  type VerificationBook,
} from '../../../electron/host/history/verification-book.ts';
import { followMove } from '../../../electron/host/verification/follow-move.ts';
import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import { verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove, silent, withMember } from '../verification/a-move.ts';

/**
 * Goal: what one of the looks after a move sees of two engines is kept, although the next one finds all in order; what
 * has only yet to settle is not. Method: looks played one after the other, two seconds apart, into a real book.
 */
let folder: string;
let book: VerificationBook;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixf-'));
  book = openVerificationBook(join(folder, 'verification.sqlite'));
});
afterEach(() => {
  book.close();
  rmSync(folder, { recursive: true, force: true });
});

const ofEngine = (server: string, engine: object): MoveEvidence =>
  withMember(goodMove(), server, ({ snapshot }) => ({
    snapshot: snapshot && { ...snapshot, engine: { ...snapshot.engine, ...engine } },
  }));
const bothRun = () => ofEngine('ig-north', { process: { value: 'running', source: 'service', ageMs: 1 } });
const pollerOff = () =>
  ofEngine('ig-south', { pollers: { value: { on: 2, total: 3 }, source: 'API', ageMs: 1 } });

/** Follows a move whose evidence is this at each look; `endsAfter`: the console ends after so many. */
async function follow(looks: readonly MoveEvidence[], endsAfter = Infinity): Promise<void> {
  let made = 0;
  await followMove({
    book,
    isOver: false,
    settleWithinMs: 25_000,
    sinceMs: () => made * 2_000,
    isStopped: () => made >= endsAfter,
    look: () => {
      const evidence = looks[Math.min(made, looks.length - 1)]!;
      made += 1;
      const checkedAt = new Date(Date.parse('2026-03-14T04:32:00.000Z') + made * 2_000).toISOString();
      return Promise.resolve(verifyMove(evidence, { site: 'demo', checkedAt }));
    },
    awaiting: () => Promise.resolve(),
  });
}
const kept = () => book.latest('WK1', 'e272e383')!;
const verdictOf = (id: string) => kept().verification.lines.find((line) => line.id === id)!.verdict;

describe('a move that is followed', () => {
  test('keeps that two engines ran at second 2, though one was stopped at second 4', async () => {
    await follow([bothRun(), goodMove()]);
    expect(verdictOf('V01')).toBe('violated');
    expect(kept().verification.lines[0]).toMatchObject({
      evidence: 'ig-north: its engine is running',
      earlier: { look: 1, at: '2026-03-14T04:32:02.000Z', verdict: 'proven' },
    });
    expect(book.violated(['WK1'])).toMatchObject([{ lines: ['V01 One engine only', 'V10 Pollers once'] }]);
  });

  test('keeps it at once: a console that ends then has it, and the next one looks again', async () => {
    await follow([silent(goodMove(), 'ig-north'), bothRun(), goodMove()], 2.5);
    await follow([goodMove()]);
    expect([verdictOf('V01'), kept().look]).toEqual(['violated', 2]);
  });

  test('keeps one look where a poller had only yet to come on', async () => {
    await follow([pollerOff(), goodMove()]);
    expect([verdictOf('V10'), kept().look]).toEqual(['proven', 1]);
    expect(book.violated(['WK1'])).toEqual([]);
  });

  test('keeps two engines that run on once and as they were found last, not at every look', async () => {
    await follow([bothRun()]);
    expect(book.looks('WK1', 'e272e383').map(({ look }) => look)).toEqual([2, 1]);
  });

  test('keeps what was known before a server fell silent', async () => {
    const almost = pollerOff();
    await follow([almost, silent(silent(almost, 'ig-south'), 'ig-north')]);
    expect([verdictOf('V07'), verdictOf('V10'), verdictOf('V16')]).toEqual(['proven', 'violated', 'unknown']);
  });
});
