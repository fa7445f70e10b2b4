import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes in a new folder an authority (`authority.pem`), an etcd's certificate for these addresses (`server.pem`,
 * `server-key.pem`) and a member's without a common name (`certificate.pem`, `key.pem`); all end in two days.
 */
export function makeEtcdCertificates(folder: string, addresses: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const lasts = ['-days', '2'];
  const authority = ['-keyout', 'authority-key.pem', '-out', 'authority.pem', '-subj', '/O=etcd authority'];
  openssl('req', '-x509', ...key, ...lasts, ...authority);
  const names = addresses.map((address) => `IP:${address}`).join(',');
  const both = 'extendedKeyUsage=serverAuth,clientAuth\n';
  writeFileSync(join(folder, 'server.ext'), `subjectAltName=${names}\n${both}`);
  writeFileSync(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
  const issue = (out: string, keyOut: string, subject: string, extensions: string) => {
    openssl('req', '-new', ...key, '-keyout', keyOut, '-out', `${out}.csr`, '-subj', subject);
    const by = ['-CA', 'authority.pem', '-CAkey', 'authority-key.pem', '-CAcreateserial'];
    openssl('x509', '-req', '-in', `${out}.csr`, ...by, ...lasts, '-extfile', extensions, '-out', out);
  };
  issue('server.pem', 'server-key.pem', '/O=etcd', 'server.ext');
  issue('certificate.pem', 'key.pem', '/O=member', 'client.ext');
}
