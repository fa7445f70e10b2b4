import type { TimingPresetName } from '../../../shared/lease/timing.ts';
import { memberHosts } from '../../lab/hosts/layout.ts';
import { ixhaExitCode, switchOver } from '../../lab/site/console-command.ts';
import { frontend, labSite } from '../../lab/site/lab-site.ts';
import { installPatiently } from '../../lab/site/new-site.ts';
import type { Contender } from './contender.ts';
import { benchCluster } from './payload.ts';

/** This product with one of its presets: witness and HAProxy on hosts of their own, the queue on shared storage. */
export function product(preset: TimingPresetName): Contender {
  const { id, share } = benchCluster;
  return {
    name: preset,
    title: `IguanaX HA ${preset}`,
    kind: 'product',
    daemon: `ixha-agent@${id}.service`,
    workingDirectory: `/share/${share}`,
    memoryUnits: (host) =>
      memberHosts.includes(host)
        ? [`ixha-agent@${id}.service`, `ixha-guard-1@${id}.service`, `ixha-guard-2@${id}.service`]
        : host === 'wit'
          ? ['ixha-witness.service']
          : [],
    target: (lab) => frontend(lab, benchCluster),
    async setUp(lab, tell) {
      const site = labSite(lab);
      const clusters = site.clusters
        .filter((cluster) => cluster.id === id)
        .map((cluster) => ({ ...cluster, timing: preset }));
      await installPatiently(lab, tell, { ...site, clusters });
    },
    standbyReady: async (lab) => (await ixhaExitCode(lab, ['status'])) === 0,
    async plannedMove(lab, _from, to) {
      await switchOver(lab, benchCluster, to);
      return () => Promise.resolve();
    },
    rejoin: () => Promise.resolve(),
  };
}
