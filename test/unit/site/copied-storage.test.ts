import { describe, expect, it } from 'vitest';
import { storageDirectory } from '../../../shared/site/directory-rules.ts';
import { memberConfig } from '../../../shared/site/member-config.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import { sampleSite } from '../host/install/install-samples.ts';

const site = (more: object = {}, other: object = {}): SiteDocument => {
  const copied = { kind: 'copied', directory: '/srv/wk1/', mustBeMount: false };
  const clusters = sampleSite().clusters.map((cluster, at) => ({
    ...cluster,
    storage: { ...copied, ...(at === 0 ? more : { directory: '/srv/wk2', ...other }) },
  }));
  return SiteDocument.parse({ ...sampleSite(), clusters });
};
const [first, second] = sampleSite().clusters[0]!.members.map(({ server }) => server) as [string, string];
const paths = { state: '', run: '', certificates: '', scripts: '', enginePasswordFile: '' };

describe('a copied directory in the site document', () => {
  it('is refused where two clusters have it on one server', () => {
    expect(siteRefusals(site())).toEqual([]);
    const twice = siteRefusals(site({}, { directories: { [first]: '/srv/wk1' } }));
    expect(twice).toEqual([`storage directory /srv/wk1 on ${first} is used twice: by WK1 and WK2`]);
    expect(siteRefusals(site({ directories: { nowhere: '/x' } })).join()).toContain('no server of the site');
  });

  it('is where the document says for each member, and goes to the other one', () => {
    const document = site({ directories: { [second]: '/data/wk1' }, sshPort: 2222, lagLimitSeconds: 30 });
    const [cluster] = document.clusters;
    expect([first, second].map((server) => storageDirectory(cluster!, server))).toEqual([
      '/srv/wk1',
      '/data/wk1',
    ]);
    const config = memberConfig(document, cluster!.id, first, { paths, copyKeys: '/etc/keys' });
    const address = document.servers.find(({ id }) => id === second)!.address;
    expect(config.storage).toEqual({
      kind: 'copied',
      directory: '/srv/wk1',
      mustBeMount: false,
      everySeconds: 5,
      lagLimitSeconds: 30,
      keys: '/etc/keys',
      peer: { address, port: 2222, user: 'root' },
    });
    expect(() => memberConfig(document, cluster!.id, first, { paths })).toThrow('no keys');
  });
});
