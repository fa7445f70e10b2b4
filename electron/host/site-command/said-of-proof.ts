import { fail, succeed, type Result } from '../../../shared/result.ts';
import { Judgement } from '../../../shared/verification/kept-verification.ts';
import type { Values } from './options.ts';

/** A signature under all of a proof, or a judgement of one line of it that could not be seen whole. */
export type SaidOfProof =
  | { readonly kind: 'signature'; readonly name: string; readonly comment: string }
  | ({ readonly kind: 'judgement' } & Pick<Judgement, 'line' | 'finding' | 'name' | 'comment'>);

const longestName = 100;
const longestComment = 1_000;
const findings = Judgement.shape.finding.def.entries;

/** What a person wants to say of a proof; null: nothing. The error is one line for the person. Pure. */
export function saidOfProof({ sign, judge, by, comment = '' }: Values): Result<SaidOfProof | null, string> {
  if (sign !== undefined && judge !== undefined) return fail('--sign and --judge exclude each other');
  if (sign === undefined && judge === undefined) {
    if (by !== undefined) return fail('--by needs --judge LINE:FINDING');
    return comment === '' ? succeed(null) : fail('--comment needs --sign NAME or --judge LINE:FINDING');
  }
  if (comment.length > longestComment) return fail(`--comment is longer than ${longestComment} characters`);
  if (judge !== undefined) return judgementSaid(judge, by, comment);
  if (by !== undefined) return fail('--by is for --judge; --sign has the name itself');
  if (!isName(sign)) return fail(`--sign needs a name of at most ${longestName} characters`);
  return succeed({ kind: 'signature', name: sign, comment });
}

function judgementSaid(judge: string, by: string | undefined, comment: string): Result<SaidOfProof, string> {
  const [, line, word] = /^(V\d\d):([a-z-]+)$/.exec(judge) ?? [];
  const finding = Object.values(findings).find((one) => one === word);
  if (line === undefined || finding === undefined)
    return fail(`--judge ${judge} is no line and finding; say it as V09:in-order or V09:not-in-order`);
  if (!isName(by)) return fail(`--judge needs --by NAME, of at most ${longestName} characters`);
  if (comment.trim() === '') return fail('--judge needs --comment TEXT: how it is known');
  return succeed({ kind: 'judgement', line, finding, name: by, comment });
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name.trim() !== '' && name.length <= longestName;
}
