import { DatabaseSync } from 'node:sqlite';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import {
  lookOf,
  type Judgement,
  type KeptLook,
  type KeptVerification,
  type Signature,
} from '../../../shared/verification/kept-verification.ts';
import type { ViolatedMove } from '../../../shared/reminders/reminders.ts';
import { countsOf, type Verification } from '../../../shared/verification/verification.ts';
import { inOneTransaction } from './in-one-transaction.ts';
import { verificationLooks, type KeepAbout, type Said } from './verification-looks.ts';
import { violatedMoves } from './violated-moves.ts';

/**
 * Looks at moves, with judgements and signatures, durable in a file of their own: unlike the history they are not read
 * anew from anywhere. Nothing in it is ever changed or removed.
 */
export interface VerificationBook {
  /** Whether a look was kept at which nothing was awaited any more. */
  has(cluster: string, operation: string): boolean;
  latest(cluster: string, operation: string): KeptVerification | null;
  /** The operation of the newest move of a cluster that is kept, by its epoch; null: none is. */
  newest(cluster: string): string | null;
  /** Everything that is kept of a move for choosing, the newest first. */
  looks(cluster: string, operation: string): KeptLook[];
  /** What has exactly this hash, as it was shown and perhaps signed; null: nothing of this move. */
  kept(cluster: string, operation: string, hash: string): KeptVerification | null;
  /** Moves of which a look found a line VIOLATED, and nobody has signed that; of each cluster the newest few. */
  violated(clusters: readonly string[]): ViolatedMove[];
  /** Keeps a look; what an earlier one knew and this one does not is told in it as it was seen then. */
  keep(verification: Verification, about: KeepAbout): KeptVerification;
  judge(seen: SeenMove, judgement: Judgement): Result<KeptVerification, ProductError>;
  sign(
    seen: SeenMove,
    signature: Omit<Signature, 'hash' | 'unknown' | 'violated'>,
  ): Result<KeptVerification, ProductError>;
  close(): void;
}

/** What was on the screen of whoever judges or signs. */
export interface SeenMove {
  readonly cluster: string;
  readonly operation: string;
  readonly hash: string;
  /** How many signatures were shown: another person may have signed meanwhile. */
  readonly signatures: number;
}

const tables = `
  CREATE TABLE IF NOT EXISTS looks (
    cluster TEXT NOT NULL, operation TEXT NOT NULL, look INTEGER NOT NULL, epoch INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (cluster, operation, look)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS said (
    id INTEGER PRIMARY KEY, cluster TEXT NOT NULL, operation TEXT NOT NULL, look INTEGER NOT NULL,
    kind TEXT NOT NULL, body TEXT NOT NULL
  );
`;

/** Opens the book at `path`. Throws when it cannot be opened or is damaged: it is never begun anew over a damaged one. */
export function openVerificationBook(path: string): VerificationBook {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;');
    database.exec(tables);
  } catch (cause) {
    database.close();
    throw cause;
  }
  return bookOver(database);
}

function bookOver(database: DatabaseSync): VerificationBook {
  const pages = verificationLooks(database);
  const written = (
    { cluster, operation, hash, signatures }: SeenMove,
    change: (kept: KeptVerification) => Result<Said, ProductError>,
  ): Result<KeptVerification, ProductError> =>
    inOneTransaction(database, () => {
      const kept = pages.latest(cluster, operation);
      if (kept === null) return fail(notKept(cluster));
      const refusal = changedSince(kept, hash, signatures);
      const said = refusal === null ? change(kept) : fail(refusal);
      if (!said.ok) return said;
      pages.say(kept, said.value);
      return succeed(pages.latest(cluster, operation)!);
    });
  return {
    has: pages.has,
    latest: pages.latest,
    newest: pages.newestMove,
    looks: (cluster, operation) => pages.states(cluster, operation).map(lookOf),
    kept: (cluster, operation, hash) =>
      pages.states(cluster, operation).find((state) => state.hash === hash) ?? null,
    violated: violatedMoves(database, pages),
    keep: (verification, about) =>
      inOneTransaction(database, () => {
        pages.addLook(verification, about);
        return pages.latest(verification.move.cluster, verification.move.operation)!;
      }),
    judge: (seen, judgement) =>
      written(seen, (kept) => {
        const refusal = judgementRefusal(kept, judgement);
        return refusal === null ? succeed({ kind: 'judged', body: judgement }) : fail(refusal);
      }),
    sign: (seen, signature) =>
      written(seen, (kept) => {
        const again = kept.signatures.some(({ name, hash }) => name === signature.name && hash === kept.hash);
        if (again) return fail(productError('request.invalid', `${signature.name} has signed this already.`));
        const { unknown, violated } = countsOf(kept.verification);
        return succeed({ kind: 'signed', body: { ...signature, hash: kept.hash, unknown, violated } });
      }),
    close: () => database.close(),
  };
}

function notKept(cluster: string): ProductError {
  return productError('verification.changed', `This move of ${cluster} has not been verified yet.`);
}

function changedSince(kept: KeptVerification, hash: string, signatures: number): ProductError | null {
  const last = kept.signatures.at(-1);
  if (kept.signatures.length !== signatures && last) {
    return productError('verification.changed', `${last.name} has signed meanwhile, at ${last.at}.`);
  }
  if (kept.hash === hash) return null;
  const judged = kept.judgements.at(-1);
  const said = judged
    ? `${judged.name} has judged ${judged.line} meanwhile.`
    : 'The evidence was looked at again meanwhile.';
  return productError('verification.changed', said);
}

/** Only what could not be seen is a person's to judge; what was seen stays as it was seen. */
function judgementRefusal(
  { verification, judgements }: KeptVerification,
  { line }: Judgement,
): ProductError | null {
  const found = verification.lines.find(({ id }) => id === line);
  if (found === undefined) return productError('request.invalid', `There is no line ${line}.`);
  if (found.verdict === 'proven' || found.verdict === 'violated') {
    return productError(
      'request.invalid',
      `${line} is ${found.verdict.toUpperCase()}: it is not for a person to judge.`,
    );
  }
  return judgements.some((one) => one.line === line)
    ? productError(
        'request.invalid',
        `${line} was judged already, by ${judgements.find((one) => one.line === line)!.name}.`,
      )
    : null;
}
