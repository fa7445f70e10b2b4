import type { SiteDocument } from '../site/site-document.ts';
import { balancedListeners, type BalancedListener, type BalancedMember } from './balanced-site.ts';
import { notSetUpByUs, type BalancerRecipe } from './recipe.ts';

/** Seconds between two questions to a member, the shortest that BIG-IP knows. */
const intervalSeconds = 1;
/** BIG-IP marks a member down that gave no good answer for so long; its maker advises three intervals and one second. */
const timeoutSeconds = 3 * intervalSeconds + 1;
const llpProfile = '/Common/ixha-llp';

/**
 * Monitors, pools and virtual servers to be merged into the configuration of a BIG-IP. Pure.
 * Source: tmsh reference, ltm monitor http, ltm pool (service-down-action), ltm virtual.
 */
export function f5Recipe(site: SiteDocument): BalancerRecipe {
  const listeners = balancedListeners(site);
  const ports = [...new Set(listeners.flatMap(({ members }) => members.map(({ activePort }) => activePort)))];
  const text = [
    `# Site ${site.id}, version ${site.version}: GET /active answers 200 on the Active of a cluster only.`,
    ...ports.map(monitor),
    `ltm profile tcp ${llpProfile} {
    defaults-from /Common/tcp
    idle-timeout 86400
    keep-alive-interval 30
    reset-on-timeout enabled
}`,
    ...listeners.flatMap((listener) => [pool(listener), virtualServer(listener)]),
  ].join('\n');
  return {
    files: [{ title: 'Objects of the site', place: '/var/tmp/ixha.conf on the BIG-IP', text: `${text}\n` }],
    steps: [
      'Copy the text to /var/tmp/ixha.conf on the BIG-IP that is active of its pair.',
      'Let it be judged: tmsh load sys config merge file /var/tmp/ixha.conf verify',
      'Merge it: tmsh load sys config merge file /var/tmp/ixha.conf; then tmsh save sys config, and synchronize the pair.',
      'Let its self addresses reach the listeners and the /active ports of both members.',
    ],
    limits: [
      {
        what: `It asks once a second and marks a member down after ${timeoutSeconds} s without a good answer.`,
        costs: `Senders may wait up to ${timeoutSeconds} s longer for the new Active than with HAProxy, which notices within half a second.`,
      },
      notSetUpByUs,
    ],
  };
}

function monitorOf(port: number): string {
  return `/Common/ixha-active-${port}`;
}

function monitor(port: number): string {
  return `ltm monitor http ${monitorOf(port)} {
    defaults-from /Common/http
    destination *:${port}
    interval ${intervalSeconds}
    timeout ${timeoutSeconds}
    time-until-up 0
    up-interval 0
    send "GET /active HTTP/1.0\\r\\n\\r\\n"
    recv "HTTP/1.[01] 200"
}`;
}

function pool({ section, words, members }: BalancedListener): string {
  return `# ${words}; sessions to a member that is no longer Active are cut, not drained.
ltm pool /Common/ixha-${section} {
    members {
${members.map(poolMember).join('\n')}
    }
    service-down-action reset
}`;
}

function poolMember({ address, port, activePort }: BalancedMember): string {
  return `        /Common/${withPort(address, port)} {
            address ${address}
            monitor ${monitorOf(activePort)}
        }`;
}

function virtualServer({ section, address, port }: BalancedListener): string {
  const mask = address.includes(':') ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
  return `ltm virtual /Common/ixha-${section} {
    destination /Common/${withPort(address, port)}
    mask ${mask}
    ip-protocol tcp
    pool /Common/ixha-${section}
    profiles {
        ${llpProfile} { }
    }
    source-address-translation {
        type automap
    }
}`;
}

/** BIG-IP puts a dot before the port where the address has colons. */
function withPort(address: string, port: number): string {
  return `${address}${address.includes(':') ? '.' : ':'}${port}`;
}
