import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes (or keeps) the key of this program in `directory` and proves that it has it: a signature over the
 * console's nonce. The private key never leaves the server; the console issues the certificate.
 *
 * @param nonce hexadecimal, at least 16 bytes
 */
export function enroll(directory: string, nonce: string): { publicKeyPem: string; signature: string } {
  const path = join(directory, 'key.pem');
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  const key = readFileSync(path, 'utf8');
  const publicKeyPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { publicKeyPem, signature: sign('sha256', Buffer.from(nonce, 'hex'), key).toString('base64') };
}
