import type { SiteDocument } from '../../shared/site/site-document.ts';

/** The document of the site that the fixtures show. */
export function siteDocument(): SiteDocument {
  const member = (cluster: string, server: string, preferred: boolean, apiPort: number) => ({
    server,
    preferred,
    engine: {
      service: { kind: 'systemd' as const, unit: `iguana-${cluster}.service` },
      apiPort,
      apiUser: 'ixha',
      workingDirectory: `/var/iguana/${cluster}`,
    },
  });
  const cluster = (id: string, title: string, index: number, preferred: string) => ({
    id,
    title,
    index,
    timing: 'normal' as const,
    storage: { kind: 'shared' as const, directory: `/srv/ixha/${id}`, mustBeMount: true },
    listeners: [{ name: 'Admissions', port: 6661 + index, frontendPort: 7661 + index }],
    pollers: ['File intake'],
    members: [
      member(id, 'ig-north', preferred === 'ig-north', 7654 + index),
      member(id, 'ig-south', preferred === 'ig-south', 7654 + index),
    ],
    localRestarts: 1,
  });
  return {
    schema: 1,
    id: 'demo',
    name: 'Demo site',
    version: 7,
    servers: [
      { id: 'ig-north', name: 'ig-north', address: '10.20.4.11' },
      { id: 'ig-south', name: 'ig-south', address: '10.20.4.12' },
      { id: 'ig-witness', name: 'ig-witness', address: '10.20.9.5' },
    ],
    clusters: [
      cluster('WK1', 'Admissions and laboratory', 0, 'ig-north'),
      cluster('WK2', 'Radiology and pharmacy', 1, 'ig-south'),
    ],
    leaseStore: { kind: 'witness', server: 'ig-witness', port: 7660 },
    loadBalancer: { kind: 'haproxy', server: 'ig-witness' },
  };
}
