import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import type { SiteInstallFile } from './install-file.ts';
import type { EtcdFiles } from './server-access.ts';

/**
 * Reads what members sign in to an etcd with. Errors: site.missing (a file cannot be read), site.unsafe (every
 * reason why etcd would not take it).
 */
export async function readEtcdSecrets(
  { site, etcd }: Pick<SiteInstallFile, 'site' | 'etcd'>,
  now: Date,
): Promise<Result<EtcdSecrets, ProductError>> {
  if (etcd === undefined || site.leaseStore.kind !== 'etcd') {
    return fail(productError('site.unsafe', 'It is not said how members sign in to the etcd.'));
  }
  const { passwordFile } = etcd;
  try {
    const password = passwordFile === undefined ? undefined : await readFile(passwordFile, 'utf8');
    return await etcdSecretsFrom(etcd, {
      password: password?.replace(/\r?\n$/, ''),
      hasUser: site.leaseStore.user !== undefined,
      now,
    });
  } catch (cause) {
    return fail(unreadable(cause));
  }
}

/** The same where the password is at hand already. Errors: site.missing, site.unsafe. */
export async function etcdSecretsFrom(
  files: Pick<EtcdFiles, 'authorityFile' | 'certificateFile' | 'keyFile'>,
  {
    password,
    hasUser,
    now,
  }: { readonly password: string | undefined; readonly hasUser: boolean; readonly now: Date },
): Promise<Result<EtcdSecrets, ProductError>> {
  try {
    const { authorityFile, certificateFile, keyFile } = files;
    const [authorityPem, certificatePem, keyPem] = await Promise.all(
      [authorityFile, certificateFile, keyFile].map((file) => readFile(file, 'utf8')),
    );
    const secrets: EtcdSecrets = {
      authorityPem: authorityPem!,
      certificatePem: certificatePem!,
      keyPem: keyPem!,
      ...(password !== undefined && { password }),
    };
    const refusals = secretRefusals(secrets, hasUser, now);
    if (refusals.length === 0) return succeed(secrets);
    return fail(
      productError('site.unsafe', 'Members cannot sign in to the etcd with these files.', refusals),
    );
  } catch (cause) {
    return fail(unreadable(cause));
  }
}

function unreadable(cause: unknown): ProductError {
  const said = 'A file that members sign in to the etcd with cannot be read.';
  return productError('site.missing', said, [(cause as Error).message]);
}

/** Every reason why an etcd would refuse these files, as sentences. Pure. */
export function secretRefusals(
  { authorityPem, certificatePem, keyPem }: EtcdSecrets,
  hasUser: boolean,
  now: Date,
): string[] {
  const authority = certificateOf(authorityPem);
  const certificate = certificateOf(certificatePem);
  const key = keyOf(keyPem);
  return [
    ...(authority === undefined ? ['authorityFile holds no certificate'] : []),
    ...(certificate === undefined ? ['certificateFile holds no certificate'] : []),
    ...(key === undefined ? ['keyFile holds no private key without a passphrase'] : []),
    ...(certificate && key && !certificate.checkPrivateKey(key)
      ? ['keyFile is not the key of the certificate in certificateFile']
      : []),
    ...(certificate && certificate.validToDate <= now
      ? [
          `the certificate in certificateFile has expired on ${certificate.validToDate.toISOString().slice(0, 10)}`,
        ]
      : []),
    ...(hasUser && certificate && /^CN=/m.test(certificate.subject)
      ? [
          'the certificate in certificateFile has a common name: an etcd with users takes it for a user of its own. Issue one without',
        ]
      : []),
  ];
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function keyOf(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
