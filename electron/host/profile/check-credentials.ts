import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { identityOfSubjectAltName, type ConsoleRole } from '../../../shared/site/identity.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';

/**
 * Checks that the console's certificate, key and authority belong together and to this site, before
 * anything is sent anywhere. Answers who the console is.
 */
export function checkCredentials(
  credentials: ConsoleCredentials,
  site: string,
  directory: string,
  wallTime: string,
): Result<{ name: string; role: ConsoleRole }, ProductError> {
  const authority = readPem(() => new X509Certificate(credentials.authority), directory, 'authority.pem');
  if (!authority.ok) return authority;
  const certificate = readPem(
    () => new X509Certificate(credentials.certificate),
    directory,
    'certificate.pem',
  );
  if (!certificate.ok) return certificate;
  const key = readPem((): KeyObject => createPrivateKey(credentials.key), directory, 'key.pem');
  if (!key.ok) return key;
  if (!certificate.value.checkPrivateKey(key.value)) {
    return damaged(directory, 'key.pem does not belong to certificate.pem.');
  }
  const identity = identityOfSubjectAltName(certificate.value.subjectAltName);
  if (identity?.kind !== 'console')
    return damaged(directory, 'certificate.pem is not the certificate of a console.');
  if (identity.site !== site) {
    const said = `The console's certificate belongs to the site ${identity.site}, the folder to ${site}.`;
    return fail(productError('agent.foreign', said));
  }
  if (!certificate.value.verify(authority.value.publicKey)) {
    return fail(
      productError('agent.foreign', "The console's certificate was not issued by this site's authority."),
    );
  }
  const today = new Date(wallTime);
  if (today > certificate.value.validToDate || today < certificate.value.validFromDate) {
    const { validFrom, validTo } = certificate.value;
    return damaged(directory, `certificate.pem is valid from ${validFrom} to ${validTo} only.`);
  }
  return succeed({ name: identity.name, role: identity.role });
}

function readPem<Value>(read: () => Value, directory: string, file: string): Result<Value, ProductError> {
  try {
    return succeed(read());
  } catch {
    return damaged(directory, `${file} is not readable as PEM.`);
  }
}

function damaged(directory: string, what: string): Result<never, ProductError> {
  return fail(productError('site.damaged', `In ${directory}/console ${what}`));
}
