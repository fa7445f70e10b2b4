import type { SiteInstallFile } from '../../../electron/host/install/install-file.ts';
import { address, type HostName, type LabLayout } from '../hosts/layout.ts';
import { onHost } from '../hosts/ssh.ts';
import { labClusters } from '../site/lab-site.ts';

/** Something that is wrong before an installation, and what it must be refused with. */
export interface RefusedDay {
  readonly what: string;
  readonly host: HostName;
  /** Shell on that host that makes it wrong, and that makes it right again. */
  readonly spoil: (lab: LabLayout) => string;
  readonly mend: string;
  /** What is wrong in the site file. */
  readonly edit?: (file: SiteInstallFile, lab: LabLayout) => void;
  readonly code: string;
  readonly words: RegExp;
}

const [wk1] = labClusters;
const units = '/etc/systemd/system';
const listen = (port: number) =>
  `/opt/node/bin/node -e 'require("node:net").createServer().listen(${port}, "0.0.0.0")'`;
const otherAddress = (lab: LabLayout) => address(lab, 'outer').replace(/\.1$/, '.99');

export const refusedDays: readonly RefusedDay[] = [
  {
    what: 'the engine is not there',
    host: 'wk-b',
    spoil: () => `mv ${units}/${wk1.unit} /root/ && systemctl daemon-reload`,
    mend: `mv /root/${wk1.unit} ${units}/ && systemctl daemon-reload`,
    code: 'install.engine-missing',
    words: /the engine's service iguanax-wk1\.service of WK1 is not installed/,
  },
  {
    what: 'the port of the agent is taken',
    host: 'wk-b',
    spoil: () => `systemd-run -q --unit=other-program ${listen(7670)}; ${heard(7670)}`,
    mend: 'systemctl stop other-program',
    code: 'install.port-taken',
    words: /port 7670, needed for the agent of WK1, is used by another program/,
  },
  {
    what: 'the storage is read-only',
    host: 'wk-b',
    spoil: () => 'mount -o remount,bind,ro /share/wk1',
    mend: 'mount -o remount,bind,rw /share/wk1',
    code: 'install.unsupported',
    words: /the shared directory \/share\/wk1 of WK1 is mounted read-only/,
  },
  {
    what: 'the storage belongs to another cluster',
    host: 'wk-a',
    spoil: () => 'mkdir /share/wk1/.ixha && echo "other WK9" > /share/wk1/.ixha/identity',
    mend: 'rm -r /share/wk1/.ixha',
    code: 'install.foreign',
    words: /\/share\/wk1 of WK1 is marked as belonging to other WK9/,
  },
  {
    what: 'another site’s agent is there',
    host: 'wit',
    spoil: () => 'mkdir -p /etc/ixha && echo other > /etc/ixha/site',
    mend: 'rm -r /etc/ixha',
    code: 'install.foreign',
    words: /it belongs to the site other, not to lab/,
  },
  {
    what: 'one server stands there under two names',
    host: 'wk-a',
    spoil: (lab) => `ip address add ${otherAddress(lab)}/24 dev $(${cardOf(address(lab, 'wk-a'))})`,
    mend: `ip -4 -o address show | awk '$4 ~ /\\.99\\/24$/ { print $4, "dev", $2 }' | xargs ip address del`,
    edit: (file, lab) => {
      file.site.servers.find(({ id }) => id === 'wk-b')!.address = otherAddress(lab);
      file.access['wk-b'] = { ...file.access['wk-a']! };
    },
    code: 'install.unsupported',
    words: /wk-a, wk-b: both are the same machine under two names/,
  },
  {
    what: 'both clusters are given one storage',
    host: 'wk-a',
    spoil: () => 'true',
    mend: 'true',
    edit: ({ site }) => {
      site.clusters[1]!.storage.directory = site.clusters[0]!.storage.directory;
    },
    code: 'site.unsafe',
    words: /shared directory \/share\/wk1 is used twice: by WK1 and WK2/,
  },
];

/** Prints the network card that has an address. */
function cardOf(own: string): string {
  return `ip -4 -o address show to ${own} | awk '{ print $2 }'`;
}

/** Waits on the host until a port is listened on. */
function heard(port: number): string {
  const hex = port.toString(16).toUpperCase();
  return `for turn in $(seq 100); do grep -q ":${hex} .* 0A " /proc/net/tcp && exit 0; sleep 0.05; done; exit 1`;
}

/** A second engine on a server is no reason to refuse: it is told, by its service, before anything is installed. */
export async function addSecondEngine(lab: LabLayout): Promise<() => Promise<void>> {
  const unit = `${units}/iguanax-other.service`;
  await onHost(lab, 'wk-b', `cp ${units}/${wk1.unit} ${unit} && systemctl daemon-reload`);
  return async () => {
    await onHost(lab, 'wk-b', `rm ${unit} && systemctl daemon-reload`);
  };
}
