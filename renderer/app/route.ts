import { useSyncExternalStore } from 'react';

export const clusterTabs = ['topology', 'journal', 'commands'] as const;
export type ClusterTab = (typeof clusterTabs)[number];

/** Where the page is. Kept in the address, so that back, reload and links work. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'clusters' }
  | { readonly page: 'cluster'; readonly cluster: string; readonly tab: ClusterTab }
  | { readonly page: 'switchover'; readonly cluster: string; readonly target: string | null }
  | { readonly page: 'operation'; readonly cluster: string; readonly operation: string };

/** Reads the part of the address behind `#`; anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const [first, cluster, third, fourth] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map((part) => safeDecode(part));
  if (first === 'clusters') return { page: 'clusters' };
  if (first !== 'cluster' || !cluster) return { page: 'overview' };
  if (third === 'switchover') return { page: 'switchover', cluster, target: fourth || null };
  if (third === 'operation' && fourth) return { page: 'operation', cluster, operation: fourth };
  const tab = clusterTabs.find((candidate) => candidate === third) ?? 'topology';
  return { page: 'cluster', cluster, tab };
}

export function routeHash(route: Route): string {
  switch (route.page) {
    case 'overview':
      return '#/';
    case 'clusters':
      return '#/clusters';
    case 'cluster':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${route.tab}`;
    case 'switchover': {
      const target = route.target ? `/${encodeURIComponent(route.target)}` : '';
      return `#/cluster/${encodeURIComponent(route.cluster)}/switchover${target}`;
    }
    case 'operation':
      return `#/cluster/${encodeURIComponent(route.cluster)}/operation/${encodeURIComponent(route.operation)}`;
  }
}

export function navigate(route: Route): void {
  window.location.hash = routeHash(route);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  return parseRoute(hash);
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
