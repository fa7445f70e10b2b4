import { useSyncExternalStore } from 'react';
import { forceVerb, readmitVerb, replaceStoreVerb } from '../../shared/agent-api/agent-api.ts';
import { setupStepNames, type SetupStepName } from '../../shared/setup/draft.ts';
import { moveKinds, type MoveKind } from '../../shared/fleet/move-plan.ts';

export const clusterTabs = ['topology', 'components', 'evidence', 'journal', 'commands'] as const;
export type ClusterTab = (typeof clusterTabs)[number];

/** Where the page is. Kept in the address, so that back, reload and links work. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'clusters' }
  | { readonly page: 'servers' }
  | { readonly page: 'timeline' }
  /** A copy of what only this workstation has. */
  | { readonly page: 'recovery-kit' }
  /** The ways to begin. */
  | { readonly page: 'welcome' }
  | { readonly page: 'cluster'; readonly cluster: string; readonly tab: ClusterTab }
  | {
      readonly page: 'move';
      readonly verb: MoveKind;
      readonly cluster: string;
      readonly target: string | null;
    }
  /** A takeover that a person forces, on the member named. */
  | { readonly page: 'force'; readonly cluster: string; readonly target: string }
  /** A member is taken back. */
  | { readonly page: 'readmit'; readonly cluster: string; readonly server: string }
  /** A lost lease store is replaced. */
  | { readonly page: 'replace'; readonly cluster: string }
  /** Maintenance, or no automatic failover for a while. */
  | { readonly page: 'hold'; readonly cluster: string }
  | { readonly page: 'operation'; readonly cluster: string; readonly operation: string }
  /** The setup of a new site; without a step it goes on where it was left. */
  | { readonly page: 'setup'; readonly step: SetupStepName | null }
  /** An address that was written by hand or by another version. */
  | { readonly page: 'unknown'; readonly address: string };

/** Reads the part of the address behind `#`; without one it is the overview. */
export function parseRoute(hash: string): Route {
  const address = hash.replace(/^#?\/?/, '').replace(/\/$/, '');
  const parts = address.split('/').map((part) => safeDecode(part));
  return knownRoute(parts) ?? { page: 'unknown', address };
}

function knownRoute(parts: readonly string[]): Route | null {
  const [first] = parts;
  if (parts.length === 1 && first === '') return { page: 'overview' };
  if (parts.length === 1 && first === 'clusters') return { page: 'clusters' };
  if (parts.length === 1 && first === 'servers') return { page: 'servers' };
  if (parts.length === 1 && first === 'timeline') return { page: 'timeline' };
  if (parts.length === 1 && first === 'recovery-kit') return { page: 'recovery-kit' };
  if (parts.length === 1 && first === 'welcome') return { page: 'welcome' };
  if (first === 'setup' && parts.length <= 2) return setupRoute(parts[1]);
  return first === 'cluster' && parts.length <= 4 ? clusterRoute(parts) : null;
}

function setupRoute(named?: string): Route | null {
  if (named === undefined) return { page: 'setup', step: null };
  const step = setupStepNames.find((name) => name === named);
  return step ? { page: 'setup', step } : null;
}

function clusterRoute([, cluster, third = 'topology', fourth]: readonly string[]): Route | null {
  if (!cluster) return null;
  const verb = moveKinds.find((kind) => kind === third);
  if (verb) return { page: 'move', verb, cluster, target: fourth || null };
  if (third === 'maintenance') return fourth === undefined ? { page: 'hold', cluster } : null;
  if (third === replaceStoreVerb) return fourth === undefined ? { page: 'replace', cluster } : null;
  if (third === forceVerb) return fourth ? { page: 'force', cluster, target: fourth } : null;
  if (third === readmitVerb) return fourth ? { page: 'readmit', cluster, server: fourth } : null;
  if (third === 'operation') return fourth ? { page: 'operation', cluster, operation: fourth } : null;
  const tab = clusterTabs.find((candidate) => candidate === third);
  return tab && fourth === undefined ? { page: 'cluster', cluster, tab } : null;
}

/** Guided work: the navigation folds to a rail. */
export function isGuided({ page }: Route): boolean {
  return ['move', 'force', 'readmit', 'replace', 'hold', 'operation', 'setup'].includes(page);
}

export function routeHash(route: Route): string {
  switch (route.page) {
    case 'overview':
      return '#/';
    case 'clusters':
      return '#/clusters';
    case 'servers':
      return '#/servers';
    case 'timeline':
      return '#/timeline';
    case 'recovery-kit':
      return '#/recovery-kit';
    case 'welcome':
      return '#/welcome';
    case 'cluster':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${route.tab}`;
    case 'move': {
      const target = route.target ? `/${encodeURIComponent(route.target)}` : '';
      return `#/cluster/${encodeURIComponent(route.cluster)}/${route.verb}${target}`;
    }
    case 'force':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${forceVerb}/${encodeURIComponent(route.target)}`;
    case 'readmit':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${readmitVerb}/${encodeURIComponent(route.server)}`;
    case 'replace':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${replaceStoreVerb}`;
    case 'hold':
      return `#/cluster/${encodeURIComponent(route.cluster)}/maintenance`;
    case 'operation':
      return `#/cluster/${encodeURIComponent(route.cluster)}/operation/${encodeURIComponent(route.operation)}`;
    case 'setup':
      return route.step === null ? '#/setup' : `#/setup/${route.step}`;
    case 'unknown':
      return `#/${route.address}`;
  }
}

export function navigate(route: Route): void {
  window.location.hash = routeHash(route);
}

/** Shows another place instead of the present one: "back" does not lead here again. */
export function redirect(route: Route): void {
  window.location.replace(routeHash(route));
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
