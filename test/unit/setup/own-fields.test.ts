import { describe, expect, it } from 'vitest';
import { expectedFromDraft } from '../../../electron/host/setup/expected-from-draft.ts';
import { draftAccess } from '../../../electron/host/setup/draft-target.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { asUsual, SetupDraft, type DraftCluster } from '../../../shared/setup/draft.ts';
import { draftPolicy, readSeconds } from '../../../shared/setup/draft-timing.ts';
import { setupGaps } from '../../../shared/setup/gaps.ts';
import { siteFromDraft } from '../../../shared/setup/site-from-draft.ts';
import { draftCluster, draftServer, wholeDraft } from './setup-draft-fixture.ts';

/** Goal: what the command line can say, the screen can say too. Method: drafts in, site document and ways out. */
describe('times of one’s own', () => {
  const own = { ...timingPresets.normal, T: 20, emergencyStop: 'kill' as const };

  it('stand in the site document of every cluster', () => {
    const draft = wholeDraft({ timing: own });
    expect(siteFromDraft(draft)?.clusters.map(({ timing }) => timing)).toEqual([own, own]);
    expect(setupGaps(draft, 'timing')).toEqual([]);
    expect(SetupDraft.parse(JSON.parse(JSON.stringify(draft))).timing).toEqual(own);
  });

  it('are asked for until all five are said, and refused outside of the formula with its numbers', () => {
    const half = wholeDraft({ timing: { ...own, K: null } });
    expect([draftPolicy(half.timing), siteFromDraft(half)]).toEqual([null, null]);
    expect(setupGaps(half, 'timing')).toEqual([
      { field: 'timing', needs: 'All five times are needed, in seconds.' },
    ]);
    const short = setupGaps(wholeDraft({ timing: { ...own, T: 8 } }), 'timing');
    expect(short[0]!.needs).toMatch(
      /^max\(H, O\) \+ 2·O \+ K \+ δ ≤ T does not hold: .* more than T = 8 s\.$/,
    );
  });

  it.each([
    ['2', 2],
    ['0.5', 0.5],
    ['0,25', 0.25],
    ['', null],
    ['0', null],
    ['-1', null],
    ['1e3', null],
    ['4000', null],
  ])('%j seconds are %j', (text, value) => {
    expect(readSeconds(text)).toBe(value);
  });
});

describe('a copied directory', () => {
  const copied = (copy = asUsual) =>
    siteFromDraft(
      wholeDraft({ clusters: [draftCluster('WK1', 0, { storage: 'copied', copy }), draftCluster('WK2', 1)] }),
    )?.clusters[0]!.storage;

  it('is copied as usual where nothing else is said', () => {
    expect(copied()).toEqual({ kind: 'copied', directory: '/share/wk1', mustBeMount: true });
  });

  it('is copied as it was said, with a directory of its own on one server', () => {
    const directories = { south: '/srv/wk1', north: ' ' };
    expect(copied({ everySeconds: 10, lagLimitSeconds: 120, sshPort: 2222, directories })).toEqual({
      kind: 'copied',
      directory: '/share/wk1',
      mustBeMount: true,
      directories: { south: '/srv/wk1' },
      everySeconds: 10,
      lagLimitSeconds: 120,
      sshPort: 2222,
    });
  });

  it('is looked for where it was said for each server, over the SSH port that was said', () => {
    const storageOf = (copy: typeof asUsual, kind: 'shared' | 'copied' = 'copied') => {
      const cluster = draftCluster('WK1', 0, { storage: kind, copy });
      const made = wholeDraft({ clusters: [cluster, draftCluster('WK2', 1)] });
      const members = made.servers.filter(({ purpose }) => purpose === 'member');
      return members.map((server) => {
        const { directory, copied: way } = expectedFromDraft(made, server).engines[0]!.storage;
        return [server.id, directory, way?.sshPort];
      });
    };
    const copy = { ...asUsual, sshPort: 2222, directories: { south: '/srv/wk1/', north: ' ' } };
    expect(storageOf(copy)).toEqual([
      ['north', '/share/wk1', 2222],
      ['south', '/srv/wk1', 2222],
    ]);
    expect(storageOf(asUsual)).toEqual([
      ['north', '/share/wk1', 22],
      ['south', '/share/wk1', 22],
    ]);
    expect(storageOf(copy, 'shared').map(([, directory]) => directory)).toEqual(['/share/wk1', '/share/wk1']);
  });

  it('is nothing to a shared one, whatever was said before', () => {
    const clusters = [
      draftCluster('WK1', 0, { copy: { ...asUsual, sshPort: 2222 } }),
      draftCluster('WK2', 1),
    ];
    expect(siteFromDraft(wholeDraft({ clusters }))?.clusters[0]!.storage).toEqual({
      kind: 'shared',
      directory: '/share/wk1',
      mustBeMount: true,
    });
  });
});

describe('a program that cuts the other server off', () => {
  const draft = (cutProgram: string, storage: 'shared' | 'copied' = 'shared') =>
    wholeDraft({ clusters: [draftCluster('WK1', 0, { cutProgram, storage }), draftCluster('WK2', 1)] });
  const storage = (made: SetupDraft) => siteFromDraft(made)?.clusters[0]!.storage;

  it('stands in the site document, is looked for on both members, and is nothing to a copied directory', () => {
    const made = draft(' /usr/local/sbin/cut ');
    expect(storage(made)).toMatchObject({ cut: { program: '/usr/local/sbin/cut' } });
    for (const server of made.servers.filter(({ purpose }) => purpose === 'member')) {
      const [engine] = expectedFromDraft(made, server).engines;
      expect(engine?.storage.cutProgram).toBe('/usr/local/sbin/cut');
    }
    expect(storage(draft(''))).not.toHaveProperty('cut');
    expect(storage(draft('/usr/local/sbin/cut', 'copied'))).not.toHaveProperty('cut');
  });

  it('is asked for by its whole path', () => {
    expect(setupGaps(draft('cut-it'), 'storage')).toEqual([
      {
        field: 'clusters.0.cutProgram',
        needs: 'WK1: the program is named by its whole path, or not at all.',
      },
    ]);
    expect(setupGaps(draft('/usr/local/sbin/cut'), 'storage')).toEqual([]);
  });
});

describe('a directory that the agents mount', () => {
  const draft = (more: Partial<DraftCluster>) =>
    wholeDraft({ clusters: [draftCluster('WK1', 0, more), draftCluster('WK2', 1)] });

  it('stands in the site document as a mount of its own, and its unit is looked for on both members', () => {
    const made = draft({ agentMounts: true, mustBeMount: false, directory: '/srv/wk-1' });
    expect(siteFromDraft(made)?.clusters[0]!.storage).toMatchObject({
      mount: { by: 'agent' },
      mustBeMount: true,
    });
    for (const server of made.servers.filter(({ purpose }) => purpose === 'member')) {
      const [engine] = expectedFromDraft(made, server).engines;
      expect(engine?.storage.mountUnit).toBe('srv-wk\\x2d1.mount');
    }
  });

  it('is nothing to a copied directory, and nothing unless it is chosen', () => {
    for (const more of [{ agentMounts: true, storage: 'copied' as const }, { agentMounts: false }, {}])
      expect(siteFromDraft(draft(more))?.clusters[0]!.storage).not.toHaveProperty('mount');
  });
});

it('outdated algorithms and agents reached through SSH stand in the ways to that server alone', () => {
  const first = draftServer('north');
  const servers = [
    { ...first, ssh: { ...first.ssh, legacyAlgorithms: ['ssh-rsa' as const], agentsThroughSsh: true } },
    draftServer('south'),
  ];
  const { access } = draftAccess(wholeDraft({ servers }));
  expect(access['north']).toMatchObject({ legacyAlgorithms: ['ssh-rsa'], agentsThroughSsh: true });
  expect(Object.keys(access['south']!)).not.toEqual(expect.arrayContaining(['legacyAlgorithms']));
  expect(Object.keys(access['south']!)).not.toEqual(expect.arrayContaining(['agentsThroughSsh']));
});
