import { createPublicKey, verify } from 'node:crypto';

/** What `ixha enroll` prints: its public key, and the nonce signed with the private one. */
export interface EnrolmentProof {
  readonly publicKeyPem: string;
  /** Base64 of an ECDSA-SHA256 signature (DER) over the nonce's bytes. */
  readonly signature: string;
  /** The nonce that was handed to `ixha enroll`, hexadecimal. */
  readonly nonce: string;
}

/**
 * True when the holder of this EC P-256 key signed exactly this nonce. Anything malformed is false:
 * what a server prints is not trusted.
 */
export function verifyEnrolment(proof: EnrolmentProof): boolean {
  if (!/^(?:[0-9a-fA-F]{2}){16,}$/.test(proof.nonce)) return false;
  try {
    const key = createPublicKey(proof.publicKeyPem);
    if (key.asymmetricKeyType !== 'ec') return false;
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
    return verify('sha256', Buffer.from(proof.nonce, 'hex'), key, Buffer.from(proof.signature, 'base64'));
  } catch {
    return false;
  }
}
