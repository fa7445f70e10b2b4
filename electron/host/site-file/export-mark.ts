import { createHash, sign, verify, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { canonicalJson } from '../../../shared/report/canonical-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { identityOfSubjectAltName, type Identity } from '../../../shared/site/identity.ts';
import { siteOfAuthority } from '../authority/console-identity.ts';

const Pem = z.string().check(z.maxLength(16 * 1024));

/** Where a site file comes from, with the proof of it. Nothing in it is secret. */
export const ExportMark = z.strictObject({
  format: z.literal(1),
  /** Wall time of the workstation that wrote it. */
  at: z.iso.datetime(),
  /** Version of the console that wrote it. */
  console: z.string().check(z.maxLength(100)),
  authority: Pem,
  /** Of the workstation that wrote it, issued by that authority. */
  certificate: Pem,
  /** The signed configuration that the site document is; null: nobody has numbered it. */
  configuration: z.nullable(z.string()),
  /** Base64, ECDSA with SHA-256 by the key of that certificate over everything but this and places of secrets. */
  signature: z.string().check(z.maxLength(1_000)),
});
export type ExportMark = z.infer<typeof ExportMark>;

/** What is signed of a site file: not where a workstation has its secrets, since each has them elsewhere. */
const signedFields = ['site', 'access', 'jumpHosts', 'revokedHostKeys', 'etcd'] as const;

type FileFields = Readonly<Record<string, unknown>>;

/** The mark of a file that a workstation writes now. */
export function exportMark(
  fields: FileFields,
  mark: Omit<ExportMark, 'format' | 'signature'>,
  keyPem: string,
): ExportMark {
  const whole = { format: 1, ...mark } as const;
  const signature = sign('sha256', Buffer.from(signedWords(fields, whole)), keyPem).toString('base64');
  return { ...whole, signature };
}

/** Who wrote a file. */
export interface Exporter {
  readonly identity: Extract<Identity, { kind: 'console' }>;
  readonly serial: string;
  readonly beginsAtMs: number;
}

/**
 * Proves that a file is as a workstation of this very site has written it. Errors: import.altered, import.foreign. That
 * the authority is the right one is for the caller to say: a file can bring its own.
 */
export function provenExporter(
  fields: FileFields,
  { signature, ...mark }: ExportMark,
  siteId: string,
): Result<Exporter, ProductError> {
  const certificates = readCertificates(mark);
  if (certificates === null) return altered('its certificates cannot be read');
  const { authority, certificate } = certificates;
  const identity = identityOfSubjectAltName(certificate.subjectAltName);
  if (identity?.kind !== 'console') return foreign('its certificate is not one of a console');
  if (identity.site !== siteId || siteNamedBy(mark.authority) !== siteId)
    return foreign(`it was written on a workstation of the site ${identity.site}, not of ${siteId}`);
  if (!certificate.verify(authority.publicKey))
    return foreign('the certificate it is signed with was not issued by the authority that it names');
  const words = Buffer.from(signedWords(fields, mark));
  if (!verify('sha256', words, certificate.publicKey, Buffer.from(signature, 'base64')))
    return altered('what it says is not what was signed');
  const { serialNumber: serial, validFromDate } = certificate;
  return succeed({ identity, serial, beginsAtMs: validFromDate.getTime() });
}

/** SHA-256 of a certificate as people compare it: pairs with colons. Throws when it is none. */
export function fingerprintOf(certificatePem: string): string {
  const hash = createHash('sha256').update(new X509Certificate(certificatePem).raw).digest('hex');
  return hash.toUpperCase().match(/../g)!.join(':');
}

function signedWords(fields: FileFields, mark: Omit<ExportMark, 'signature'>): string {
  const signed = Object.fromEntries(signedFields.map((name) => [name, fields[name]]));
  return `ixha-export-1\n${canonicalJson({ ...signed, exported: mark })}`;
}

function readCertificates({ authority, certificate }: Omit<ExportMark, 'signature'>) {
  try {
    return { authority: new X509Certificate(authority), certificate: new X509Certificate(certificate) };
  } catch {
    return null;
  }
}

function siteNamedBy(authorityPem: string): string | null {
  try {
    return siteOfAuthority(authorityPem);
  } catch {
    return null;
  }
}

/** Error: import.altered. */
export function altered(why: string): Result<never, ProductError> {
  return fail(productError('import.altered', `The site file was changed since it was exported: ${why}.`));
}

/** Error: import.foreign. */
export function foreign(why: string): Result<never, ProductError> {
  return fail(productError('import.foreign', `The site file is not used: ${why}.`));
}
