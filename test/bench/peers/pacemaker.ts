import { until } from '../../lab/hosts/command.ts';
import { onHost, tryOnHost } from '../../lab/hosts/ssh.ts';
import { address, memberHosts, type HostName, type LabLayout } from '../../lab/hosts/layout.ts';
import type { Contender } from './contender.ts';
import { benchCluster, floatingAddress, localWork, putFile } from './payload.ts';

const bothOnline = 'Online: [ wk-a wk-b ]';

/** Pacemaker over Corosync with token 1000 and a third vote from a quorum device, the form that is safe in a split. */
export const pacemaker: Contender = {
  name: 'pacemaker',
  title: 'Pacemaker token 1000 + qdevice',
  kind: 'peer',
  daemon: 'corosync.service',
  workingDirectory: localWork,
  memoryUnits: (host) =>
    memberHosts.includes(host)
      ? ['corosync.service', 'pacemaker.service', 'corosync-qdevice.service']
      : host === 'wit'
        ? ['corosync-qnetd.service']
        : [],
  target: (lab) => ({ address: floatingAddress(lab), port: benchCluster.listener.port }),
  async setUp(lab, tell) {
    await onHost(lab, 'wit', startVoteServer);
    for (const host of memberHosts) {
      putFile(lab, host, '/etc/corosync/corosync.conf', corosyncConfiguration(lab));
      await startOn(lab, host);
    }
    await until('both nodes online', () => online(lab, 'wk-a'), { deadlineMs: 120_000, everyMs: 1_000 });
    tell('both nodes are online');
    putFile(lab, 'wk-a', '/root/resources.crm', resources(lab));
    await onHost(lab, 'wk-a', 'crm --force configure load update /root/resources.crm');
  },
  standbyReady: (lab, standby) =>
    online(
      lab,
      memberHosts.find((host) => host !== standby)!,
    ),
  async plannedMove(lab, from) {
    await onHost(lab, from, `crm_standby -N ${from} -v on`);
    return async () => void (await onHost(lab, from, `crm_standby -N ${from} -D`));
  },
  rejoin: startOn,
};

async function startOn(lab: LabLayout, host: HostName): Promise<void> {
  const start = ['corosync', 'corosync-qdevice', 'pacemaker'].map((name) => `systemctl start ${name}`);
  await onHost(lab, host, start.join(' && '), 120_000);
}

async function online(lab: LabLayout, asked: HostName): Promise<boolean> {
  return (await tryOnHost(lab, asked, 'crm_mon -1 2>&1')).stdout.includes(bothOnline);
}

/** The package makes its own certificate database; without TLS nothing of it is used. */
const startVoteServer = `set -e
echo 'COROSYNC_QNETD_OPTIONS="-s off"' >> /etc/default/corosync-qnetd
systemctl restart corosync-qnetd`;

function resources(lab: LabLayout): string {
  return `property stonith-enabled=false no-quorum-policy=stop
rsc_defaults resource-stickiness=100
primitive vip ocf:heartbeat:IPaddr2 params ip=${floatingAddress(lab)} cidr_netmask=24 nic=eth0 op monitor interval=1s timeout=5s
primitive engine systemd:${benchCluster.unit.replace('.service', '')} op monitor interval=1s timeout=10s op start timeout=20s op stop timeout=20s
group g vip engine
`;
}

function corosyncConfiguration(lab: LabLayout): string {
  const nodes = memberHosts.map(
    (host, index) =>
      `  node {\n    name: ${host}\n    nodeid: ${index + 1}\n    ring0_addr: ${address(lab, host)}\n  }\n`,
  );
  return `totem {
  version: 2
  cluster_name: lab
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: 1000
}
logging {
  to_syslog: yes
  to_logfile: no
}
quorum {
  provider: corosync_votequorum
  device {
    model: net
    votes: 1
    net {
      tls: off
      host: ${address(lab, 'wit')}
      algorithm: ffsplit
    }
  }
}
nodelist {
${nodes.join('')}}
`;
}
