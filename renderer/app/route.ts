import { useSyncExternalStore } from 'react';
import {
  forceVerb,
  readmitVerb,
  replaceStoreVerb,
  secondPersonVerb,
} from '../../shared/agent-api/agent-api.ts';
import { setupStepNames, type SetupStepName } from '../../shared/setup/draft.ts';
import { moveKinds, type MoveKind } from '../../shared/fleet/move-plan.ts';

export const clusterTabs = ['topology', 'components', 'evidence', 'journal', 'commands'] as const;
export type ClusterTab = (typeof clusterTabs)[number];

/** Pages that need nothing to be said beside their name, with their addresses. */
const plainPages = {
  overview: '',
  clusters: 'clusters',
  servers: 'servers',
  readiness: 'readiness',
  drills: 'drills',
  timeline: 'timeline',
  /** The past as a support bundle tells it. */
  bundle: 'timeline/bundle',
  /** Which design fits. */
  advisor: 'advisor',
  /** What was answered and decided, to print. */
  'decision-record': 'advisor/record',
  /** What happens at each fault. */
  behaviour: 'behaviour',
  /** A copy of what only this workstation has. */
  'recovery-kit': 'recovery-kit',
  /** Who may work with the site. */
  workstations: 'workstations',
  /** Whom the agents tell what happens. */
  notifications: 'notifications',
  /** The ways to begin. */
  welcome: 'welcome',
} as const;
type PlainPage = keyof typeof plainPages;

/** Where the page is. Kept in the address, so that back, reload and links work. */
export type Route =
  | { [Page in PlainPage]: { readonly page: Page } }[PlainPage]
  | { readonly page: 'cluster'; readonly cluster: string; readonly tab: ClusterTab }
  | {
      readonly page: 'move';
      readonly verb: MoveKind;
      readonly cluster: string;
      readonly target: string | null;
    }
  /** A server is taken out of service for patching, or brought back. */
  | { readonly page: 'patch'; readonly server: string }
  /** A takeover that a person forces, on the member named. */
  | { readonly page: 'force'; readonly cluster: string; readonly target: string }
  /** A member is taken back. */
  | { readonly page: 'readmit'; readonly cluster: string; readonly server: string }
  /** A lost lease store is replaced. */
  | { readonly page: 'replace'; readonly cluster: string }
  /** Maintenance, or no automatic failover for a while. */
  | { readonly page: 'hold'; readonly cluster: string }
  /** A move at a time of its own. */
  | { readonly page: 'schedule'; readonly cluster: string }
  /** A change that waits for a second person, and which ones do. */
  | { readonly page: 'second-person'; readonly cluster: string }
  | { readonly page: 'operation'; readonly cluster: string; readonly operation: string }
  /** The proof of a move; null: of the newest one. */
  | { readonly page: 'verification'; readonly cluster: string; readonly operation: string | null }
  /** The setup of a new site; without a step it goes on where it was left. */
  | { readonly page: 'setup'; readonly step: SetupStepName | null }
  /** Run-books, states, errors and words; with a topic the page opens there. */
  | { readonly page: 'help'; readonly topic: string | null }
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
  const plain = Object.entries(plainPages).find(([, address]) => address === parts.join('/'));
  if (plain) return { page: plain[0] as PlainPage };
  if (first === 'verification' && parts.length <= 3) return verificationRoute(parts);
  if (first === 'patch' && parts.length === 2) return parts[1] ? { page: 'patch', server: parts[1] } : null;
  if (first === 'setup' && parts.length <= 2) return setupRoute(parts[1]);
  if (first === 'help' && parts.length <= 2) return { page: 'help', topic: parts[1] || null };
  return first === 'cluster' && parts.length <= 4 ? clusterRoute(parts) : null;
}

function setupRoute(named?: string): Route | null {
  if (named === undefined) return { page: 'setup', step: null };
  const step = setupStepNames.find((name) => name === named);
  return step ? { page: 'setup', step } : null;
}

function verificationRoute([, cluster, operation]: readonly string[]): Route | null {
  return cluster ? { page: 'verification', cluster, operation: operation || null } : null;
}

/** Guided pages that need nothing to be said beside the cluster, by their part of the address. */
const wholeClusterPages: Readonly<
  Partial<Record<string, 'hold' | 'schedule' | 'second-person' | 'replace'>>
> = {
  maintenance: 'hold',
  schedule: 'schedule',
  [secondPersonVerb]: 'second-person',
  [replaceStoreVerb]: 'replace',
};

function clusterRoute([, cluster, third = 'topology', fourth]: readonly string[]): Route | null {
  if (!cluster) return null;
  const verb = moveKinds.find((kind) => kind === third);
  if (verb) return { page: 'move', verb, cluster, target: fourth || null };
  const whole = wholeClusterPages[third];
  if (whole) return fourth === undefined ? { page: whole, cluster } : null;
  if (third === forceVerb) return fourth ? { page: 'force', cluster, target: fourth } : null;
  if (third === readmitVerb) return fourth ? { page: 'readmit', cluster, server: fourth } : null;
  if (third === 'operation') return fourth ? { page: 'operation', cluster, operation: fourth } : null;
  const tab = clusterTabs.find((candidate) => candidate === third);
  return tab && fourth === undefined ? { page: 'cluster', cluster, tab } : null;
}

/** Guided work: the navigation folds to a rail. */
export function isGuided({ page }: Route): boolean {
  return [
    'move',
    'force',
    'readmit',
    'replace',
    'hold',
    'operation',
    'setup',
    'patch',
    'schedule',
    'second-person',
  ].includes(page);
}

export function routeHash(route: Route): string {
  if (isPlain(route)) return `#/${plainPages[route.page]}`;
  switch (route.page) {
    case 'cluster':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${route.tab}`;
    case 'move': {
      const target = route.target ? `/${encodeURIComponent(route.target)}` : '';
      return `#/cluster/${encodeURIComponent(route.cluster)}/${route.verb}${target}`;
    }
    case 'patch':
      return `#/patch/${encodeURIComponent(route.server)}`;
    case 'force':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${forceVerb}/${encodeURIComponent(route.target)}`;
    case 'readmit':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${readmitVerb}/${encodeURIComponent(route.server)}`;
    case 'replace':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${replaceStoreVerb}`;
    case 'second-person':
      return `#/cluster/${encodeURIComponent(route.cluster)}/${secondPersonVerb}`;
    case 'schedule':
      return `#/cluster/${encodeURIComponent(route.cluster)}/schedule`;
    case 'hold':
      return `#/cluster/${encodeURIComponent(route.cluster)}/maintenance`;
    case 'operation':
      return `#/cluster/${encodeURIComponent(route.cluster)}/operation/${encodeURIComponent(route.operation)}`;
    case 'verification': {
      const operation = route.operation === null ? '' : `/${encodeURIComponent(route.operation)}`;
      return `#/verification/${encodeURIComponent(route.cluster)}${operation}`;
    }
    case 'setup':
      return route.step === null ? '#/setup' : `#/setup/${route.step}`;
    case 'help':
      return route.topic === null ? '#/help' : `#/help/${encodeURIComponent(route.topic)}`;
    case 'unknown':
      return `#/${route.address}`;
  }
}

function isPlain(route: Route): route is Extract<Route, { readonly page: PlainPage }> {
  return Object.hasOwn(plainPages, route.page);
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
