import { sign, verify, X509Certificate } from 'node:crypto';
import { signedText, signedWords, type IsSigned, type SignedKind } from '../../../shared/site/signed-text.ts';
import type { KeyPairPem } from './site-authority.ts';

/** A text of this kind with the authority's signature. */
export function signText(authority: KeyPairPem, kind: SignedKind, body: string): string {
  const words = Buffer.from(signedWords(kind, body));
  return signedText(kind, body, sign('sha256', words, authority.privateKeyPem).toString('base64'));
}

/** Knows the signatures of one authority. */
export function signedBy(authorityPem: string): IsSigned {
  const { publicKey } = new X509Certificate(authorityPem);
  return (words, signature) =>
    verify('sha256', Buffer.from(words), publicKey, Buffer.from(signature, 'base64'));
}
