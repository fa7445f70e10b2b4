import { describe, expect, it } from 'vitest';
import { changeRefusals, siteChanges } from '../../../shared/site/site-changes.ts';
import { sampleSite } from '../host/install/install-samples.ts';

describe('what one installation may not change at once', () => {
  it('gives no new cluster a directory inside that of one that leaves', () => {
    const [wk1, wk2] = sampleSite().clusters.map((cluster) => ({ ...cluster, index: cluster.index + 7 }));
    const storage = { kind: 'shared' as const, directory: '/share/wk1/new/', mustBeMount: true };
    const members = wk1!.members.map(({ engine, ...member }) => ({
      ...member,
      engine: { ...engine, service: { kind: 'systemd' as const, unit: 'engine-WK3.service' } },
    }));
    const wanted = { ...sampleSite(), clusters: [{ ...wk1!, id: 'WK3', members, storage }, wk2!] };
    expect(changeRefusals(sampleSite(), wanted)).toEqual([
      'WK3 takes over an engine, port or directory of WK1, which leaves; install without WK1 first, then add WK3',
    ]);
  });
});

describe('what is told of a change', () => {
  it('is every field, of clusters that stay also what no screen of the setup shows', () => {
    const before = sampleSite();
    before.notifications = { targets: [{ kind: 'webhook', id: 'pager', url: 'https://pager.example/hook' }] };
    before.clusters[0]!.failback = { afterMinutes: 30 };
    before.clusters[0]!.failoversPerHour = 5;
    before.clusters[1]!.members[0]!.mustNot = true;
    const after = { ...sampleSite(), version: before.version + 1 };
    after.clusters[0]!.localRestarts = 3;
    expect(siteChanges(before, after)).toEqual([
      'clusters.WK1.localRestarts: 2 → 3',
      'clusters.WK1.failback.afterMinutes: 30 → absent',
      'clusters.WK1.failoversPerHour: 5 → absent',
      'clusters.WK2.members.north.mustNot: true → absent',
      'notifications.targets.pager.kind: "webhook" → absent',
      'notifications.targets.pager.id: "pager" → absent',
      'notifications.targets.pager.url: "https://pager.example/hook" → absent',
    ]);
    expect(siteChanges(before, before)).toEqual([]);
  });

  it('says of what comes and goes only that, in words', () => {
    const [wk1, wk2] = sampleSite().clusters;
    const after = { ...sampleSite(), clusters: [wk2!, { ...wk1!, id: 'WK3', localRestarts: 5 }] };
    expect(siteChanges(sampleSite(), after)).toEqual([
      'WK1 is no longer protected: its members leave, its data stays',
      'WK3 is added',
    ]);
  });
});
