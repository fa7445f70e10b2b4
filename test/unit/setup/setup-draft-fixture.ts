import {
  emptyDraft,
  noBalancer,
  type DraftCluster,
  type DraftServer,
  type SetupDraft,
} from '../../../shared/setup/draft.ts';

export function draftServer(id: string, changes: Partial<DraftServer> = {}): DraftServer {
  return {
    id,
    name: id,
    address: `192.0.2.${10 + id.length}`,
    purpose: 'member',
    ssh: {
      user: 'root',
      port: 22,
      login: { kind: 'password' },
      sudo: 'root',
      hostKey: `ssh-ed25519 SHA256:${'a'.repeat(43)}`,
    },
    ...changes,
  };
}

export function draftCluster(id: string, index: number, changes: Partial<DraftCluster> = {}): DraftCluster {
  const name = id.toLowerCase();
  return {
    id,
    title: `Cluster ${id}`,
    index,
    members: ['north', 'south'].map((server, place) => ({
      server,
      preferred: place === index % 2,
      unit: `iguanax-${name}.service`,
      apiPort: 6543 + 10 * index,
      apiUser: 'ha',
      workingDirectory: `/share/${name}`,
    })),
    listeners: [{ name: 'ADT', port: 6661 + 10 * index, frontendPort: 7001 + 10 * index }],
    pollers: [],
    directory: `/share/${name}`,
    mustBeMount: true,
    ...changes,
  };
}

/** A site of two members and a third machine, with two crossed clusters, said completely. */
export function wholeDraft(changes: Partial<SetupDraft> = {}): SetupDraft {
  return {
    ...emptyDraft(),
    site: { id: 'clinic', name: 'Clinic' },
    servers: [
      draftServer('north', { address: '192.0.2.11' }),
      draftServer('south', { address: '192.0.2.12' }),
      draftServer('third', { address: '192.0.2.13', purpose: 'other' }),
    ],
    design: 'multi-cluster',
    clusters: [draftCluster('WK1', 0), draftCluster('WK2', 1)],
    balancer: { ...noBalancer, server: 'third' },
    leaseStore: { kind: 'witness', server: 'third', port: 7660 },
    timing: 'normal',
    ...changes,
  };
}

/** An etcd of three with users, said completely. */
export function wholeEtcd(): Extract<SetupDraft['leaseStore'], { kind: 'etcd' }> {
  const endpoint = (last: number, certificateName = '') => ({
    address: `192.0.2.${last}`,
    port: 2379,
    certificateName,
  });
  return {
    kind: 'etcd',
    endpoints: [endpoint(21), endpoint(22, 'etcd2.example'), endpoint(23)],
    prefix: '/ixha/clinic',
    user: 'ixha',
    authorityFile: '/etcd/ca.pem',
    certificateFile: '/etcd/ixha.pem',
    keyFile: '/etcd/ixha-key.pem',
  };
}
