import { describe, expect, it } from 'vitest';
import { carryOver, openViolations, type NumberedLook } from '../../../shared/verification/carry-over.ts';
import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import { verificationTextLines } from '../../../shared/verification/text-lines.ts';
import { verifyMove, type Verification } from '../../../shared/verification/verification.ts';
import { overtaken } from '../../screens/verification-fixture.ts';
import { goodMove, row, silent, withMember } from './a-move.ts';

/**
 * Goal: what a look knew is not buried by a later one that knows less, and what has happened stays told.
 * Method: looks at one move, one after the other, as the agents would answer.
 */
const at = (minute: number) => `2026-03-14T05:${String(minute).padStart(2, '0')}:00.000Z`;
const looked = (e: MoveEvidence, minute: number) => verifyMove(e, { site: 'demo', checkedAt: at(minute) });
const lineOf = ({ lines }: Verification, id: string) => lines.find((line) => line.id === id)!;
const gap = () => goodMove([row('ADT in', 5, { verdict: 'gap', sentence: 'ADT in: 2 messages are lost.' })]);

const bothRun = () =>
  withMember(goodMove(), 'ig-north', ({ snapshot }) => ({
    snapshot: snapshot && {
      ...snapshot,
      engine: { ...snapshot.engine, process: { value: 'running', source: 'service', ageMs: 1 } },
    },
  }));
const pollerOff = () =>
  withMember(goodMove(), 'ig-south', ({ snapshot }) => ({
    snapshot: snapshot && {
      ...snapshot,
      engine: { ...snapshot.engine, pollers: { value: { on: 2, total: 3 }, source: 'API', ageMs: 1 } },
    },
  }));

/** Looks one after the other, as a book keeps them. */
function keptLooks(isOver: boolean, ...looks: readonly Verification[]): NumberedLook[] {
  return looks.reduce<NumberedLook[]>((kept, now, index) => {
    const verification = carryOver(kept.at(-1) ?? null, now, isOver);
    return [...kept, { look: index + 1, verification }];
  }, []);
}
const lastOf = (looks: readonly NumberedLook[]) => looks.at(-1)!.verification;
const nobody = new Set<number>();
const openIds = (looks: readonly NumberedLook[], signed = nobody) =>
  openViolations(looks, signed).map(({ line, look }) => `${line.id} of look ${look}`);

describe('a look at a move after which the cluster has moved again', () => {
  const looks = keptLooks(true, looked(gap(), 1), looked(overtaken(gap()), 2));

  it('cannot see the queues itself, and tells them as the look before saw them, with when', () => {
    expect(lineOf(looked(overtaken(gap()), 2), 'V06').verdict).toBe('unknown');
    expect(lineOf(lastOf(looks), 'V06')).toMatchObject({
      verdict: 'violated',
      evidence: expect.stringContaining('2 messages are lost') as string,
      earlier: { look: 1, at: at(1), verdict: 'unknown' },
    });
    expect(lineOf(lastOf(looks), 'V06').earlier?.evidence).toContain('a later epoch is in force since, 4');
    expect(lastOf(looks).ledger).toMatchObject({ total: 1, earlier: { look: 1, at: at(1) } });
  });

  it('leaves no line less known than it was, also what the agents told live then', () => {
    for (const { id, verdict } of looks[0]!.verification.lines)
      if (verdict !== 'unknown') expect([id, lineOf(lastOf(looks), id).verdict]).not.toEqual([id, 'unknown']);
  });

  it('still tells of the first look after many more', () => {
    const more = keptLooks(true, looked(gap(), 1), looked(overtaken(gap()), 2), looked(overtaken(gap()), 3));
    expect(lineOf(lastOf(more), 'V06').earlier).toMatchObject({ look: 1, at: at(1) });
  });

  it('says so on a terminal', () => {
    const told = verificationTextLines(lastOf(looks)).join('\n');
    expect(told).toMatch(/VIOLATED +V06[^]*As look 1 saw it, 2026-03-14T05:01[^]*The last look: UNKNOWN, /);
  });
});

describe('a look at which it is well', () => {
  it('does not mend two engines that ran at the same time', () => {
    const looks = keptLooks(false, looked(bothRun(), 1), looked(goodMove(), 2));
    expect(lineOf(lastOf(looks), 'V01')).toMatchObject({
      verdict: 'violated',
      earlier: { look: 1, at: at(1), verdict: 'proven' },
    });
    expect(lineOf(lastOf(looks), 'V12')).toMatchObject({ verdict: 'proven' });
  });

  it('mends what had yet to come on, such as a poller', () => {
    const looks = keptLooks(false, looked(pollerOff(), 1), looked(goodMove(), 2));
    expect(lineOf(looks[0]!.verification, 'V10').verdict).toBe('violated');
    expect(lineOf(lastOf(looks), 'V10').verdict).toBe('proven');
    expect(lineOf(lastOf(looks), 'V10').earlier).toBeUndefined();
    expect(openIds(looks)).toEqual([]);
  });
});

describe('a look at which a server is silent', () => {
  it('does not mend a poller that is off, and does not tell the server as fit as it was', () => {
    const looks = keptLooks(false, looked(pollerOff(), 1), looked(silent(pollerOff(), 'ig-south'), 2));
    expect(lineOf(lastOf(looks), 'V10')).toMatchObject({ verdict: 'violated', earlier: { look: 1 } });
    expect(lineOf(lastOf(looks), 'V16').verdict).toBe('unknown');
  });
});

describe('what is violated', () => {
  const unseen = looked(overtaken(gap()), 2);

  it('stays open after a look that cannot see it, also where that was kept before anything was carried over', () => {
    const plain = [
      { look: 1, verification: looked(gap(), 1) },
      { look: 2, verification: unseen },
    ];
    expect(openIds(plain)).toEqual(['V06 of look 1']);
    // Who signed the second look was not shown it.
    expect(openIds(plain, new Set([2]))).toEqual(['V06 of look 1']);
  });

  it('is closed by a signature under any look that tells it', () => {
    const looks = keptLooks(true, looked(gap(), 1), unseen);
    expect(openIds(looks)).toEqual(['V06 of look 1']);
    expect(openIds(looks, new Set([1]))).toEqual([]);
    expect(openIds(looks, new Set([2]))).toEqual([]);
  });

  it('is open again when another look sees it itself', () => {
    const looks = keptLooks(false, looked(gap(), 1), looked(gap(), 2));
    expect(openIds(looks, new Set([1]))).toEqual(['V06 of look 2']);
  });
});
