import type { SiteDocument } from '../site/site-document.ts';
import { atPort, balancedListeners, type BalancedListener } from './balanced-site.ts';
import { notSetUpByUs, type BalancerRecipe } from './recipe.ts';

/** What any balancer has to be told, for whoever keeps one that no recipe is made for. Pure. */
export function genericRecipe(site: SiteDocument): BalancerRecipe {
  const text = `Site ${site.id}, version ${site.version}

For every listener
  mode            TCP, passed on as it comes; no TLS, no HTTP mode, also for listeners of HTTP
  sends to        the one member whose check is good; to nobody when none is
  check           HTTP GET /active on the member's own port, HTTP/1.0 or 1.1, no certificate
                  200 is good; 503, silence and refusal are not
  how often       every 200 ms, or as often as it can
  down            after 2 bad answers
  up              after 1 good answer, without a warm-up
  old sessions    cut (reset) as soon as their member is down
  silence         sessions are kept 24 h without a byte, with TCP keep-alive
  connecting      given up after 1 s, not tried again on the same member
  stickiness      none

${balancedListeners(site).map(listenerLines).join('\n')}`;
  return {
    files: [{ title: 'What to configure', place: 'the load balancer', text }],
    steps: [
      'Configure each listener as listed.',
      'Let the balancer reach the listeners and the /active ports of both members.',
    ],
    limits: [
      {
        what: 'How fast it notices a new Active, and whether it cuts old sessions, depends on it and was not tried by us.',
        costs:
          'Where old sessions are not cut, a sender whose server lost power is stuck until its own time limit passes. Give every sender one.',
      },
      notSetUpByUs,
    ],
  };
}

function listenerLines({ words, address, port, members }: BalancedListener): string {
  return [
    words,
    `  senders         ${atPort(address, port)}`,
    ...members.map(
      (one) =>
        `  ${one.server.padEnd(15)} ${atPort(one.address, one.port)}, check on ${atPort(one.address, one.activePort)}/active`,
    ),
    '',
  ].join('\n');
}
