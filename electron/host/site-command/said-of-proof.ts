import { fail, succeed, type Result } from '../../../shared/result.ts';
import { Judgement, type KeptVerification } from '../../../shared/verification/kept-verification.ts';
import type { Values } from './options.ts';

/** What was shown to whoever says something, as it was printed then. */
export interface SeenProof {
  /** How its SHA-256 begins. */
  readonly hash: string;
  readonly signatures: number;
}

/** A signature under all of a proof, or a judgement of one line of it that could not be seen whole. */
export type SaidOfProof = {
  /** Null: what is told in the same call. */
  readonly seen: SeenProof | null;
} & (
  | { readonly kind: 'signature'; readonly name: string; readonly comment: string }
  | ({ readonly kind: 'judgement' } & Pick<Judgement, 'line' | 'finding' | 'name' | 'comment'>)
);

const longestName = 100;
const longestComment = 1_000;
const findings = Judgement.shape.finding.def.entries;

/** What a person wants to say of a proof; null: nothing. The error is one line for the person. Pure. */
export function saidOfProof({
  sign,
  judge,
  by,
  seen,
  comment = '',
}: Values): Result<SaidOfProof | null, string> {
  if (sign !== undefined && judge !== undefined) return fail('--sign and --judge exclude each other');
  if (sign === undefined && judge === undefined) {
    if (by !== undefined) return fail('--by needs --judge LINE:FINDING');
    if (seen !== undefined) return fail('--seen needs --sign NAME or --judge LINE:FINDING');
    return comment === '' ? succeed(null) : fail('--comment needs --sign NAME or --judge LINE:FINDING');
  }
  if (comment.length > longestComment) return fail(`--comment is longer than ${longestComment} characters`);
  const shown = seenProof(seen);
  if (!shown.ok) return shown;
  if (judge !== undefined) return judgementSaid(judge, by, comment, shown.value);
  if (by !== undefined) return fail('--by is for --judge; --sign has the name itself');
  if (!isName(sign)) return fail(`--sign needs a name of at most ${longestName} characters`);
  return succeed({ kind: 'signature', name: sign, comment, seen: shown.value });
}

/** As a proof is named when it is shown: how its hash begins, and how many had signed. */
export function seenWord({ hash, signatures }: KeptVerification): string {
  return `${hash.slice(0, 12)}.${signatures.length}`;
}

/** What a person says something of: what was shown to them before, else what this call tells. */
export function shownTo({ seen }: SaidOfProof, kept: KeptVerification): { hash: string; signatures: number } {
  const { hash, signatures } = kept;
  if (seen === null) return { hash, signatures: signatures.length };
  return { hash: hash.startsWith(seen.hash) ? hash : seen.hash, signatures: seen.signatures };
}

function seenProof(word: string | undefined): Result<SeenProof | null, string> {
  if (word === undefined) return succeed(null);
  const [, hash, signatures] = /^([\da-f]{8,64})\.(\d{1,4})$/.exec(word) ?? [];
  if (hash === undefined || signatures === undefined)
    return fail(`--seen ${word} names no proof; say it as it was printed, such as 5f0b9c4177ae.0`);
  return succeed({ hash, signatures: Number(signatures) });
}

function judgementSaid(
  judge: string,
  by: string | undefined,
  comment: string,
  seen: SeenProof | null,
): Result<SaidOfProof, string> {
  const [, line, word] = /^(V\d\d):([a-z-]+)$/.exec(judge) ?? [];
  const finding = Object.values(findings).find((one) => one === word);
  if (line === undefined || finding === undefined)
    return fail(`--judge ${judge} is no line and finding; say it as V09:in-order or V09:not-in-order`);
  if (!isName(by)) return fail(`--judge needs --by NAME, of at most ${longestName} characters`);
  if (comment.trim() === '') return fail('--judge needs --comment TEXT: how it is known');
  return succeed({ kind: 'judgement', line, finding, name: by, comment, seen });
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name.trim() !== '' && name.length <= longestName;
}
