import { describe, expect, it } from 'vitest';
import {
  asUsual,
  emptyDraft,
  emptyEtcd,
  noBalancer,
  SetupDraft,
  setupStepNames,
  type SetupStepName,
} from '../../../shared/setup/draft.ts';
import { setupGaps } from '../../../shared/setup/gaps.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import { idFromName, siteFromDraft } from '../../../shared/setup/site-from-draft.ts';
import { nothingMeasured } from '../../../shared/setup/timing-choice.ts';
import { furthestStep, isSetupBegun, stepSummary, stepToGoOnAt } from '../../../shared/setup/steps.ts';
import { setupFixtures } from '../../screens/setup-fixtures.ts';
import { draftCluster, draftServer, wholeDraft, wholeEtcd } from './setup-draft-fixture.ts';

const needs = (draft: SetupDraft, step: SetupStepName) =>
  setupGaps(draft, step).map(({ field, needs: said }) => `${field}: ${said}`);

describe('the gaps of a setup', () => {
  it('has none when everything was said, and a site document follows', () => {
    const draft = wholeDraft();
    expect(setupStepNames.flatMap((step) => setupGaps(draft, step))).toEqual([]);
    expect(furthestStep(draft)).toBe('install');
    const site = siteFromDraft(draft, 4);
    expect(site).toMatchObject({ id: 'clinic', version: 5, leaseStore: { server: 'third' } });
    expect(site?.clusters.map(({ members }) => members.map(({ preferred }) => preferred))).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('asks for two members and a third machine', () => {
    const draft = wholeDraft({ servers: [draftServer('north', { address: '192.0.2.11' })] });
    expect(needs(draft, 'servers')).toEqual([
      ': At least two servers that run IguanaX are needed.',
      ': A third machine is needed for the lease store. It may be small.',
    ]);
    expect(furthestStep(draft)).toBe('servers');
  });

  it('notices one server given twice under two names', () => {
    const servers = [
      draftServer('north', { address: '192.0.2.11' }),
      draftServer('south', { address: '192.0.2.11' }),
      draftServer('third', { address: '192.0.2.13', purpose: 'other' }),
    ];
    expect(needs(wholeDraft({ servers }), 'servers')).toEqual([
      'servers.1.address: north has this address too.',
    ]);
  });

  it('wants a numeric address, and every host key confirmed', () => {
    const base = wholeDraft();
    const first = base.servers[0]!;
    const servers = [
      { ...first, address: 'north.example', ssh: { ...first.ssh, hostKey: null } },
      ...base.servers.slice(1),
    ];
    expect(needs({ ...base, servers }, 'servers')).toEqual([
      'servers.0.address: A numeric address is needed: agents never wait for a name look-up.',
      'servers.0.ssh.hostKey: north was not reached yet.',
    ]);
  });

  it('refuses a timing that does not fit what was measured, also at the review', () => {
    const slow = { ...nothingMeasured, renewal: { best: 0.1, typical: 0.2, worst: 2 } };
    const said = (draft: SetupDraft, step: SetupStepName) =>
      setupGaps(draft, step, slow).map((gap) => gap.needs);
    const own = { T: 15, H: 2, O: 2.5, K: 4, D: 0.5, emergencyStop: 'kill' as const };
    for (const timing of ['rapid' as const, own]) {
      const draft = wholeDraft({ timing });
      const [why, ...more] = said(draft, 'timing');
      expect(why).toContain('2 × worst renewal ≤ O does not hold as measured here: 2 × 2 s = 4 s > ');
      expect(more).toEqual([]);
      expect(said(draft, 'review')).toEqual([`Step Timing: ${why}`]);
      expect([setupGaps(draft, 'timing'), setupGaps(draft, 'review')]).toEqual([[], []]);
      expect(furthestStep(draft, slow)).toBe('timing');
    }
  });

  it('refuses the lease store on a member, with the reason', () => {
    const draft = wholeDraft({ leaseStore: { kind: 'witness', server: 'south', port: 7660 } });
    expect(needs(draft, 'lease-store')[0]).toContain('if it dies, the lease store dies with it');
    expect(setupGaps(draft, 'review').length).toBeGreaterThan(0);
  });

  it('refuses directories that two clusters share or that lie inside each other', () => {
    const clusters = [draftCluster('WK1', 0), draftCluster('WK2', 1, { directory: '/share//wk1/./two/' })];
    const reason =
      'hared directory /share/wk1/two of WK2 lies in /share/wk1 of WK1; each cluster needs a directory of its own';
    expect(needs(wholeDraft({ clusters }), 'storage')).toEqual([`clusters.1.directory: S${reason}.`]);
    expect(siteRefusals(siteFromDraft(wholeDraft({ clusters }))!)).toEqual([`s${reason}`]);
  });

  it('refuses a directory of one server that lies in that of another cluster there, or is no whole path', () => {
    const servers = [draftServer('a', { name: 'north' }), draftServer('b', { name: 'south' })];
    const copied = (id: string, index: number, directories: Record<string, string>) => {
      const { members, ...cluster } = draftCluster(id, index, { storage: 'copied' });
      const placed = members.map((member, place) => ({ ...member, server: servers[place]!.id }));
      return { ...cluster, members: placed, copy: { ...asUsual, directories } };
    };
    const gaps = (first: Record<string, string>, second: Record<string, string>) =>
      needs(
        wholeDraft({ servers, clusters: [copied('WK1', 0, first), copied('WK2', 1, second)] }),
        'storage',
      );
    expect(gaps({ a: '/data' }, { a: ' ', b: '/data/wk2' })).toEqual([]);
    expect(gaps({ a: '/data' }, { a: '/data/wk2' })).toEqual([
      'clusters.1.copy.directories.a: Storage directory /data/wk2 of WK2 lies in /data of WK1 on north; each cluster needs a directory of its own.',
    ]);
    expect(gaps({}, { b: '/share/wk1' })).toEqual([
      'clusters.1.copy.directories.b: Storage directory /share/wk1 on south is used twice: by WK1 and WK2.',
    ]);
    expect(gaps({ a: 'data' }, {})).toEqual([
      'clusters.0.copy.directories.a: WK1: the directory on north is named by its whole path, or not at all.',
    ]);
  });

  it('wants the address of a balancer that people keep, and one for each cluster where the address moves', () => {
    const f5 = wholeDraft({ balancer: { ...noBalancer, kind: 'f5' } });
    expect(needs(f5, 'balancer')).toEqual([
      'balancer.address: The numeric address that the senders know is needed.',
    ]);
    const moving = { ...noBalancer, kind: 'keepalived' as const, addresses: { 0: '192.0.2.101' } };
    expect(needs(wholeDraft({ balancer: moving }), 'balancer')).toEqual([
      'balancer.addresses.1: The numeric address that the senders of WK2 know is needed.',
    ]);
    expect(siteFromDraft(f5)).toBeNull();
  });

  it('refuses at the step what the chosen balancer cannot do', () => {
    const addresses = { 0: '192.0.2.101', 1: '192.0.2.11' };
    const said = needs(
      wholeDraft({ balancer: { ...noBalancer, kind: 'keepalived', addresses } }),
      'balancer',
    );
    expect(said.join('\n')).toContain('192.0.2.11 of WK2 is the address of north');
    expect(said.join('\n')).toContain('ADT has another port on north than 7001');
  });

  it('describes a balancer that people keep in the site document', () => {
    const balancer = { ...noBalancer, kind: 'f5' as const, address: '192.0.2.100' };
    const draft = wholeDraft({ balancer });
    expect(needs(draft, 'balancer')).toEqual([]);
    expect(siteFromDraft(draft)?.loadBalancer).toEqual({
      kind: 'f5',
      addresses: { WK1: '192.0.2.100', WK2: '192.0.2.100' },
    });
    expect(stepSummary(draft, 'balancer')).toBe('F5 BIG-IP');
  });

  it('needs no third machine where an etcd keeps the leases', () => {
    const { servers } = wholeDraft();
    const draft = wholeDraft({ servers: servers.slice(0, 2), leaseStore: emptyEtcd('clinic') });
    expect(needs(draft, 'servers')).toEqual([]);
  });

  it('asks for every part of an etcd, and knows where its prefix must end', () => {
    expect(needs(wholeDraft({ leaseStore: emptyEtcd('clinic') }), 'lease-store')).toEqual([
      'leaseStore.endpoints.0.address: A numeric address is needed: a renewal never waits for a name look-up.',
      'leaseStore.authorityFile: Name the file with the authority that has issued etcd’s certificates on this workstation.',
      'leaseStore.certificateFile: Name the file with the certificate that members show to etcd on this workstation.',
      'leaseStore.keyFile: Name the file with the private key of that certificate on this workstation.',
    ]);
    const other = wholeDraft({ leaseStore: { ...wholeEtcd(), prefix: '/ixha/another' } });
    expect(needs(other, 'lease-store').join()).toContain("must end with the site's id");
  });

  it('refuses an etcd that is lost together with a member, and an even number of endpoints', () => {
    const endpoint = (address: string) => ({ address, port: 2379, certificateName: '' });
    const alone = wholeDraft({ leaseStore: { ...wholeEtcd(), endpoints: [endpoint('192.0.2.11')] } });
    expect(needs(alone, 'lease-store').join()).toContain('which is a member');
    const two = { ...wholeEtcd(), endpoints: [endpoint('192.0.2.21'), endpoint('192.0.2.22')] };
    expect(needs(wholeDraft({ leaseStore: two }), 'lease-store').join()).toContain('name 1, 3 or 5');
  });

  it('describes an etcd in the site document, without what belongs to this workstation', () => {
    const draft = wholeDraft({ leaseStore: wholeEtcd() });
    expect(needs(draft, 'lease-store')).toEqual([]);
    expect(siteFromDraft(draft)?.leaseStore).toEqual({
      kind: 'etcd',
      endpoints: [
        { address: '192.0.2.21', port: 2379 },
        { address: '192.0.2.22', port: 2379, certificateName: 'etcd2.example' },
        { address: '192.0.2.23', port: 2379 },
      ],
      prefix: '/ixha/clinic',
      user: 'ixha',
    });
    expect(stepSummary(draft, 'lease-store')).toBe('etcd, 192.0.2.21, 192.0.2.22, 192.0.2.23');
  });

  it('asks for every part of a jump host, and notices one that was taken out', () => {
    const jump = {
      id: 'jump',
      name: '',
      address: 'a b',
      ssh: { user: '', port: null, login: { kind: 'key' as const, file: '' }, hostKey: null },
    };
    expect(needs(wholeDraft({ jumpHosts: [jump] }), 'servers')).toEqual([
      'jumpHosts.0.name: Give this jump host a name.',
      'jumpHosts.0.address: An address or a name is needed.',
      'jumpHosts.0.ssh.user: Who logs in there?',
      'jumpHosts.0.ssh.port: A port from 1 to 65535 is needed.',
      'jumpHosts.0.ssh.login.file: Name the file of the private key on this workstation.',
      'jumpHosts.0.ssh.hostKey: This jump host was not reached yet.',
    ]);
    const [first, ...others] = wholeDraft().servers;
    const servers = [{ ...first!, ssh: { ...first!.ssh, jump: 'jump' } }, ...others];
    expect(needs(wholeDraft({ servers }), 'servers')).toEqual([
      'servers.0.ssh.jump: Its jump host was taken out: choose another way to it.',
    ]);
  });

  it('reads a draft of the first versions, which knew HAProxy only', () => {
    const old = { ...emptyDraft(), balancer: 'third' };
    expect(SetupDraft.parse(old).balancer).toEqual({ ...noBalancer, server: 'third' });
    expect(SetupDraft.parse({ ...old, balancer: null }).balancer).toEqual(noBalancer);
    const { jumpHosts: _jumps, revokedHostKeys: _revoked, ...older } = emptyDraft();
    expect(SetupDraft.parse(older)).toMatchObject({ jumpHosts: [], revokedHostKeys: [] });
  });

  it('tells at the review what only the whole shows', () => {
    const clusters = [
      draftCluster('WK1', 0),
      draftCluster('WK2', 1, { listeners: [{ name: 'ORU', port: 6671, frontendPort: 7001 }] }),
    ];
    expect(needs(wholeDraft({ clusters }), 'review')).toEqual([': Balancer port 7001 is used twice.']);
  });

  it('wants two clusters for Multi-Cluster and one for Active–Passive', () => {
    const one = wholeDraft({ clusters: [draftCluster('WK1', 0)] });
    expect(needs(one, 'clusters')).toEqual([': Multi-Cluster needs two clusters or more.']);
    expect(needs(wholeDraft({ design: 'active-passive' }), 'clusters')).toEqual([
      ': Active–Passive has one cluster. For more choose Multi-Cluster.',
    ]);
  });

  it('keeps a half-typed draft readable', () => {
    const draft = wholeDraft({ clusters: [{ ...draftCluster('', 0), members: [], listeners: [] }] });
    expect(SetupDraft.parse(structuredClone(draft))).toEqual(draft);
    expect(siteFromDraft(draft)).toBeNull();
    expect(needs(draft, 'review')).toEqual([': An earlier step is not complete.']);
  });
});

describe('short names', () => {
  it('are made from what a person calls a server', () => {
    expect(idFromName('Süd 2 (Keller)', [])).toBe('Sud-2-Keller');
    expect(idFromName('ig-north', ['ig-north', 'ig-north-2'])).toBe('ig-north-3');
    expect(idFromName('北', [])).toBe('server');
  });
});

describe('the summary of a step', () => {
  it('says what was chosen', () => {
    expect(setupStepNames.map((step) => stepSummary(wholeDraft(), step))).toEqual([
      '3 reached, keys pinned',
      '',
      'Multi-Cluster',
      'WK1, WK2',
      'third, HAProxy',
      'shared, 2 directories',
      'third',
      'normal, T = 15 s',
      '',
      '',
      '',
    ]);
  });
});

describe('a setup that was left', () => {
  const { empty, resumed, whole, installing, installed } = setupFixtures;

  it('goes on at the first step that lacks something', () => {
    expect(stepToGoOnAt(empty)).toBe('servers');
    expect(stepToGoOnAt(resumed)).toBe('balancer');
  });

  it('goes on with the look at the servers before anything is chosen that rests on it', () => {
    const draft = wholeDraft({ design: null, clusters: [] });
    expect(stepToGoOnAt({ ...resumed, draft })).toBe('preflight');
    expect(stepToGoOnAt({ ...whole, draft })).toBe('design');
  });

  it('never goes on behind the review, except where the servers are at work already', () => {
    expect(stepToGoOnAt(whole)).toBe('review');
    expect(stepToGoOnAt(installing)).toBe('install');
    expect(stepToGoOnAt(installed)).toBe('baseline');
  });

  it('is offered once something was kept, and until its site is the one shown', () => {
    expect(isSetupBegun(empty, null)).toBe(false);
    expect(isSetupBegun({ ...empty, savedMs: 10 }, 'demo')).toBe(false);
    expect(isSetupBegun(resumed, 'demo')).toBe(true);
    expect(isSetupBegun(resumed, resumed.draft.site.id)).toBe(false);
  });
});
