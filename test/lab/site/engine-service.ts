import { address, type HostName, type LabLayout } from '../hosts/layout.ts';
import { engineUser } from '../hosts/image.ts';
import { engineApi, type LabCluster } from './lab-site.ts';

/** Files of one engine on its server. The record is for the judge and not on the data disk: it survives. */
export function enginePaths(cluster: LabCluster) {
  return {
    program: '/opt/iguanax/standin-engine.cjs',
    config: `/etc/iguanax/${cluster.share}.json`,
    password: '/etc/iguanax/api-password',
    record: `/var/lib/${engineUser.name}/record-${cluster.share}`,
  };
}

/** What may differ from the usual engine of the lab; names are those of the stand-in's configuration. */
export interface EngineSettings {
  readonly workingDirectory?: string;
  readonly startMs?: number;
  readonly stopMs?: number;
  readonly http?: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  readonly autostart?: readonly string[];
}

/** The stand-in engine's configuration on one server. */
export function engineConfig(
  lab: LabLayout,
  cluster: LabCluster,
  server: HostName,
  settings: EngineSettings = {},
): string {
  const paths = enginePaths(cluster);
  const config = {
    name: cluster.id,
    server,
    apiAddress: '127.0.0.1',
    apiPort: cluster.apiPort,
    apiUser: engineApi.user,
    apiPasswordFile: paths.password,
    workingDirectory: `/share/${cluster.share}`,
    listeners: [
      {
        name: cluster.listener.name,
        address: '0.0.0.0',
        port: cluster.listener.port,
        destination: { address: address(lab, 'outer'), port: cluster.receiverPort },
      },
    ],
    pollers: [{ name: cluster.poller, kind: 'timer', everyMs: 200 }],
    autostart: [cluster.listener.name],
    record: paths.record,
    ...settings,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The service as the vendor ships it: started at boot and by itself five seconds after it ends. */
export function engineUnit(cluster: LabCluster): string {
  const paths = enginePaths(cluster);
  return `[Unit]
Description=Engine ${cluster.id} (stand-in)
After=network.target

[Service]
User=${engineUser.name}
ExecStart=/opt/node/bin/node ${paths.program} --config ${paths.config}
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
`;
}
