import { documentChanges, documentFields } from '../site/document-changes.ts';
import type { Cluster, Member, SiteDocument } from '../site/site-document.ts';
import { siteFromDraft } from './site-from-draft.ts';
import type { SetupDraft } from './draft.ts';

/** The site document that an installation from the setup brings, and what of it the setup does not speak of. */
export interface DraftedSite {
  readonly site: SiteDocument;
  /** Fields that stay as they are installed, as `field: value`. */
  readonly carried: readonly string[];
}

/**
 * The site document of a draft, with everything that the installed site has and a setup has no word for: whom agents
 * tell, limits and failback of a cluster, who must not become Active, ports of its own. Clusters are the same by their
 * id, members by their server. Its version is the next one where something differs. Null while the draft is not
 * complete. Pure.
 *
 * @param installed the same site as it was installed last; null: never
 */
export function draftedSite(draft: SetupDraft, installed: SiteDocument | null): DraftedSite | null {
  const made = siteFromDraft(draft);
  if (made === null) return null;
  if (installed === null || installed.id !== made.id) return { site: made, carried: [] };
  const whole = { ...withCarried(made, installed), version: installed.version };
  const isChanged = documentChanges(installed, whole).length > 0;
  const site = { ...whole, version: installed.version + (isChanged ? 1 : 0) };
  return { site, carried: carriedFields(made, site) };
}

function withCarried(made: SiteDocument, installed: SiteDocument): SiteDocument {
  return {
    ...made,
    clusters: made.clusters.map((cluster) => {
      const before = installed.clusters.find(({ id }) => id === cluster.id);
      return before === undefined ? cluster : carriedCluster(cluster, before);
    }),
    ...(made.mode === undefined && installed.mode === 'armed' && { mode: installed.mode }),
    ...(installed.notifications !== undefined && { notifications: installed.notifications }),
  };
}

function carriedCluster(made: Cluster, before: Cluster): Cluster {
  const { localRestarts, failoversPerHour, failback } = before;
  return {
    ...made,
    storage: carriedStorage(made.storage, before.storage),
    members: made.members.map((member) => {
      const old = before.members.find(({ server }) => server === member.server);
      return old === undefined ? member : carriedMember(member, old, made);
    }),
    localRestarts,
    ...(failoversPerHour !== undefined && { failoversPerHour }),
    ...(failback !== undefined && { failback }),
  };
}

/** Ports of listeners that the setup has taken out go with them. */
function carriedMember(made: Member, { mustNot, ports }: Member, { listeners }: Cluster): Member {
  const named = Object.entries(ports?.listeners ?? {}).filter(([name]) =>
    listeners.some((listener) => listener.name === name),
  );
  const { listeners: _all, ...own } = ports ?? {};
  return {
    ...made,
    ...(mustNot !== undefined && { mustNot }),
    ...(ports !== undefined && {
      ports: { ...own, ...(ports.listeners !== undefined && { listeners: Object.fromEntries(named) }) },
    }),
  };
}

/** How long a program or a mount is waited for, as long as there is one. */
function carriedStorage(made: Cluster['storage'], before: Cluster['storage']): Cluster['storage'] {
  if (made.kind !== 'shared' || before.kind !== 'shared') return made;
  const { cut, mount } = made;
  return {
    ...made,
    ...(cut && before.cut?.seconds !== undefined && { cut: { ...cut, seconds: before.cut.seconds } }),
    ...(mount &&
      before.mount?.seconds !== undefined && { mount: { ...mount, seconds: before.mount.seconds } }),
  };
}

function carriedFields(made: SiteDocument, site: SiteDocument): string[] {
  const said = documentFields(made);
  return [...documentFields(site)]
    .filter(([name, value]) => name !== 'version' && said.get(name) !== value)
    .map(([name, value]) => `${name}: ${value}`);
}
