import { expect, test } from 'vitest';
import { demoDocument, routesFrom } from '../../../../electron/host/demo/demo-document.ts';
import { demoFolders } from '../../../../electron/host/demo/demo-folders.ts';
import { assignPorts, choosePorts, portsNeeded } from '../../../../electron/host/demo/demo-ports.ts';
import { memberConfig, MemberConfig } from '../../../../shared/site/member-config.ts';
import { SiteDocument } from '../../../../shared/site/site-document.ts';
import { siteRefusals } from '../../../../shared/site/site-rules.ts';

let next = 20_000;
const ports = assignPorts(() => next++);
const folders = demoFolders('/demo');
const site = demoDocument(ports, folders, 'fast');

test('the site document is valid and safe for every preset', () => {
  for (const timing of ['rapid', 'fast', 'lan', 'normal', 'cross-site'] as const) {
    const document = demoDocument(ports, folders, timing);
    expect(SiteDocument.parse(document)).toEqual(document);
    expect(siteRefusals(document)).toEqual([]);
  }
});

test('each server is preferred for one cluster', () => {
  const preferred = site.clusters.map(
    (cluster) => cluster.members.find((member) => member.preferred)?.server,
  );
  expect(preferred).toEqual(['ig-north', 'ig-south']);
});

test('every connection from one server to another leads through a link that can be cut', () => {
  for (const { id } of site.clusters) {
    for (const server of ['ig-north', 'ig-south']) {
      const paths = { state: '/s', run: '/r', certificates: '/c', scripts: '/x', enginePasswordFile: '/p' };
      const config = memberConfig(site, id, server, { paths, routes: routesFrom(server, ports) });
      expect(MemberConfig.parse(config)).toEqual(config);
      if ('kind' in config.store) throw new Error('the demo has a witness');
      for (const [to, port] of [
        [config.peer.server, config.peer.port],
        [config.store.server, config.store.port],
      ] as const) {
        expect(ports.links).toContainEqual(expect.objectContaining({ from: server, to, listenPort: port }));
      }
    }
  }
});

test('no port is given out twice, and free ones are found below those of outgoing connections', async () => {
  const free = await choosePorts(portsNeeded());
  expect(new Set(free).size).toBe(portsNeeded());
  expect(Math.max(...free)).toBeLessThan(32_768);
  let given = 0;
  const chosen = JSON.stringify(assignPorts(() => (given += 1)));
  for (let port = 1; port <= portsNeeded(); port += 1) expect(chosen).toContain(String(port));
});
