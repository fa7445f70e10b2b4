import type { LoadBalancer } from '../site/site-document.ts';

/** What a person may choose, in the order of the screen. */
export const balancerKinds = [
  'haproxy',
  'own-haproxy',
  'f5',
  'nginx',
  'nginx-plus',
  'keepalived',
  'generic',
] as const satisfies readonly LoadBalancer['kind'][];
export type BalancerKind = (typeof balancerKinds)[number];
/** A balancer that the site has already: its configuration is made here and put there by people. */
export type KeptBalancerKind = Exclude<BalancerKind, 'haproxy'>;

export const balancerTitles: Readonly<Record<BalancerKind, string>> = {
  haproxy: 'HAProxy, set up by the console',
  'own-haproxy': 'HAProxy kept by you',
  f5: 'F5 BIG-IP',
  nginx: 'NGINX',
  'nginx-plus': 'NGINX Plus',
  keepalived: 'keepalived (virtual address)',
  generic: 'Another balancer',
};

/** What each one is, in one line. */
export const balancerNotes: Readonly<Record<BalancerKind, string>> = {
  haproxy: 'installed on a machine of the site already; its configuration is written, checked and reloaded',
  'own-haproxy': 'sections for your own configuration; asks every member, cuts old sessions',
  f5: 'monitors, pools and virtual servers to be merged; asks every member, cuts old sessions',
  nginx: 'the free one: it does not ask the members, and does not cut old sessions',
  'nginx-plus': 'with active checks and sessions that are dropped',
  keepalived: 'no machine between: the address itself moves to the Active',
  generic: 'what any balancer has to be told, as a list',
};

/** Whether people put the configuration there themselves. */
export function isKept(kind: LoadBalancer['kind']): kind is KeptBalancerKind {
  return kind !== 'haproxy' && kind !== 'demo';
}
