import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { productError, type ProductError } from '../../shared/errors.ts';
import { loadCredentials, type Credentials } from '../tls/credentials.ts';

/** Why no agent can be asked; carried out of the depth in which it is found. */
export class TargetsRefused extends Error {
  readonly error: ProductError;
  constructor(error: ProductError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Reads key, certificate and authority of a folder and checks that they belong together and to the site.
 * Otherwise every agent would look unreachable, although the fault is here. Throws `TargetsRefused`.
 */
export function usableCredentials(folder: string, site: string): Credentials {
  for (const name of ['authority.pem', 'certificate.pem', 'key.pem']) {
    const path = join(folder, name);
    if (!existsSync(path)) throw new TargetsRefused(productError('site.missing', `${path} does not exist.`));
    if (!statSync(path).isFile()) throw damaged(`${path} is not a file.`);
  }
  const credentials = attempt(() => loadCredentials(folder), `${folder}/certificate.pem is not usable`);
  const authority = attempt(
    () => new X509Certificate(credentials.authority),
    `${folder}/authority.pem is not usable`,
  );
  const key = attempt(() => createPrivateKey(credentials.key), `${folder}/key.pem is not usable`);
  const certificate = new X509Certificate(credentials.certificate);
  if (!certificate.checkPrivateKey(key)) {
    throw damaged(`${folder}/key.pem does not belong to certificate.pem.`);
  }
  if (credentials.identity.site !== site) {
    throw foreign(
      `The certificate in ${folder} belongs to the site ${credentials.identity.site}, not to ${site}.`,
    );
  }
  if (!certificate.verify(authority.publicKey)) {
    throw foreign(`The certificate in ${folder} was not issued by the authority of the site ${site}.`);
  }
  return credentials;
}

function attempt<Value>(read: () => Value, otherwise: string): Value {
  try {
    return read();
  } catch (error) {
    throw damaged(`${otherwise} (${(error as Error).message}).`);
  }
}

function foreign(sentence: string): TargetsRefused {
  const next = 'Use the profile folder of this site, or have its certificate issued again.';
  return new TargetsRefused(productError('agent.foreign', sentence, [], next));
}

function damaged(sentence: string): TargetsRefused {
  return new TargetsRefused(productError('site.damaged', sentence));
}
