import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createIdentity,
  createSiteAuthority,
  type KeyPairPem,
} from '../../../electron/host/authority/site-authority.ts';
import { until } from '../hosts/command.ts';
import { cutPower } from '../hosts/host.ts';
import { insideHost } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import { ixhaExitCode } from '../site/console-command.ts';
import { profileFolder, runSite } from '../site/install.ts';
import { labSite, siteId } from '../site/lab-site.ts';
import type { Scenario, Stage } from './scenario.ts';
import { agentUnit, leaseAndMoreMs, staysActive } from './steps.ts';

interface WrongCertificate {
  readonly name: string;
  readonly does: string;
  issue(stage: Stage): Promise<KeyPairPem>;
}

const wrongCertificates: readonly WrongCertificate[] = [
  {
    name: 'certificate-of-another-site',
    does: 'the certificate of WK1’s Passive was issued by the authority of another site of the same name',
    issue: async (stage) => issue(stage, await createSiteAuthority(siteId), 'WK1', 30),
  },
  {
    name: 'certificate-of-another-member',
    does: 'WK1’s Passive has the certificate of the member of WK2 on its server',
    issue: (stage) => issue(stage, ownAuthority(stage), 'WK2', 30),
  },
  {
    name: 'certificate-of-a-console',
    does: 'WK1’s Passive has the certificate of a workstation of this site',
    issue: (stage) => {
      const identity = { kind: 'console', site: siteId, name: 'lab', role: 'admin' } as const;
      return createIdentity(ownAuthority(stage), { identity, days: 30 });
    },
  },
];

/** Members and lease store excuse the time of a certificate, and nothing else of it. */
const certificateExpired: Scenario = {
  name: 'certificate-expired',
  fault: 36,
  does: 'the certificate of WK1’s Passive has expired an hour ago; then cut the power of WK1’s Active',
  expected: 'accepted by peer and store, which is told; the Passive takes over; WK2 stays',
  held: true,
  journeys: { WK1: ['first', 'other'], WK2: ['first'] },
  told: 'failover',
  tells: [/The certificate of WK1 on .* has ended on .* It is accepted/, /has run out without a renewal/],
  async carryOut(stage) {
    const { lab, wk1, first, other, waitForWords, waitForActive } = stage;
    await giveCertificate(stage, await issue(stage, ownAuthority(stage), 'WK1', -1 / 24));
    await waitForWords(wk1, /It is accepted/);
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
    await cutPower(lab, first(wk1));
    await waitForActive(wk1, other(wk1));
  },
};

const refusedCertificates = wrongCertificates.map(({ name, does, issue: wrong }): Scenario => ({
  name,
  fault: 36,
  does,
  expected: 'refused by peer and store, which is told; no engine is stopped by it and nothing moves',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'nothing',
  tells: [/does not answer here, so whether it could take over is not known/],
  async carryOut(stage) {
    const { lab, wk1, waitForWords } = stage;
    await giveCertificate(stage, await wrong(stage));
    await waitForWords(wk1, /does not answer here/);
    const told = async () => (await ixhaExitCode(lab, ['status'])) !== 0;
    await until('ixha status tells it', told, { deadlineMs: 15_000, everyMs: 500 });
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
  },
}));

/** A server that answers is given its new keys before anything is refused, and whoever has a copy of the old ones is. */
const certificateRevoked: Scenario = {
  name: 'certificate-revoked',
  fault: 36,
  does: 'revoke the certificates of WK1’s Passive’s server, then put the old one of WK1 back there',
  expected:
    'the server gets new keys with no engine touched; the old certificate is refused by peer and store, which is told; nothing moves',
  held: true,
  journeys: { WK1: ['first'], WK2: ['first'] },
  told: 'own-checks',
  tells: [/does not answer here, so whether it could take over is not known/],
  async carryOut(stage) {
    const { lab, wk1, other, check, waitForWords } = stage;
    const old = certificateOf(stage);
    const told = await runSite(lab, 'revoke', labSite(lab), undefined, ['--server', other(wk1)]);
    check('site revoke says that it is done', told.code === 0, `${told.stdout}${told.stderr}`.slice(-600));
    const { certificatePem } = certificateOf(stage);
    check('the server has a new certificate', certificatePem !== old.certificatePem, 'compared as files');
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
    await giveCertificate(stage, old);
    await waitForWords(wk1, /does not answer here/);
    await staysActive(stage, wk1, leaseAndMoreMs(wk1));
  },
};

export const certificateFaults: readonly Scenario[] = [
  certificateExpired,
  ...refusedCertificates,
  certificateRevoked,
];

/** What WK1’s Passive has now. */
function certificateOf(stage: Stage): KeyPairPem {
  const text = (file: string) => readFileSync(certificateFile(stage, file), 'utf8');
  return { certificatePem: text('certificate.pem'), privateKeyPem: text('key.pem') };
}

function certificateFile({ lab, wk1, other }: Stage, file: string): string {
  return insideHost(lab, other(wk1), `/etc/ixha/${wk1.id}/certificates/${file}`);
}

/** WK1’s Passive starts anew with this certificate; undone by another start. */
async function giveCertificate(stage: Stage, pair: KeyPairPem): Promise<void> {
  const { lab, wk1, other, undo } = stage;
  const startWith = ({ certificatePem, privateKeyPem }: KeyPairPem) => {
    writeFileSync(certificateFile(stage, 'certificate.pem'), certificatePem);
    writeFileSync(certificateFile(stage, 'key.pem'), privateKeyPem);
    return onHost(lab, other(wk1), `systemctl restart ${agentUnit(wk1)}`);
  };
  const right = certificateOf(stage);
  undo(() => startWith(right));
  await startWith(pair);
}

/** For the member of that cluster on the Passive's server. */
function issue(
  { wk1, other }: Stage,
  authority: KeyPairPem,
  cluster: string,
  days: number,
): Promise<KeyPairPem> {
  const identity = { kind: 'member', site: siteId, cluster, server: other(wk1) } as const;
  return createIdentity(authority, { identity, days });
}

function ownAuthority(stage: Stage): KeyPairPem {
  return {
    certificatePem: readFileSync(certificateFile(stage, 'authority.pem'), 'utf8'),
    privateKeyPem: readFileSync(join(profileFolder(stage.lab), 'authority-key.pem'), 'utf8'),
  };
}
