import * as z from 'zod/mini';
import type { Proof } from '../fleet/queue-book.ts';
import { ledgerLines, ledgerOf } from './ledger-of-move.ts';
import type { MoveEvidence } from './move-evidence.ts';
import { byWeight, verdictOf, type Sign } from './signs.ts';
import { verificationLines } from './verification-lines.ts';

const ProofWord = z.enum(['proven', 'consistent', 'unknown', 'violated']);
const Told = z.nullable(z.string());
const Count = z.nullable(z.number());

const SignSchema = z.object({
  side: z.enum(['before', 'after', 'outside']),
  from: z.string(),
  kind: z.enum(['shown', 'fits', 'against', 'missing']),
  says: z.string(),
  core: z.boolean(),
  next: Told,
  /** Of what speaks against it: nothing that is seen later mends it. */
  lasts: z.optional(z.boolean()),
});

/** An earlier look that something is told from, since this one saw less of it. */
const EarlierLook = { look: z.int(), at: z.string() };

export const CheckedLine = z.object({
  id: z.string(),
  title: z.string(),
  claim: z.string(),
  verdict: ProofWord,
  before: Told,
  after: Told,
  /** What decides the verdict, in words. */
  evidence: z.string(),
  /** What a person does about it; null: nothing. */
  next: Told,
  signs: z.array(SignSchema),
  /** Where the line is told as an earlier look saw it: which one, and what this one found. Absent: as this one saw it. */
  earlier: z.optional(z.object({ ...EarlierLook, verdict: ProofWord, evidence: z.string() })),
});
export type CheckedLine = z.infer<typeof CheckedLine>;

/** Absent: kept by an earlier release. */
const LastMessage = z.optional(z.nullable(z.object({ id: Told, at: Told })));

const LedgerLineSchema = z.object({
  name: z.string(),
  lastBefore: Count,
  firstAfter: Count,
  queuedBefore: Count,
  queuedAfter: Count,
  twice: Count,
  messageBefore: LastMessage,
  messageAfter: LastMessage,
  verdict: ProofWord,
  sentence: z.string(),
  changed: z.boolean(),
});

const MoveSchema = z.object({
  cluster: z.string(),
  operation: z.string(),
  from: z.string(),
  active: z.string(),
  other: z.string(),
  epochBefore: z.nullable(z.int()),
  epoch: z.int(),
  kind: z.enum(['planned', 'takeover', 'forced', 'rolled-back']),
  askedBy: Told,
  title: z.string(),
  beganAt: z.string(),
  endedAt: Told,
});

/** What one look at the evidence of a move found: published, and kept as it was shown. */
export const Verification = z.object({
  schema: z.literal('ixha-verification/1'),
  site: z.string(),
  move: MoveSchema,
  /** Wall time of the workstation at the look. */
  checkedAt: z.string(),
  /** What was still awaited when this was kept for what speaks against the move in it; absent: nothing any more. */
  awaits: z.optional(z.string()),
  lines: z.array(CheckedLine),
  ledger: z.object({
    /** Null: no ledger of this move was compared. */
    before: z.nullable(z.object({ sealed: z.boolean(), at: z.string() })),
    after: z.nullable(z.object({ at: z.string() })),
    /** Components told one by one, and how many there are. */
    lines: z.array(LedgerLineSchema),
    total: z.int(),
    /** Where this look could compare none: the one whose ledger this is. */
    earlier: z.optional(z.object(EarlierLook)),
  }),
});
export type Verification = z.infer<typeof Verification>;

/** Judges a move by everything that was collected about it. Pure. */
export function verifyMove(
  e: MoveEvidence,
  about: { readonly site: string; readonly checkedAt: string },
): Verification {
  const ledger = ledgerOf(e);
  const { table } = ledger;
  return {
    schema: 'ixha-verification/1',
    ...about,
    move: { ...e.move },
    lines: verificationLines.map(({ id, title, claim, look }) => {
      const { before, after, signs } = look(e);
      const ordered = byWeight(signs);
      const verdict = verdictOf(signs);
      return {
        id,
        title,
        claim,
        verdict,
        before,
        after,
        evidence: evidenceWords(verdict, ordered),
        next: ordered.find(({ kind, next }) => kind !== 'shown' && next !== null)?.next ?? null,
        signs: ordered,
      };
    }),
    ledger: {
      before: table && { sealed: table.before.sealed, at: table.before.wallTime },
      after: table && { at: table.after.wallTime },
      lines: ledgerLines(ledger),
      total: table?.total ?? 0,
    },
  };
}

/** The sign that decides, in few words; of a line that is proven the first, and how many agree with it. */
function evidenceWords(verdict: Proof, ordered: readonly Sign[]): string {
  const missingCore = ordered.find(({ kind, core }) => kind === 'missing' && core);
  const decisive = (verdict === 'unknown' ? missingCore : undefined) ?? ordered[0];
  if (decisive === undefined) return 'nothing was seen';
  const told = `${decisive.from}: ${decisive.says}`;
  const more = ordered.length - 1;
  return verdict === 'proven' && more > 0 ? `${told}; ${more} more agree` : told;
}

export type Counts = Readonly<Record<Proof, number>>;

export function countsOf({ lines }: Pick<Verification, 'lines'>): Counts {
  const count = (verdict: Proof) => lines.filter((line) => line.verdict === verdict).length;
  return {
    proven: count('proven'),
    consistent: count('consistent'),
    unknown: count('unknown'),
    violated: count('violated'),
  };
}

/** `17 of 18 lines hold, one is unknown: not yet verified`. */
export function verificationSentence(verification: Pick<Verification, 'lines'>): string {
  const { lines } = verification;
  const { proven, consistent, unknown, violated } = countsOf(verification);
  const hold = proven + consistent;
  if (hold === lines.length) return `All ${lines.length} lines hold: verified`;
  const open = [
    ...(violated === 0 ? [] : [`${word(violated)} violated`]),
    ...(unknown === 0 ? [] : [`${word(unknown)} unknown`]),
  ].join(', ');
  return `${hold} of ${lines.length} lines hold, ${open}: ${violated > 0 ? 'not in order' : 'not yet verified'}`;
}

function word(count: number): string {
  return count === 1 ? 'one is' : `${count} are`;
}
