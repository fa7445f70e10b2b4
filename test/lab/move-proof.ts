import { SiteDocument } from '../../shared/site/site-document.ts';
import { address, type HostName, type LabLayout } from './hosts/layout.ts';
import { onHost } from './hosts/ssh.ts';
import { judged, onSiteAtWork, type SiteAtWork, type Tell } from './site-at-work.ts';
import { runSite } from './site/install.ts';
import { endEtcd, etcdOfOne, etcdSite, startEtcd } from './site/lab-etcd.ts';
import { labSite } from './site/lab-site.ts';

/**
 * The lease store of a site at work is moved to an etcd of one without users, to a witness on that host, to an etcd of
 * three with users, and back. Judged from outside: the same engine processes, no message lost or out of order, and how
 * long a cluster could not have lost its Active.
 */
export function proveMove(lab: LabLayout, tell: Tell): Promise<void> {
  return onSiteAtWork(lab, tell, thereAndBack);
}

async function thereAndBack(site: SiteAtWork): Promise<void> {
  const { lab } = site;
  await startEtcd(lab, etcdOfOne);
  await moved(site, 'witness of wit to an etcd of one without users', etcdSite(lab, etcdOfOne));
  await expectWitness(lab, null, 'wit');
  await moved(site, 'etcd of one to witness of nas', witnessOn(lab, 'nas'));
  await expectWitness(lab, 'nas', 'wit');
  await endEtcd(lab, etcdOfOne);
  await startEtcd(lab);
  await moved(site, 'witness of nas to an etcd of three', etcdSite(lab));
  await expectWitness(lab, null, 'nas');
  await moved(site, 'etcd of three to witness of wit', labSite(lab));
  await expectWitness(lab, 'wit', 'nas');
}

async function moved(site: SiteAtWork, what: string, to: SiteDocument): Promise<void> {
  await judged(site, what, async () => {
    const done = await runSite(site.lab, 'move-store', to);
    if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`);
    for (const line of done.stdout.split('\n').filter((text) => /^WK\d:|is removed/.test(text)))
      site.tell(line);
  });
}

/** The lab's site with its witness on another host. */
function witnessOn(lab: LabLayout, host: HostName): SiteDocument {
  const site = labSite(lab);
  const servers = site.servers.filter(({ id }) => id !== 'wit');
  return SiteDocument.parse({
    ...site,
    servers: [...servers, { id: host, name: host, address: address(lab, host) }],
    leaseStore: { kind: 'witness', server: host, port: 7660 },
  });
}

async function expectWitness(lab: LabLayout, on: HostName | null, off: HostName): Promise<void> {
  const runs = (host: HostName) => onHost(lab, host, 'systemctl is-active ixha-witness.service || true');
  // Its state is a disk of its own there, which stays, empty.
  const looks = 'ls -d /etc/ixha /usr/lib/ixha; ls -A /var/lib/ixha';
  const left = await onHost(lab, off, `(${looks}) 2>/dev/null || true`);
  if (on !== null && (await runs(on)).trim() !== 'active') throw new Error(`no witness runs on ${on}`);
  if (left.trim() !== '') throw new Error(`${off} still has ${left}`);
}
