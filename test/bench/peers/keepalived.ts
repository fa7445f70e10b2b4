import { onHost, tryOnHost } from '../../lab/hosts/ssh.ts';
import { memberHosts, type LabLayout } from '../../lab/hosts/layout.ts';
import type { Contender } from './contender.ts';
import { benchCluster, floatingAddress, localWork, putFile } from './payload.ts';

/**
 * keepalived as its manual shows it for a service: a floating address by VRRP, scripts that start and stop the engine,
 * and a check of the engine once a second. Version 3 of the protocol is needed for advertisements below one second.
 */
export function keepalived(advertSeconds: number): Contender {
  return {
    name: `keepalived-${advertSeconds}`,
    title: `keepalived ${advertSeconds} s`,
    kind: 'peer',
    daemon: 'keepalived.service',
    workingDirectory: localWork,
    memoryUnits: (host) => (memberHosts.includes(host) ? ['keepalived.service'] : []),
    target: (lab) => ({ address: floatingAddress(lab), port: benchCluster.listener.port }),
    async setUp(lab) {
      for (const [index, host] of memberHosts.entries()) {
        putFile(lab, host, '/etc/keepalived/keepalived.conf', configuration(lab, host, index, advertSeconds));
        for (const [name, script] of Object.entries(scripts))
          putFile(lab, host, `/opt/ha/${name}.sh`, script, 0o755);
        await onHost(lab, host, 'systemctl start keepalived');
      }
    },
    standbyReady: async (lab, standby) =>
      (await tryOnHost(lab, standby, 'systemctl is-active --quiet keepalived')).code === 0,
    async plannedMove(lab, from) {
      await onHost(lab, from, 'systemctl stop keepalived');
      return async () => void (await onHost(lab, from, 'systemctl start keepalived'));
    },
    rejoin: async (lab, host) => void (await onHost(lab, host, 'systemctl start keepalived')),
  };
}

const unit = benchCluster.unit;

const scripts = {
  up: `#!/bin/sh\nsystemctl reset-failed ${unit} 2>/dev/null; systemctl start ${unit} && touch /run/engine.wanted\n`,
  down: `#!/bin/sh\nrm -f /run/engine.wanted; systemctl stop ${unit}\n`,
  // A backup is healthy without an engine; a master that wants one is healthy only with it.
  check: `#!/bin/sh\n[ ! -e /run/engine.wanted ] || systemctl is-active -q ${unit}\n`,
};

function configuration(lab: LabLayout, host: string, index: number, advertSeconds: number): string {
  return `global_defs {
  router_id ${host}
  enable_script_security
  script_user root
  vrrp_garp_master_refresh 5
${advertSeconds < 1 ? '  vrrp_version 3\n' : ''}}
vrrp_script engine {
  script "/opt/ha/check.sh"
  interval 1
  timeout 1
  fall 1
  rise 1
}
vrrp_instance V {
  state BACKUP
  nopreempt
  interface eth0
  virtual_router_id 51
  priority ${100 - index}
  advert_int ${advertSeconds}
  virtual_ipaddress { ${floatingAddress(lab)}/24 }
  track_script { engine }
  notify_master "/opt/ha/up.sh"
  notify_backup "/opt/ha/down.sh"
  notify_fault  "/opt/ha/down.sh"
  notify_stop   "/opt/ha/down.sh"
}
`;
}
