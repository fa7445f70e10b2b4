import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { identityOfSubjectAltName, identityUri } from '../../shared/site/identity.ts';
import { jsonFile, type SupportFile } from '../../shared/support/support-material.ts';
import { whyNot, type SupportScene } from './support-scene.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Whose certificate lies here and until when; the key beside it is never opened. */
export function certificatesPart(scene: SupportScene, folder: string, part: string): SupportFile[] {
  const authority = certificateIn(scene, join(folder, 'authority.pem'));
  const own = certificateIn(scene, join(folder, 'certificate.pem'));
  const meaning = {
    authority: 'notRead' in authority ? authority : datesOf(authority),
    certificate:
      'notRead' in own
        ? own
        : {
            ...datesOf(own),
            identity: identityIn(own),
            issuedByAuthority: 'notRead' in authority ? null : own.verify(authority.publicKey),
          },
    key: described(scene, join(folder, 'key.pem')),
  };
  return [jsonFile(`${part}/certificates.json`, meaning)];
}

function certificateIn(scene: SupportScene, path: string): X509Certificate | { notRead: string } {
  try {
    return new X509Certificate(scene.read(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { notRead: code?.startsWith('ERR_') ? 'It is no certificate.' : whyNot(error) };
  }
}

function datesOf({ serialNumber, validFromDate, validToDate }: X509Certificate) {
  return {
    serialNumber,
    validFrom: validFromDate.toISOString(),
    validTo: validToDate.toISOString(),
    daysLeft: Math.floor((validToDate.getTime() - Date.now()) / dayMs),
  };
}

/** Only a name that has the form of ours is told. */
function identityIn(certificate: X509Certificate): string | null {
  const identity = identityOfSubjectAltName(certificate.subjectAltName);
  return identity === undefined ? null : identityUri(identity);
}

function described(scene: SupportScene, path: string): string {
  try {
    return scene.describe(path);
  } catch (error) {
    return whyNot(error);
  }
}
