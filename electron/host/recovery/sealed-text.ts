import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import * as z from 'zod/mini';

/** 128 MB and about half a second for each guess, on a machine of today. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const;
const maxCostBytes = 512 * 1024 * 1024;
const keyBytes = 32;

const Base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/));

/** A text that only a passphrase opens: scrypt makes the key, AES-256-GCM keeps and proves it. */
export const SealedText = z.strictObject({
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z.int().check(z.minimum(2), z.maximum(2 ** 20)),
    r: z.int().check(z.minimum(1), z.maximum(16)),
    p: z.int().check(z.minimum(1), z.maximum(4)),
    salt: Base64,
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), iv: Base64, tag: Base64 }),
  data: Base64,
});
export type SealedText = z.infer<typeof SealedText>;

/**
 * Seals a text. `label` is not secret and is proven together with the text: a sealed text under another label does not
 * open.
 */
export async function seal(text: string, passphrase: string, label: string): Promise<SealedText> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, cost), iv);
  cipher.setAAD(Buffer.from(label, 'utf8'));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    kdf: { name: 'scrypt', ...cost, salt: salt.toString('base64') },
    cipher: { name: 'aes-256-gcm', iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64') },
    data: data.toString('base64'),
  };
}

/** The text; undefined with another passphrase, another label, or when a bit of it was changed. */
export async function unseal(
  { kdf, cipher, data }: SealedText,
  passphrase: string,
  label: string,
): Promise<string | undefined> {
  const bytes = (base64: string) => Buffer.from(base64, 'base64');
  try {
    const key = await keyOf(passphrase, bytes(kdf.salt), kdf);
    const opened = createDecipheriv('aes-256-gcm', key, bytes(cipher.iv), { authTagLength: 16 });
    opened.setAAD(Buffer.from(label, 'utf8'));
    opened.setAuthTag(bytes(cipher.tag));
    return Buffer.concat([opened.update(bytes(data)), opened.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function keyOf(
  passphrase: string,
  salt: Buffer,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // The same letters typed on two systems may be other bytes before this.
  const secret = passphrase.normalize('NFKC');
  scrypt(secret, salt, keyBytes, { N, r, p, maxmem: maxCostBytes }, (error, key) =>
    error === null ? resolve(key) : reject(error),
  );
  return promise;
}
