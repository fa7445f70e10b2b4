import type { SiteDocument } from '../site/site-document.ts';
import { atPort, balancedListeners, type BalancedListener } from './balanced-site.ts';
import { notSetUpByUs, type BalancerRecipe, type RecipeLimit } from './recipe.ts';

const place = 'beside http { … } in /etc/nginx/nginx.conf, or a file that it includes there';
const steps = [
  'NGINX needs its stream module (Debian: libnginx-mod-stream).',
  'Put the text at the top level of the configuration; where a stream { … } is there already, put its content into that one.',
  'Let it be judged and take it over: nginx -t, then nginx -s reload.',
];

/**
 * The free NGINX asks nobody. It finds the Active by whose port is open, which holds because no other engine of the
 * cluster runs. Pure. Source: ngx_stream_proxy_module, ngx_stream_upstream_module.
 */
export function nginxRecipe(site: SiteDocument): BalancerRecipe {
  const servers = balancedListeners(site).map(
    (listener) => `    # ${listener.words}
    upstream ${upstream(listener)} {
        # Never left out for a while: the one that refuses now is the Active after a failover.
${members(listener, ' max_fails=0')}
    }
    server {
        listen ${atPort(listener.address, listener.port)} so_keepalive=on;
        proxy_pass ${upstream(listener)};
        proxy_connect_timeout 1s;
        # LLP connections stay open and may be silent over night.
        proxy_timeout 24h;
        proxy_next_upstream on;
        proxy_socket_keepalive on;
    }`,
  );
  return {
    files: [{ title: 'NGINX', place, text: streamOf(site, servers) }],
    steps: [
      ...steps,
      'So that a server that lost its power is noticed at all, set on this machine: net.ipv4.tcp_keepalive_time=10, net.ipv4.tcp_keepalive_intvl=3, net.ipv4.tcp_keepalive_probes=3, net.ipv4.tcp_retries2=5.',
    ],
    limits: [
      {
        what: 'NGINX without Plus has no active checks: /active is not asked. It tries one member after the other and stays with the one whose listener is open.',
        costs:
          'An engine that has opened its listeners and is not released yet, or is being drained, gets new senders. It holds the lease then, so nothing is lost, but senders may wait for it, and be cut off once more.',
      },
      {
        what: 'Old sessions are not cut when their server is gone: NGINX does not know that it is no longer Active.',
        costs:
          'After a power failure a sender that keeps its session open is stuck until TCP gives up. Every sender needs a time limit for answers, 30 s or so, after which it connects anew.',
      },
      {
        what: 'A connection to a server without power is tried for a second before the other member is.',
        costs: 'While one server is down, every second new connection begins a second later.',
      },
      notSetUpByUs,
    ],
  };
}

/**
 * NGINX Plus asks /active. Pure.
 * Source: ngx_stream_upstream_hc_module (health_check, match), ngx_stream_proxy_module (proxy_session_drop).
 */
export function nginxPlusRecipe(site: SiteDocument): BalancerRecipe {
  const listeners = balancedListeners(site);
  const servers = listeners.map(
    (listener) => `    # ${listener.words}
    upstream ${upstream(listener)} {
        zone ${upstream(listener)} 64k;
${members(listener, '')}
    }
    server {
        listen ${atPort(listener.address, listener.port)} so_keepalive=on;
        proxy_pass ${upstream(listener)};
        proxy_connect_timeout 1s;
        proxy_timeout 24h;
        proxy_socket_keepalive on;
        health_check interval=1s fails=2 passes=1 port=${listener.members[0]!.activePort} match=ixha_active mandatory;
        health_check_timeout 1s;
        # Sessions to a member that is no longer Active are cut, not drained.
        proxy_session_drop on;
    }`,
  );
  const match = `    match ixha_active {
        send "GET /active HTTP/1.0\\r\\n\\r\\n";
        expect ~ "^HTTP/1\\.[01] 200 ";
    }`;
  return {
    files: [{ title: 'NGINX Plus', place, text: streamOf(site, [match, ...servers]) }],
    steps,
    limits: [
      ...differentPorts(listeners),
      {
        what: 'It asks once a second and needs two refusals.',
        costs:
          'Senders may wait about two seconds longer for the new Active than with HAProxy, which notices within half a second.',
      },
      {
        what: 'A session is dropped at its next byte, not at once.',
        costs:
          'A sender that is silent learns only with its next message that it has to connect anew. It sends that message again.',
      },
      notSetUpByUs,
    ],
  };
}

/** One health check asks one port on all members. */
function differentPorts(listeners: readonly BalancedListener[]): RecipeLimit[] {
  const odd = listeners.filter(({ members }) => new Set(members.map((one) => one.activePort)).size > 1);
  return [...new Set(odd.map(({ cluster }) => cluster))].map((cluster) => ({
    what: `A health check of NGINX Plus asks one port on all members, and those of ${cluster} answer /active on different ones.`,
    costs: `${cluster} would never be sent to its other member. Give both members of ${cluster} the same port for /active before you use this.`,
  }));
}

function streamOf(site: SiteDocument, parts: readonly string[]): string {
  return `# Site ${site.id}, version ${site.version}.\nstream {\n${parts.join('\n\n')}\n}\n`;
}

function upstream({ section }: BalancedListener): string {
  return `ixha_${section.replaceAll('-', '_')}`;
}

function members({ members: all }: BalancedListener, parameters: string): string {
  return all.map(({ address, port }) => `        server ${atPort(address, port)}${parameters};`).join('\n');
}
