import { fail, succeed, type Result } from '../result.ts';

/** Proves that the site's authority has signed exactly these words; the signature is Base64. */
export type IsSigned = (words: string, signature: string) => boolean;

/** What a signed text can be: the kind is part of what is signed, so that one never passes for another. */
export type SignedKind = 'ixha-revocations-1' | 'ixha-site-1';

/**
 * A text that carries the authority's signature: a head line of kind and signature (Base64, ECDSA with SHA-256 over
 * `signedWords`), then the body, which a person can read.
 */
export function signedText(kind: SignedKind, body: string, signature: string): string {
  return `${kind} ${signature}\n${body}`;
}

/** The words that the authority signs. */
export function signedWords(kind: SignedKind, body: string): string {
  return `${kind}\n${body}`;
}

/** The body of a signed text. `damaged`: no such text · `foreign`: signed by nobody or by somebody else. */
export function bodyOfSigned(
  kind: SignedKind,
  text: string,
  isSigned: IsSigned,
): Result<string, 'damaged' | 'foreign'> {
  const end = text.indexOf('\n');
  const signature = /^([a-z0-9-]+) ([A-Za-z0-9+/]{16,}={0,2})$/.exec(text.slice(0, Math.max(end, 0)));
  if (signature?.[1] !== kind) return fail('damaged');
  const body = text.slice(end + 1);
  return isSigned(signedWords(kind, body), signature[2]!) ? succeed(body) : fail('foreign');
}
