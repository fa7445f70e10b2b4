import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { carryOver, type NumberedLook } from '../../../shared/verification/carry-over.ts';
import {
  Judgement,
  type KeptVerification,
  Signature,
  signedText,
} from '../../../shared/verification/kept-verification.ts';
import { Verification } from '../../../shared/verification/verification.ts';

/** What a person says of a look. */
export type Said =
  | { readonly kind: 'judged'; readonly body: Judgement }
  | { readonly kind: 'signed'; readonly body: Signature };

/** How a look is kept. */
export interface KeepAbout {
  /** The cluster has moved again since. */
  readonly isOver: boolean;
}

function statementsOf(database: DatabaseSync) {
  const looksOfMove = 'SELECT look, body FROM looks WHERE cluster = ? AND operation = ? ORDER BY look';
  return {
    newestLook: database.prepare(`${looksOfMove} DESC LIMIT 1`),
    everyLook: database.prepare(looksOfMove),
    settled: database.prepare(
      "SELECT 1 FROM looks WHERE cluster = ? AND operation = ? AND json_extract(body, '$.awaits') IS NULL LIMIT 1",
    ),
    saidOf: database.prepare(
      'SELECT look, kind, body FROM said WHERE cluster = ? AND operation = ? ORDER BY id',
    ),
    say: database.prepare('INSERT INTO said (cluster, operation, look, kind, body) VALUES (?,?,?,?,?)'),
    addLook: database.prepare('INSERT INTO looks (cluster, operation, look, epoch, body) VALUES (?,?,?,?,?)'),
    newestMove: database.prepare(
      'SELECT operation FROM looks WHERE cluster = ? ORDER BY epoch DESC, look DESC LIMIT 1',
    ),
  };
}

/** The looks of every move as rows: reads and adds single ones; whoever does both does it in one transaction. */
export function verificationLooks(database: DatabaseSync) {
  const { newestLook, everyLook, settled, saidOf, say, addLook, newestMove } = statementsOf(database);
  const said = (cluster: string, operation: string) => saidOf.all(cluster, operation).map(saidRow);
  const newest = (cluster: string, operation: string): NumberedLook | null => {
    const row = newestLook.get(cluster, operation);
    return row === undefined ? null : lookRow(row);
  };
  return {
    /** Whether a look was kept at which nothing was awaited any more. */
    has: (cluster: string, operation: string) => settled.get(cluster, operation) !== undefined,
    newestMove: (cluster: string) => {
      const row = newestMove.get(cluster);
      return row === undefined ? null : String(row['operation']);
    },
    latest: (cluster: string, operation: string): KeptVerification | null => {
      const look = newest(cluster, operation);
      return look && (statesOf(look, said(cluster, operation))[0] ?? null);
    },
    /** Every look, and each with fewer judgements as it was signed; the newest first. */
    states: (cluster: string, operation: string): KeptVerification[] => {
      const told = said(cluster, operation);
      return everyLook
        .all(cluster, operation)
        .reverse()
        .flatMap((row) => statesOf(lookRow(row), told))
        .map((kept, at) => (at === 0 ? kept : { ...kept, later: at }));
    },
    /** The oldest first, and which of them somebody has signed. */
    looks: (cluster: string, operation: string) => ({
      looks: everyLook.all(cluster, operation).map(lookRow),
      signed: new Set(
        said(cluster, operation)
          .filter(({ kind }) => kind === 'signed')
          .map(({ look }) => look),
      ),
    }),
    addLook: (verification: Verification, { isOver }: KeepAbout) => {
      const { cluster, operation, epoch } = verification.move;
      const before = newest(cluster, operation);
      const told = carryOver(before, verification, isOver);
      addLook.run(cluster, operation, (before?.look ?? 0) + 1, epoch, JSON.stringify(told));
    },
    say: ({ verification: { move }, look }: KeptVerification, { kind, body }: Said) => {
      say.run(move.cluster, move.operation, look, kind, JSON.stringify(body));
    },
  };
}

export type VerificationLooks = ReturnType<typeof verificationLooks>;

type Row = Readonly<Record<string, unknown>>;
type SaidOfLook = Said & { readonly look: number };

function lookRow(row: Row): NumberedLook {
  return { look: Number(row['look']), verification: Verification.parse(JSON.parse(String(row['body']))) };
}

function saidRow(row: Row): SaidOfLook {
  const body: unknown = JSON.parse(String(row['body']));
  const look = Number(row['look']);
  return row['kind'] === 'judged'
    ? { look, kind: 'judged', body: Judgement.parse(body) }
    : { look, kind: 'signed', body: Signature.parse(body) };
}

/** A look as it is now, then as it was each time that it was signed with fewer judgements. */
function statesOf({ look, verification }: NumberedLook, said: readonly SaidOfLook[]): KeptVerification[] {
  const signatures = said.flatMap((one) => (one.kind === 'signed' ? [one.body] : []));
  const own = said.filter((one) => one.look === look);
  const judgementsUntil = (end: number) =>
    own.slice(0, end).flatMap((one) => (one.kind === 'judged' ? [one.body] : []));
  const all = judgementsUntil(own.length);
  const signedAt = own.flatMap(({ kind }, at) => (kind === 'signed' ? [judgementsUntil(at)] : []));
  const counts = new Set([all.length, ...signedAt.map(({ length }) => length).reverse()]);
  return [...counts].map((count) => {
    const judgements = all.slice(0, count);
    const hash = hashOf({ verification, judgements });
    return { verification, look, hash, judgements, signatures };
  });
}

function hashOf(kept: Pick<KeptVerification, 'verification' | 'judgements'>): string {
  return createHash('sha256').update(signedText(kept)).digest('hex');
}
