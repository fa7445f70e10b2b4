import { directoryClashes, storedCluster } from './directory-rules.ts';
import type { Cluster, Member, SiteDocument } from './site-document.ts';
import { documentChanges } from './document-changes.ts';
import { memberPorts } from './site-rules.ts';

/**
 * Every reason why a site cannot become another one in a single installation, as sentences. Pure.
 *
 * What leaves a server and what comes must not be the same engine, port or directory at once, and of a cluster that goes
 * on one member must stay: it is the only one that knows that nobody else is Active.
 */
export function changeRefusals(installed: SiteDocument, wanted: SiteDocument): string[] {
  const kept = wanted.clusters.flatMap((cluster) => {
    const before = installed.clusters.find(({ id }) => id === cluster.id);
    return before ? [{ before, cluster }] : [];
  });
  const leaving = installed.clusters.filter(
    ({ id }) => !wanted.clusters.some((cluster) => cluster.id === id),
  );
  const coming = wanted.clusters.filter(({ id }) => !installed.clusters.some((cluster) => cluster.id === id));
  return [
    ...kept
      .filter(({ before, cluster }) => !cluster.members.some(({ server }) => memberOn(before, server)))
      .map(
        ({ cluster: { id } }) =>
          `${id}: both members change their server at once; exchange one, install, and then the other`,
      ),
    ...coming.flatMap((cluster) =>
      leaving
        .filter((old) => isTakenOver(cluster, old))
        .map(
          ({ id }) =>
            `${cluster.id} takes over an engine, port or directory of ${id}, which leaves; install without ${id} first, then add ${cluster.id}`,
        ),
    ),
  ];
}

/** What is different in the wanted site, one line each: in words what people feel, then every other field. Pure. */
export function siteChanges(installed: SiteDocument, wanted: SiteDocument): string[] {
  return [
    ...installed.clusters
      .filter(({ id }) => !wanted.clusters.some((cluster) => cluster.id === id))
      .map(({ id }) => `${id} is no longer protected: its members leave, its data stays`),
    ...wanted.clusters.flatMap((cluster) => {
      const before = installed.clusters.find(({ id }) => id === cluster.id);
      return before ? clusterChanges(before, cluster) : [`${cluster.id} is added`];
    }),
    ...fieldChanges(installed, wanted),
  ];
}

/** Every other field that differs, as `field: old → new`: of servers and clusters that are there before and after. */
function fieldChanges(installed: SiteDocument, wanted: SiteDocument): string[] {
  const both = <Part extends { readonly id: string }>(some: readonly Part[], others: readonly Part[]) =>
    some.filter(({ id }) => others.some((other) => other.id === id));
  const comparable = (site: SiteDocument, other: SiteDocument): SiteDocument => ({
    ...site,
    version: 0,
    servers: both(site.servers, other.servers),
    clusters: both(site.clusters, other.clusters).map((cluster) => ({
      ...cluster,
      members: cluster.members
        .filter(({ server }) =>
          memberOn(
            other.clusters.find(({ id }) => id === cluster.id)!,
            server,
          ),
        )
        .map((member) => ({ ...member, preferred: false })),
    })),
  });
  return documentChanges(comparable(installed, wanted), comparable(wanted, installed));
}

function clusterChanges(before: Cluster, { id, members }: Cluster): string[] {
  const left = before.members.filter(({ server }) => !members.some((member) => member.server === server));
  const came = members.filter(({ server }) => !memberOn(before, server));
  const preferred = (some: readonly Member[]) => some.find((member) => member.preferred)?.server;
  const [was, is] = [preferred(before.members), preferred(members)];
  return [
    ...left.map(({ server }) => `${id} leaves ${server}; until its new member answers nobody can take over`),
    ...came.map(({ server }) => `${id} gets a member on ${server}`),
    ...(was === is ? [] : [preferenceLine(id, is)]),
  ];
}

function preferenceLine(cluster: string, server: string | undefined): string {
  const what = server === undefined ? 'prefers no server any more' : `prefers ${server} from now on`;
  return `${cluster} ${what}; the installation moves no Active`;
}

function memberOn({ members }: Cluster, server: string): boolean {
  return members.some((member) => member.server === server);
}

function isTakenOver(cluster: Cluster, old: Cluster): boolean {
  const [its, theirs] = [usesOf(cluster), usesOf(old)];
  return (
    [...its].some((use) => theirs.has(use)) || directoryClashes([old, cluster].map(storedCluster)).length > 0
  );
}

/** Engines and ports that only one cluster may have at a time. */
function usesOf(cluster: Cluster): Set<string> {
  return new Set(
    cluster.members.flatMap((member) => {
      const { server, engine } = member;
      const { api, active } = memberPorts(cluster, member);
      return [
        `${server} service ${engine.service.unit}`,
        ...[api, active].map((port) => `${server} port ${port}`),
      ];
    }),
  );
}
