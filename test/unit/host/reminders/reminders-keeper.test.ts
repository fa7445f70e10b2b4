import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSiteAuthority } from '../../../../electron/host/authority/site-authority.ts';
import { keepDrill } from '../../../../electron/host/drills/drill-files.ts';
import { openVerificationBook } from '../../../../electron/host/history/verification-book.ts';
import { RemindersKeeper, type RemindedSite } from '../../../../electron/host/reminders/reminders-keeper.ts';
import type { SiteVerification } from '../../../../electron/host/verification/site-verification.ts';
import type { MoveEvidence } from '../../../../shared/verification/move-evidence.ts';
import { verifyMove } from '../../../../shared/verification/verification.ts';
import { begunDrill, endedDrill } from '../../../screens/drills-fixtures.ts';
import { goodMove, silent, withMember } from '../../verification/a-move.ts';
import { handTime, type HandTime } from '../hand-time.ts';

/**
 * Goal: what is due is told by itself, and goes when it is done. Method: a profile folder with real drills and a real
 * book of proofs, and a clock by hand.
 */
let folder: string;
let time: HandTime;
let book: ReturnType<typeof openVerificationBook>;
let keeper: RemindersKeeper;
let shown: RemindedSite | null;
const logged: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-reminders-'));
  time = handTime();
  book = openVerificationBook(join(folder, 'verification.sqlite'));
  shown = siteWith(() => Promise.resolve({ book } as SiteVerification));
  keeper = new RemindersKeeper({
    site: () => shown,
    time,
    log: { info: () => undefined, error: (line: string) => logged.push(line) },
  });
});
afterEach(async () => {
  await keeper.stop();
  book.close();
  rmSync(folder, { recursive: true, force: true });
});

function siteWith(verification: RemindedSite['verification']): RemindedSite {
  return {
    profileDirectory: folder,
    verification,
    watch: { site: { clusters: [{ id: 'WK1' }, { id: 'WK2' }] } },
  };
}

/** Time passes until it tells what is wanted. */
async function tells(
  wanted: (told: NonNullable<ReturnType<RemindersKeeper['view']>>) => void,
): Promise<void> {
  await vi.waitFor(() => {
    time.forward(1_000);
    const told = keeper.view();
    if (told === undefined) throw new Error('nothing is told yet');
    wanted(told);
  }, 15_000);
}

/** A look that finds messages missing after the move. */
function look(checkedAt: string) {
  const { traffic, ...move } = goodMove();
  const missing = { ...traffic, after: { ...traffic.after!, lost: 2, outOfOrder: 1 } };
  return keep({ ...move, traffic: missing }, checkedAt);
}

function keep(evidence: MoveEvidence, checkedAt: string) {
  return book.keep(verifyMove(evidence, { site: 'demo', checkedAt }), { isOver: false });
}

describe('the reminders of a site', () => {
  it('name every cluster that was never rehearsed, until a drill has passed', async () => {
    await tells(({ drills }) => expect(drills.map(({ cluster }) => cluster)).toEqual(['WK1', 'WK2']));
    const passed = endedDrill(begunDrill('switchover-and-back', 'WK1', time.wallTime()), 5_000);
    expect((await keepDrill(folder, passed)).ok).toBe(true);
    keeper.drillsChanged();
    await tells(({ drills }) => expect(drills.map(({ cluster }) => cluster)).toEqual(['WK2']));
    await tells(({ lastDrills }) =>
      expect(lastDrills).toMatchObject([{ cluster: 'WK1', verdict: 'passed', outage: { ms: 5_000 } }]),
    );
  });

  it('leave a site that was made today two weeks for its first drills', async () => {
    mkdirSync(join(folder, 'console'));
    writeFileSync(join(folder, 'console/authority.pem'), (await createSiteAuthority('demo')).certificatePem);
    time.forward(Date.now() - Date.parse(time.wallTime()) + 3_600_000);
    await tells(({ drills }) => expect(drills).toEqual([]));
    time.forward(14 * 24 * 3_600_000);
    await tells(({ drills }) => expect(drills.map(({ cluster }) => cluster)).toEqual(['WK1', 'WK2']));
  });

  it('hold a violated proof until a look finds it mended', async () => {
    const off = withMember(goodMove(), 'ig-south', ({ snapshot }) => ({
      snapshot: snapshot && {
        ...snapshot,
        engine: { ...snapshot.engine, pollers: { value: { on: 2, total: 3 }, source: 'API', ageMs: 1 } },
      },
    }));
    keep(off, '2026-03-14T04:32:00.000Z');
    await tells(({ violated }) =>
      expect(violated).toMatchObject([
        { cluster: 'WK1', operation: 'e272e383', lines: ['V10 Pollers once'] },
      ]),
    );
    keep(goodMove(), '2026-03-14T05:00:00.000Z');
    await tells(({ violated }) => expect(violated).toEqual([]));
  });

  it('hold what no look can mend, also when a later one cannot see it or finds it well', async () => {
    look('2026-03-14T04:32:00.000Z');
    const silentNow = silent(silent(goodMove(), 'ig-north'), 'ig-south');
    keep({ ...silentNow, traffic: { before: null, after: null } }, '2026-03-14T05:00:00.000Z');
    await tells(({ violated }) => expect(violated).toMatchObject([{ lines: ['V08 Order'] }]));
    keep(goodMove(), '2026-03-14T06:00:00.000Z');
    await tells(({ violated }) =>
      expect(violated).toMatchObject([{ checkedAt: '2026-03-14T04:32:00.000Z', lines: ['V08 Order'] }]),
    );
  });

  it('hold it until somebody has signed exactly that look', async () => {
    const { hash, verification } = look('2026-03-14T04:32:00.000Z');
    const seen = { cluster: 'WK1', operation: verification.move.operation, hash, signatures: 0 };
    const by = {
      name: 'owner-1',
      workstation: 'desk',
      comment: 'sent again',
      at: '2026-03-14T05:00:00.000Z',
    };
    expect(book.sign(seen, by).ok).toBe(true);
    await tells(({ violated }) => expect(violated).toEqual([]));
    look('2026-03-14T06:00:00.000Z');
    await tells(({ violated }) => expect(violated).toHaveLength(1));
  });

  it('tell of drills also where the proofs cannot be read, and nothing of a site that was left', async () => {
    shown = siteWith(() => Promise.reject(new Error('damaged')));
    await tells(({ drills, violated }) => expect([drills.length, violated]).toEqual([2, []]));
    shown = { ...shown, profileDirectory: join(folder, 'another') };
    expect(keeper.view()).toBeUndefined();
    expect(logged).toEqual([]);
  });
});
