import { describe, expect, it } from 'vitest';
import { changeRefusals } from '../../../shared/site/site-changes.ts';
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
