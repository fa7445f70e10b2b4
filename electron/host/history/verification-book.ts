import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import {
  KeptVerification,
  signedText,
  type Judgement,
  type Signature,
} from '../../../shared/verification/kept-verification.ts';
import type { ViolatedMove } from '../../../shared/reminders/reminders.ts';
import { countsOf, type Verification } from '../../../shared/verification/verification.ts';
import { inOneTransaction } from './in-one-transaction.ts';

/**
 * Looks at moves, with judgements and signatures, durable in a file of their own: unlike the history they are not read
 * anew from anywhere. Nothing in it is ever changed or removed.
 */
export interface VerificationBook {
  has(cluster: string, operation: string): boolean;
  latest(cluster: string, operation: string): KeptVerification | null;
  /** The operation of the newest move of a cluster that is kept, by its epoch; null: none is. */
  newest(cluster: string): string | null;
  /** Moves whose last look found a line VIOLATED and that nobody has signed since; of each cluster the newest few. */
  violated(clusters: readonly string[]): ViolatedMove[];
  keep(verification: Verification): KeptVerification;
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
  const pages = pagesOf(database);
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
    newest: pages.newest,
    violated: violatedMoves(database, pages),
    keep: (verification) =>
      inOneTransaction(database, () => {
        pages.addLook(verification);
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

type Said =
  | { readonly kind: 'judged'; readonly body: Judgement }
  | { readonly kind: 'signed'; readonly body: Signature };

/** Reads and adds single rows; whoever does both does it in one transaction. */
function pagesOf(database: DatabaseSync) {
  const newestLook = database.prepare(
    'SELECT look, body FROM looks WHERE cluster = ? AND operation = ? ORDER BY look DESC LIMIT 1',
  );
  const saidOf = database.prepare(
    'SELECT look, kind, body FROM said WHERE cluster = ? AND operation = ? ORDER BY id',
  );
  const say = database.prepare('INSERT INTO said (cluster, operation, look, kind, body) VALUES (?,?,?,?,?)');
  const addLook = database.prepare(
    'INSERT INTO looks (cluster, operation, look, epoch, body) VALUES (?,?,?,?,?)',
  );
  const newestMove = database.prepare(
    'SELECT operation FROM looks WHERE cluster = ? ORDER BY epoch DESC, look DESC LIMIT 1',
  );
  return {
    has: (cluster: string, operation: string) => newestLook.get(cluster, operation) !== undefined,
    newest: (cluster: string) => {
      const row = newestMove.get(cluster);
      return row === undefined ? null : String(row['operation']);
    },
    latest: (cluster: string, operation: string): KeptVerification | null => {
      const row = newestLook.get(cluster, operation);
      if (row === undefined) return null;
      const look = Number(row['look']);
      const said = saidOf.all(cluster, operation);
      const told = (kind: Said['kind'], of: typeof said) =>
        of.filter((one) => one['kind'] === kind).map(({ body }) => JSON.parse(String(body)) as unknown);
      const kept = KeptVerification.parse({
        verification: JSON.parse(String(row['body'])) as unknown,
        look,
        hash: '',
        judgements: told(
          'judged',
          said.filter((one) => one['look'] === look),
        ),
        signatures: told('signed', said),
      });
      return { ...kept, hash: hashOf(kept) };
    },
    addLook: (verification: Verification) => {
      const { cluster, operation, epoch } = verification.move;
      const look = Number(newestLook.get(cluster, operation)?.['look'] ?? 0) + 1;
      addLook.run(cluster, operation, look, epoch, JSON.stringify(verification));
    },
    say: ({ verification: { move }, look }: KeptVerification, { kind, body }: Said) => {
      say.run(move.cluster, move.operation, look, kind, JSON.stringify(body));
    },
  };
}

/** About what stands now, which the agents tell live: a dead server that is back shall not go on as a problem of its move. */
const linesToldLive: readonly string[] = ['V15', 'V16'];
/** Older moves than these are the past: they are looked at on the timeline. */
const movesLookedAt = 10;

/** Reads them anew only when something was added: nothing in the book is ever changed. */
function violatedMoves(
  database: DatabaseSync,
  pages: Pick<VerificationBook, 'latest'>,
): VerificationBook['violated'] {
  const size = database.prepare(
    'SELECT (SELECT count(*) FROM looks) AS looks, (SELECT count(*) FROM said) AS said',
  );
  const newestMoves = database.prepare(
    'SELECT operation FROM looks WHERE cluster = ? GROUP BY operation ORDER BY max(epoch) DESC LIMIT ?',
  );
  let read = { of: '', moves: [] as ViolatedMove[] };
  return (clusters) => {
    const of = JSON.stringify([size.get(), clusters]);
    if (read.of === of) return read.moves;
    const moves = clusters.flatMap((cluster) =>
      newestMoves
        .all(cluster, movesLookedAt)
        .flatMap(({ operation }) => violatedMove(pages.latest(cluster, String(operation))) ?? []),
    );
    read = { of, moves: moves.toSorted((one, other) => other.checkedAt.localeCompare(one.checkedAt)) };
    return read.moves;
  };
}

function violatedMove(kept: KeptVerification | null): ViolatedMove | null {
  if (kept === null) return null;
  const { move, lines, checkedAt } = kept.verification;
  const violated = lines.filter(({ id, verdict }) => verdict === 'violated' && !linesToldLive.includes(id));
  if (violated.length === 0 || kept.signatures.some(({ hash }) => hash === kept.hash)) return null;
  const { cluster, operation, epoch } = move;
  return { cluster, operation, epoch, checkedAt, lines: violated.map(({ id, title }) => `${id} ${title}`) };
}

function hashOf(kept: Pick<KeptVerification, 'verification' | 'judgements'>): string {
  return createHash('sha256').update(signedText(kept)).digest('hex');
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
