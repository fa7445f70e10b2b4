import { describe, expect, it } from 'vitest';
import type { CutFacts } from '../../../shared/agent-api/member-snapshot.ts';
import { countDangers, siteProblems } from '../../../shared/fleet/problems.ts';
import { siteSentence } from '../../../shared/fleet/site-sentence.ts';
import { mountedIn } from '../../screens/mount-fixture.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf, lostFor } from '../../screens/site-fixture.ts';
import { sightOf } from './sight-of-fixture.ts';

describe('problems of a site', () => {
  it('are none on a healthy site', () => {
    expect(siteProblems(sightOf(fixtures.healthy()))).toEqual([]);
  });

  it('fold everything that follows from a dead server into one', () => {
    const problems = siteProblems(sightOf(fixtures['dead-server']()));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      severity: 'danger',
      title: 'ig-north does not answer, last heard 9.3 s ago',
      clusters: ['WK1', 'WK2'],
    });
    expect(problems[0]!.folded.join(' ')).toContain(
      'Nobody who could take WK2 over is seen if ig-south fails',
    );
  });

  it('fold a lost lease store over all clusters', () => {
    const snapshot = fixtures.healthy();
    snapshot.site!.witness!.link = lostFor(5_000);
    for (const member of snapshot.site!.clusters.flatMap((cluster) => cluster.members)) {
      member.snapshot!.store.reachable = false;
      member.snapshot!.automaticFailover = { state: 'not-known', reason: 'The lease store does not answer.' };
    }
    const problems = siteProblems(sightOf(snapshot));
    expect(problems.map((problem) => problem.title)).toEqual([
      'ig-witness does not answer, last heard 5.0 s ago',
    ]);
  });

  it('say once what two clusters say of the same server', () => {
    const snapshot = fixtures.healthy();
    snapshot.site!.witness!.link = lostFor(5_000);
    const problems = siteProblems(sightOf(snapshot));
    expect(problems).toMatchObject([
      { severity: 'warn', title: 'ig-witness does not answer this console', folded: [] },
    ]);
  });

  it('tell of an agent that dies again and again, from the third time on', () => {
    const titles = (ownEnds: number) => {
      const snapshot = fixtures.healthy();
      clusterOf(snapshot, 'WK1').members[1]!.snapshot!.ownEnds = ownEnds;
      return siteProblems(sightOf(snapshot)).map(({ severity, title }) => `${severity}: ${title}`);
    };
    expect(titles(2)).toEqual([]);
    expect(titles(3)).toEqual(['danger: WK1: the agent on ig-south has died 3 times in ten minutes']);
  });

  it('tell of a mount that stays on a Passive, and of none that is rightly not there', () => {
    const told = (snapshot: ReturnType<typeof fixtures.healthy>) =>
      siteProblems(sightOf(snapshot)).map(({ severity, title, text }) => `${severity}: ${title}. ${text}`);
    expect(told(mountedIn(fixtures.healthy()))).toEqual([]);
    expect(told(mountedIn(fixtures.healthy(), 'it is in use'))).toEqual([
      'warn: WK1: the storage stays mounted on ig-south, which is not Active. iguana-wk1.mount is mounted. It should not be: it is in use. It is tried again every 30 s; nobody waits for it.',
    ]);
  });

  it('tell of a server that is cut off from the storage, and of a program that could not be run', () => {
    const told = (cut: Partial<CutFacts>) => {
      const snapshot = fixtures.healthy();
      const storage = clusterOf(snapshot, 'WK1').members[0]!.snapshot!.storage;
      storage.cut = { program: '/opt/cut', trouble: null, other: null, ...cut };
      return siteProblems(sightOf(snapshot)).map(({ title, text }) => `${title}. ${text}`);
    };
    const other = {
      name: 'ig-south',
      epoch: 7,
      outcome: 'cut',
      wallTime: 'noon',
      seen: 'done',
      notLetIn: null,
    } as const;
    expect(told({})).toEqual([]);
    expect(told({ other })).toEqual([
      'WK1: ig-south is cut off from the storage. ig-south is cut off from the storage since the takeover with epoch 7, at noon: done. It is let in again by itself once it is heard as Passive, with its engine stopped.',
    ]);
    expect(told({ other: { ...other, outcome: 'not-cut' } })[0]).toContain('WK1: ig-south was not cut off');
    expect(told({ trouble: 'it is gone' })[0]).toMatch(/cannot cut the other server off.*it is gone/);
  });

  it('name a cut path once, not once per member that notices', () => {
    const snapshot = fixtures.healthy();
    for (const member of snapshot.site!.clusters.flatMap((cluster) => cluster.members)) {
      member.snapshot!.peer.reachable = false;
      if (member.snapshot!.role.observed === 'active') {
        member.snapshot!.blockers = [
          { code: 'peer-silent', reason: 'It does not answer.', remedy: 'Bring it back.' },
        ];
      }
    }
    const problems = siteProblems(sightOf(snapshot));
    expect(problems.map((problem) => problem.title)).toEqual([
      'ig-north and ig-south do not hear each other',
    ]);
    expect(countDangers(problems)).toBe(0);
  });

  it('repeat no blocker that the peer tells of a member which tells it itself', () => {
    const snapshot = fixtures.healthy();
    const [active, passive] = clusterOf(snapshot, 'WK1').members;
    passive!.snapshot!.blockers = [
      { code: 'engine', reason: 'Its engine is not proven stopped.', remedy: 'Stop it.' },
    ];
    active!.snapshot!.blockers = [
      { code: 'peer-engine', reason: 'ig-south: Its engine is not proven stopped.', remedy: 'Stop it.' },
    ];
    const titles = siteProblems(sightOf(snapshot)).map((problem) => problem.title);
    expect(titles).toEqual(['WK1 on ig-south: Its engine is not proven stopped']);
  });

  it('tell of certificates that end, once each, and of none that has time', () => {
    const dayMs = 24 * 3_600_000;
    const snapshot = fixtures.healthy();
    const [first, second] = clusterOf(snapshot, 'WK1').members;
    first!.snapshot!.certificateEndsInMs = 30 * dayMs + 1;
    second!.snapshot!.certificateEndsInMs = 29.5 * dayMs;
    snapshot.site!.witness!.snapshot!.certificateEndsInMs = -1;
    const told = siteProblems(sightOf(snapshot)).map(({ severity, title }) => [severity, title]);
    expect(told).toEqual([
      ['danger', 'The certificate of the lease store on ig-witness has expired'],
      ['warn', 'The certificate of WK1 on ig-south expires in 29 days'],
    ]);
    second!.snapshot!.certificateBeginsInMs = dayMs;
    expect(siteProblems(sightOf(snapshot)).map(({ title }) => title)).toContain(
      'The certificate of WK1 on ig-south is not valid yet by the clock of its server',
    );
  });

  it('put lost messages first', () => {
    const snapshot = fixtures.healthy();
    clusterOf(snapshot, 'WK2').traffic!.lost = 2;
    clusterOf(snapshot, 'WK1').members[0]!.snapshot!.guards[0]!.beating = false;
    expect(siteProblems(sightOf(snapshot))[0]!.title).toBe('WK2: 2 messages lost, 0 out of order');
  });
});

describe('sentence of a site', () => {
  const sentence = (name: keyof typeof fixtures) => siteSentence(sightOf(fixtures[name]()));

  it('says that both clusters can fail over', () => {
    expect(sentence('healthy')).toMatchObject({ tone: 'ready', sentence: 'Both clusters can fail over now' });
  });

  it('names what is wrong, and that the rest is ready', () => {
    expect(sentence('no-active')).toMatchObject({ tone: 'danger', sentence: 'WK1 has no Active' });
    expect(sentence('no-active').detail).toContain('WK2 can fail over now');
  });

  it('says once what two clusters have in common', () => {
    const snapshot = fixtures.healthy();
    for (const cluster of snapshot.site!.clusters) {
      cluster.members[1]!.snapshot!.blockers = [
        { code: 'engine', reason: 'Not stopped.', remedy: 'Stop it.' },
      ];
    }
    expect(siteSentence(sightOf(snapshot)).sentence).toBe('WK1 and WK2 cannot fail over');
  });

  it('is neither danger nor ready while a cluster moves', () => {
    expect(sentence('running')).toMatchObject({ tone: 'unknown', sentence: 'WK1 moves to ig-south' });
  });

  it('promises nothing while the waiting is on: the lease has to run out first', () => {
    expect(sentence('split').detail).toContain('Nothing is processed twice');
  });
});
