import { describe, expect, it } from 'vitest';
import { draftedSite } from '../../../shared/setup/carried-fields.ts';
import { siteFromDraft } from '../../../shared/setup/site-from-draft.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { draftCluster, wholeDraft } from './setup-draft-fixture.ts';

/**
 * Goal: an installation from the setup takes nothing away that its screens do not speak of. Method: an installed site
 * that has every such field, installed again from the draft that it was made of.
 */
const clusters = [
  draftCluster('WK1', 0, { cutProgram: '/usr/local/sbin/cut', agentMounts: true }),
  draftCluster('WK2', 1),
];
const draft = wholeDraft({ clusters });

/** A new document each time: the first one of the draft, with what was changed elsewhere since. */
function installed(change: (site: SiteDocument) => void = () => undefined): SiteDocument {
  const site = structuredClone(siteFromDraft(draft, 6)!);
  const [wk1] = site.clusters;
  const [north, south] = wk1!.members;
  const url = 'https://pager.example/hook';
  site.notifications = { targets: [{ kind: 'webhook', id: 'pager', url }], allWellHours: 24 };
  site.mode = 'armed';
  Object.assign(wk1!, { localRestarts: 1, failoversPerHour: 5, failback: { afterMinutes: 30 } });
  if (wk1!.storage.kind === 'shared') {
    wk1!.storage.cut!.seconds = 9;
    wk1!.storage.mount!.seconds = 20;
  }
  north!.ports = { api: 7900, active: 7901, listeners: { ADT: 6700 } };
  south!.mustNot = true;
  change(site);
  return SiteDocument.parse(site);
}

describe('the site document of a setup whose site is installed', () => {
  it('is the installed one where nothing was said anew, with its version', () => {
    expect(draftedSite(draft, installed())?.site).toEqual(installed());
    expect(draftedSite(draft, null)).toEqual({ site: siteFromDraft(draft), carried: [] });
  });

  it('names everything that is carried over, and nothing that the setup says itself', () => {
    expect(draftedSite(draft, installed())?.carried.toSorted()).toEqual([
      'clusters.WK1.failback.afterMinutes: 30',
      'clusters.WK1.failoversPerHour: 5',
      'clusters.WK1.localRestarts: 1',
      'clusters.WK1.members.north.ports.active: 7901',
      'clusters.WK1.members.north.ports.api: 7900',
      'clusters.WK1.members.north.ports.listeners.ADT: 6700',
      'clusters.WK1.members.south.mustNot: true',
      'clusters.WK1.storage.cut.seconds: 9',
      'clusters.WK1.storage.mount.seconds: 20',
      'mode: "armed"',
      'notifications.allWellHours: 24',
      'notifications.targets.pager.id: "pager"',
      'notifications.targets.pager.kind: "webhook"',
      'notifications.targets.pager.url: "https://pager.example/hook"',
    ]);
  });

  it('changes what the setup says, under the next version, and keeps the rest by cluster and server', () => {
    const renamed = {
      ...draftCluster('WK1', 0),
      listeners: [{ name: 'ORU', port: 6661, frontendPort: 7001 }],
    };
    const changed = { ...draft, timing: 'fast' as const, clusters: [renamed, draftCluster('WK3', 2)] };
    const made = draftedSite(changed, installed())!.site;
    expect(made.version).toBe(8);
    expect(made.notifications).toEqual(installed().notifications);
    expect(made.clusters[0]).toMatchObject({ timing: 'fast', localRestarts: 1, failoversPerHour: 5 });
    expect(made.clusters[0]!.members[0]!.ports).toEqual({ api: 7900, active: 7901, listeners: {} });
    expect(made.clusters[0]!.storage).not.toHaveProperty('cut');
    expect(made.clusters[1]).toEqual(siteFromDraft(changed)!.clusters[1]);
  });

  it('takes nothing over from another site', () => {
    const other = installed((site) => (site.id = 'elsewhere'));
    expect(draftedSite(draft, other)).toEqual({ site: siteFromDraft(draft), carried: [] });
    expect(documentChanges(siteFromDraft(draft)!, other).length).toBeGreaterThan(10);
  });
});
