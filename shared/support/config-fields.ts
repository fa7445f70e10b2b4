import type { MemberConfig, WitnessConfig } from '../site/member-config.ts';
import { jsonFile, type SupportFile } from './support-material.ts';

/** What is configured on one server. */
export interface ConfiguredParts {
  readonly members: readonly MemberConfig[];
  readonly witness: WitnessConfig | null;
}

/** Names that the site has given to its parts: they may stand in a bundle. Pure. */
export function siteNames({ members, witness }: ConfiguredParts): Set<string> {
  const ofMembers = members.flatMap((config) => [
    config.siteId,
    config.cluster,
    config.server,
    config.peer.server,
    config.listen.address,
    config.peer.address,
    ...(config.serverName + ' ' + config.peer.serverName).split(/\s+/),
    config.engine.service.unit,
    config.engine.workingDirectory,
    config.storage.directory,
    ...Object.values(config.paths),
    ...('endpoints' in config.store
      ? config.store.endpoints.map(({ address }) => address)
      : [config.store.server, config.store.address]),
  ]);
  const ofWitness = witness
    ? [
        witness.siteId,
        witness.server,
        witness.listen.address,
        ...witness.clusters.flatMap(({ id, members: own }) => [id, ...own]),
      ]
    : [];
  return new Set([...ofMembers, ...ofWitness]);
}

/** The configuration field by field: what is not named here stays on the server. Pure. */
export function configFiles({ members, witness }: ConfiguredParts): SupportFile[] {
  return [
    ...members.map((config) => jsonFile(`${config.cluster}/configuration.json`, memberFields(config))),
    ...(witness
      ? [
          jsonFile('witness/configuration.json', {
            siteId: witness.siteId,
            server: witness.server,
            listen: witness.listen,
            clusters: witness.clusters,
          }),
        ]
      : []),
  ];
}

function memberFields(config: MemberConfig) {
  const { engine, store } = config;
  return {
    siteId: config.siteId,
    siteVersion: config.siteVersion,
    cluster: config.cluster,
    server: config.server,
    timing: config.timing,
    listen: config.listen,
    peer: { server: config.peer.server, address: config.peer.address, port: config.peer.port },
    store:
      'endpoints' in store
        ? { kind: 'etcd', endpoints: store.endpoints.map(({ address, port }) => ({ address, port })) }
        : { kind: 'witness', server: store.server, address: store.address, port: store.port },
    preferred: config.preferred,
    mustNot: config.mustNot ?? false,
    failbackAfterMinutes: config.failbackAfterMinutes ?? null,
    localRestarts: config.localRestarts,
    engine: {
      unit: engine.service.unit,
      apiPort: engine.apiPort,
      workingDirectory: engine.workingDirectory,
      listenerPorts: Object.values(engine.listeners),
      pollers: engine.pollers.length,
    },
    storage: { kind: config.storage.kind, directory: config.storage.directory },
  };
}
