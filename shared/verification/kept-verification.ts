import * as z from 'zod/mini';
import { canonicalJson } from '../report/canonical-json.ts';
import { countsOf, Verification } from './verification.ts';

/** A person's word on a line that could not be seen. It stands beside the verdict and never changes it. */
export const Judgement = z.object({
  line: z.string(),
  finding: z.enum(['in-order', 'not-in-order']),
  name: z.string(),
  /** Identity of the workstation that it was given on. */
  workstation: z.string(),
  comment: z.string(),
  at: z.string(),
});
export type Judgement = z.infer<typeof Judgement>;

export const Signature = z.object({
  name: z.string(),
  workstation: z.string(),
  comment: z.string(),
  at: z.string(),
  /** Of exactly what was shown when it was signed: the look, and every judgement until then. */
  hash: z.string(),
  unknown: z.int(),
  violated: z.int(),
});
export type Signature = z.infer<typeof Signature>;

/** A look at a move, as the site keeps it, with what people said of it; the last one where no other is asked for. */
export const KeptVerification = z.object({
  verification: Verification,
  /** 1 for the first look at this move; each later one counts on. */
  look: z.int(),
  /** SHA-256 of the look and its judgements. */
  hash: z.string(),
  judgements: z.array(Judgement),
  /** Also those of earlier looks and of fewer judgements: their hash is another one then. */
  signatures: z.array(Signature),
  /** Of what is not the newest: how many later looks or later judgements are kept. Absent: it is the newest. */
  later: z.optional(z.int()),
});
export type KeptVerification = z.infer<typeof KeptVerification>;

/** One of the looks that are kept of a move, for choosing: as it is now, or with fewer judgements as somebody signed it. */
export const KeptLook = z.object({
  look: z.int(),
  hash: z.string(),
  checkedAt: z.string(),
  unknown: z.int(),
  violated: z.int(),
  judgements: z.int(),
  /** Who has signed exactly this. */
  signedBy: z.array(z.string()),
});
export type KeptLook = z.infer<typeof KeptLook>;

/** A kept look in one line, for choosing. */
export function lookOf({ look, hash, verification, judgements, signatures }: KeptVerification): KeptLook {
  const { unknown, violated } = countsOf(verification);
  const signedBy = signatures.filter((one) => one.hash === hash).map(({ name }) => name);
  const { checkedAt } = verification;
  return { look, hash, checkedAt, unknown, violated, judgements: judgements.length, signedBy };
}

/** What a hash is made over: JSON with its keys in order, so that the same content has the same text. */
export function signedText({
  verification,
  judgements,
}: Pick<KeptVerification, 'verification' | 'judgements'>): string {
  return canonicalJson({ verification, judgements });
}
