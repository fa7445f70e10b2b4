import type { Cluster, SiteDocument } from '../site/site-document.ts';
import { memberPorts } from '../site/site-rules.ts';
import { atPort, senderAddress } from './balanced-site.ts';
import { notSetUpByUs, type BalancerRecipe } from './recipe.ts';

/** Of the cluster with index 0; each one needs a number that nobody else in its network segment has. */
const firstRouterId = 51;

/**
 * No machine between senders and members: the address of a cluster is held by the member whose /active answers 200.
 * One file for each server. Pure. Source: keepalived.conf(5).
 */
export function keepalivedRecipe(site: SiteDocument): BalancerRecipe {
  const members = [...new Set(site.clusters.flatMap((cluster) => cluster.members.map((one) => one.server)))];
  return {
    files: members.map((id) => {
      const name = site.servers.find((server) => server.id === id)?.name ?? id;
      return {
        title: `keepalived on ${name}`,
        place: `/etc/keepalived/keepalived.conf on ${name}`,
        text: fileOf(site, id),
      };
    }),
    steps: [
      'Install keepalived and curl on both servers, and put each file in its place.',
      'Name the network card in the line $INTERFACE, and see that no other VRRP router of this network segment uses the same virtual_router_id.',
      'Let it be judged and take it over on each server: keepalived -t, then systemctl enable --now keepalived.',
    ],
    limits: [
      {
        what: 'Both servers must be in one network segment, since one address has to be good on both.',
        costs: 'Servers in different segments or sites cannot be balanced this way at all.',
      },
      {
        what: 'An address has no ports to translate: senders use the very ports of the engines.',
        costs: 'A site whose listeners have other ports for senders is refused with this choice.',
      },
      {
        what: 'It asks once a second and needs two refusals; the new holder waits up to four seconds for the old one to be silent.',
        costs:
          'Senders may wait about six seconds longer for the new Active than with HAProxy, which notices within half a second.',
      },
      {
        what: 'Old sessions are not cut by anybody; the new holder refuses what it does not know.',
        costs:
          'A sender that is silent learns only with its next message that it has to connect anew. It sends that message again.',
      },
      notSetUpByUs,
    ],
  };
}

function fileOf(site: SiteDocument, server: string): string {
  const clusters = site.clusters.filter(({ members }) => members.some((member) => member.server === server));
  return `# Site ${site.id}, version ${site.version}, server ${server}.
# The network card that the addresses belong to.
$INTERFACE=eth0

global_defs {
    enable_script_security
    script_user nobody
}

${clusters.map((cluster) => sections(site, cluster, server)).join('\n')}`;
}

function sections(site: SiteDocument, cluster: Cluster, server: string): string {
  const addressOf = (id: string) => site.servers.find((one) => one.id === id)?.address ?? '';
  const own = cluster.members.find((member) => member.server === server)!;
  const others = cluster.members.filter((member) => member.server !== server);
  const address = senderAddress(site, cluster);
  const question = `http://${atPort(addressOf(server), memberPorts(cluster, own).active)}/active`;
  return `# ${cluster.id}: held here only while this member is Active. Without a weight a refusal gives the address up.
vrrp_script ixha_${cluster.id} {
    script "/usr/bin/curl -fs -m 1 -o /dev/null ${question}"
    interval 1
    timeout 2
    fall 2
    rise 1
}

vrrp_instance ixha_${cluster.id} {
    state BACKUP
    interface $INTERFACE
    virtual_router_id ${((firstRouterId + cluster.index - 1) % 255) + 1}
    priority 100
    advert_int 1
    unicast_src_ip ${addressOf(server)}
    unicast_peer {
${others.map((member) => `        ${addressOf(member.server)}`).join('\n')}
    }
    virtual_ipaddress {
        ${address}/${address.includes(':') ? 128 : 32}
    }
    track_script {
        ixha_${cluster.id}
    }
}
`;
}
