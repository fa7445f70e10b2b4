import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../../agent/journal/journal.ts';
import { writeDurable } from '../../../agent/durable/durable-file.ts';
import { systemMeans, type SupportMeans } from '../../../agent/support/support-scene.ts';
import { createIdentity, createSiteAuthority } from '../../../electron/host/authority/site-authority.ts';
import { memberConfig } from '../../../shared/site/member-config.ts';
import { sampleSite } from '../host/install/install-samples.ts';

/** Things that must never be in a bundle, each planted in several places. */
export const planted = {
  password: 'Zq7-horse-Battery',
  token: 'eyJhbGciOiJFUzI1NiJ9',
  apiKey: '9f8e7d6c5b4a39281706f5e4d3c2b1a0',
  message: 'PID|1||4711081512^^^HOSP^MR||Mustermann^Erika||19640812|F',
  patient: 'Mustermann',
  reason: 'Mustermann waits for her results',
  messageId: 'MSG00001-Mustermann',
} as const;

const everySecret = Object.values(planted).join(' ');

/** A server folder of one member with something planted wherever a text can stand. */
export async function plantServer(root: string): Promise<{ means: SupportMeans; keyText: string }> {
  const at = (...parts: string[]) => join(root, ...parts);
  const paths = {
    state: at('state/WK1'),
    run: at('run/WK1'),
    certificates: at('etc/WK1/certificates'),
    scripts: at('scripts'),
    enginePasswordFile: at('etc/WK1/engine-password'),
  };
  for (const folder of ['etc/WK1/certificates', 'state/WK1/journal', 'run/WK1', 'scripts']) {
    mkdirSync(at(folder), { recursive: true });
  }
  const config = memberConfig(sampleSite(), 'WK1', 'north', { paths, listenAddress: '127.0.0.1' });
  const engine = {
    ...config.engine,
    apiUser: planted.apiKey,
    pollers: [planted.patient],
    listeners: { [planted.patient]: 6661 },
  };
  writeFileSync(at('etc/WK1/member.json'), JSON.stringify({ ...config, engine }));
  writeFileSync(at('etc/WK1/engine-password'), planted.password);
  for (const ofSite of ['site', 'site-configuration']) writeFileSync(at('etc', ofSite), everySecret);
  const keyText = await plantCertificates(paths.certificates);
  const journal = new Journal(join(paths.state, 'journal'), fixedClock, { cluster: 'WK1', server: 'north' });
  journal.append({ kind: 'lease', sentence: 'The lease is renewed.', epoch: 7 });
  journal.append({
    kind: 'command',
    sentence: `Switchover to south asked for by admin desk: accepted, because: ${planted.reason}.`,
    requestedBy: planted.token,
  });
  journal.append({ kind: 'alarm', sentence: `The engine answers: ${everySecret}`, step: planted.apiKey });
  journal.close();
  const memory = {
    schema: 1,
    siteId: 'sample',
    cluster: 'WK1',
    server: 'north',
    epoch: 7,
    ended: 6,
    storeId: null,
  };
  writeDurable(join(paths.state, 'member.json'), {
    ...memory,
    operation: {
      id: 'ab12cd34',
      kind: 'switchover',
      to: 'south',
      epoch: 7,
      requestedBy: planted.token,
      reason: planted.reason,
      startedWallTime: '2026-11-28T21:30:01.123Z',
      idempotencyKey: planted.apiKey,
    },
    machineId: planted.apiKey,
  });
  writeFileSync(join(paths.run, 'deadline'), '7 123456\n');
  writeFileSync(join(paths.run, 'kill-1'), `123456 ${everySecret}\n`);
  writeFileSync(join(paths.state, planted.password), everySecret);
  return { means: meansOf(root), keyText };
}

const fixedClock = { bootMs: () => 123_456, wallTime: () => '2026-11-28T21:30:01.123Z' };

async function plantCertificates(folder: string): Promise<string> {
  const authority = await createSiteAuthority('sample');
  const identity = { kind: 'member', site: 'sample', cluster: 'WK1', server: 'north' } as const;
  const own = await createIdentity(authority, { identity, days: 100 });
  writeFileSync(join(folder, 'authority.pem'), authority.certificatePem);
  writeFileSync(join(folder, 'certificate.pem'), own.certificatePem);
  writeFileSync(join(folder, 'key.pem'), own.privateKeyPem);
  return own.privateKeyPem;
}

/** Programs that say what they are asked for, and something planted with it. */
function meansOf(root: string): SupportMeans {
  const folders = {
    configuration: join(root, 'etc'),
    state: join(root, 'state'),
    run: join(root, 'run'),
    library: join(root, 'lib'),
  };
  const log = JSON.stringify({
    __REALTIME_TIMESTAMP: '1795901401000000',
    __CURSOR: 's=ab;i=1',
    _SYSTEMD_UNIT: 'ixha-agent@WK1.service',
    PRIORITY: '4',
    _PID: '712',
    MESSAGE: `The lease is renewed. ${everySecret}`,
    _CMDLINE: everySecret,
  });
  const said: Record<string, string> = {
    systemctl: `ActiveState=active\nNRestarts=2\nEnvironment=${everySecret}\nResult=${everySecret}\n`,
    journalctl: `${log}\nnot json ${everySecret}\n`,
    timeout: `cifs rw,vers=3.1.1,username=${planted.patient},password=${planted.password}\n`,
    timedatectl: 'NTPSynchronized=yes\n',
    df: `  1000 200 800 20% /\n//${planted.token}@nas/share 1 1 1 1% /mnt\n`,
    uname: 'Linux 6.1.0-13-amd64 x86_64\n',
  };
  return { ...systemMeans, folders, run: (file) => Promise.resolve(said[file] ?? everySecret) };
}
