import type { ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import { lookOf, type KeptVerification } from '../../shared/verification/kept-verification.ts';
import { carryOver } from '../../shared/verification/carry-over.ts';
import { seenOfMove } from '../../shared/verification/members-seen.ts';
import type { MoveEvidence } from '../../shared/verification/move-evidence.ts';
import { verifyMove } from '../../shared/verification/verification.ts';
import { goodMove, row, silent } from '../unit/verification/a-move.ts';

const rows = () => [
  row('Admissions in', 884_201),
  row('Orders to laboratory', 402_877),
  row('Results from laboratory', 391_040, { verdict: 'continued', shownBy: 'counts', sentence: 'It fits.' }),
  row('Billing files', 4_112),
  row('Patient index', 77_310),
];

const moves = {
  good: () => goodMove(rows()),
  /** The old server has not come back. */
  silent: () => silent(goodMove(rows()), 'ig-north'),
  gap: () =>
    goodMove([
      ...rows(),
      row('Archive', 1_204, {
        verdict: 'gap',
        sentence:
          'Archive: 2 messages are neither delivered nor waiting: position 1204, last taken in 1215, 9 waiting.',
      }),
    ]),
} satisfies Record<string, () => MoveEvidence>;

/** `overtaken`: looked at twice, see `overtakenLooks`. */
export type VerifiedMoveName = keyof typeof moves | 'overtaken';

/** Evidence of a move after which the cluster has moved again: nothing of it can be seen any more. */
export function overtaken(e: MoveEvidence): MoveEvidence {
  const asked = e.members.map((member) => ({
    ...member,
    snapshot: member.snapshot && {
      ...member.snapshot,
      lease: { ...member.snapshot.lease, epoch: e.move.epoch + 1 },
    },
  }));
  return { ...e, members: seenOfMove(e.move, asked) };
}

/** A look with a gap that was signed, and a later one that cannot see it; the newest first. */
export function overtakenLooks(): readonly [KeptVerification, KeptVerification] {
  const first = keptFixture('gap', { later: 1 });
  const at = '2026-03-14T04:40:00.000Z';
  const signed = { name: 'owner-1', workstation: 'desk', comment: 'sent again by hand', at };
  const signatures = [{ ...signed, hash: first.hash, unknown: 0, violated: 1 }];
  const again = verifyMove(overtaken(moves.gap()), { site: 'demo', checkedAt: '2026-03-14T09:10:00.000Z' });
  const { verification, look } = first;
  return [
    {
      verification: carryOver({ look, verification }, again, true),
      look: 2,
      hash: 'c07d5511e9a4b3f8',
      judgements: [],
      signatures,
    },
    { ...first, signatures },
  ];
}

/** What the host keeps of a move, as a page gets it. */
export function keptFixture(
  name: keyof typeof moves,
  more: Partial<KeptVerification> = {},
): KeptVerification {
  const verification = verifyMove(moves[name](), { site: 'demo', checkedAt: '2026-03-14T04:32:08.000Z' });
  return { verification, look: 1, hash: '5f0b9c4177ae02d6', judgements: [], signatures: [], ...more };
}

export function verificationReply(kept: KeptVerification | null): ConsoleResponse<'readVerification'> {
  const progress = {
    sinceMs: 4_300,
    limitMs: 25_000,
    looks: 3,
    awaits: 'V10 Pollers once: ig-south: 2 of 3 on.',
  };
  const looks = kept === null ? [] : [lookOf(kept)];
  return { operation: 'e272e383', kept, looks, progress: kept === null ? progress : null };
}

/** How a move stands of which several looks are kept, the newest first. */
export function looksReply(
  looks: readonly [KeptVerification, ...KeptVerification[]],
  wanted?: string,
): ConsoleResponse<'readVerification'> {
  const kept = looks.find(({ hash }) => hash === wanted) ?? looks[0];
  return { ...verificationReply(kept), looks: looks.map(lookOf) };
}

/** A judgement and a signature by one person, on the look of `keptFixture`. */
export function saidOf(name: string): Pick<KeptVerification, 'judgements' | 'signatures'> {
  const by = { name, workstation: 'admin-1', at: '2026-03-14T04:40:00.000Z' };
  return {
    judgements: [{ ...by, line: 'V01', finding: 'in-order', comment: 'ig-north is off: I stand beside it.' }],
    signatures: [{ ...by, comment: 'seen with the ward', hash: '5f0b9c4177ae02d6', unknown: 1, violated: 0 }],
  };
}
