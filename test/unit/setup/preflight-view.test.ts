import { describe, expect, it } from 'vitest';
import { expectedFromDraft } from '../../../electron/host/setup/expected-from-draft.ts';
import type { ServerSurvey } from '../../../shared/preflight/server-facts.ts';
import type { LookedServer } from '../../../shared/preflight/looked-server.ts';
import { neededWays, type TriedWay } from '../../../shared/preflight/ways.ts';
import { noBalancer, type SetupDraft } from '../../../shared/setup/draft.ts';
import { foundEngines, seenServers, shownCheck } from '../../../shared/setup/preflight-view.ts';
import { freshFacts, sampleWanted } from '../host/install/install-samples.ts';
import { wholeDraft, wholeEtcd } from './setup-draft-fixture.ts';

/** Goal: the setup shows what the one preflight found. Method: its pure parts, on drafts of different maturity. */
const begun: SetupDraft = wholeDraft({
  design: null,
  clusters: [],
  balancer: noBalancer,
  leaseStore: { kind: 'witness', server: null, port: 7660 },
});
const expectedOf = (draft: SetupDraft) => draft.servers.map((server) => expectedFromDraft(draft, server));
const waysOf = (draft: SetupDraft) =>
  neededWays(expectedOf(draft)).map(({ from, to, port }) => `${from.server.id} ${to.server.id} ${port}`);

function looked(place: number, survey: Partial<ServerSurvey> = {}): LookedServer {
  const fresh = freshFacts(sampleWanted('north'));
  const listeners = [{ port: 6_543, inode: '4711', loopbackOnly: false }];
  return {
    expected: expectedOf(begun)[place]!,
    facts: { ...fresh, listeners, survey: { ...fresh.survey, ...survey } },
    clock: { offsetMs: 4, uncertaintyMs: 1 },
  };
}

describe('what a draft expects of its servers', () => {
  it('is a first cluster on any two members, and a third machine for the rest, while nothing was said', () => {
    const [north, , third] = expectedOf(begun);
    expect([north!.isMember, north!.isWitness, north!.mayBeBalancer]).toEqual([true, false, false]);
    expect([third!.isMember, third!.isWitness, third!.mayBeBalancer]).toEqual([false, true, true]);
    expect(north!.engines).toEqual([]);
    expect(waysOf(begun)).toEqual([
      'south north 7670',
      'third north 7671',
      'north south 7670',
      'third south 7671',
      'north third 7660',
      'south third 7660',
    ]);
  });

  it('is a way from each member to the etcd that is to keep the leases, and no witness', () => {
    const [north, , third] = expectedOf(wholeDraft({ leaseStore: wholeEtcd() }));
    expect(north!.etcdEndpoints.map(({ address }) => address)).toEqual([
      '192.0.2.21',
      '192.0.2.22',
      '192.0.2.23',
    ]);
    expect([third!.isWitness, third!.etcdEndpoints.length]).toEqual([false, 0]);
  });

  it('is every engine with its directory once they were said', () => {
    const [north, , third] = expectedOf(wholeDraft());
    expect(north!.engines.map(({ unit, storage }) => [unit, storage.directory, storage.mark])).toEqual([
      ['iguanax-wk1.service', '/share/wk1', 'clinic WK1\n'],
      ['iguanax-wk2.service', '/share/wk2', 'clinic WK2\n'],
    ]);
    expect([third!.isBalancer, third!.mayBeBalancer]).toEqual([true, false]);
    expect(waysOf(wholeDraft())).toContain('south north 7680');
  });

  it('leaves out an engine of which something is missing', () => {
    const [cluster, other] = wholeDraft().clusters;
    const clusters = [{ ...cluster!, directory: '' }, other!];
    expect(expectedOf(wholeDraft({ clusters }))[0]!.engines.map(({ cluster: id }) => id)).toEqual(['WK2']);
  });
});

describe('what the setup shows', () => {
  it('is a check with its evidence, and every effect of a change', () => {
    const fix = {
      title: 'Switch it on',
      change: 'It is switched on.',
      command: ['timedatectl', 'set-ntp', 'true'],
    };
    const check = {
      id: 'clock-synchronised',
      server: 'north',
      subject: 'ig-north',
      what: 'time service',
      verdict: 'warning' as const,
      finding: 'not synchronised',
      evidence: ['no time service runs'],
      remedy: 'Set the clock.',
      fix,
      byPerson: false,
      refusal: null,
    };
    expect(shownCheck(check, 7)).toEqual({
      id: 'clock-synchronised@north: time service',
      subject: 'ig-north',
      title: 'time service',
      verdict: 'warning',
      finding: 'not synchronised',
      evidence: ['no time service runs'],
      remedy: 'Set the clock.',
      fix: { title: 'Switch it on', effects: ['It is switched on.', 'timedatectl set-ntp true'] },
      byPerson: false,
      ageMs: 7,
    });
  });

  it('is a table of servers with the quickest way, or none when one is lost', () => {
    const [way] = neededWays(expectedOf(begun)).filter(({ from }) => from.server.id === 'south');
    const tried = (result: TriedWay['result'], rttMs: number | null): TriedWay => ({
      ...way!,
      result,
      rttMs,
    });
    const pathsOf = (...ways: TriedWay[]) => seenServers([looked(0), looked(1)], ways)[1]!.paths;
    expect(pathsOf(tried('ok', 1.1), tried('ok', 0.4), tried('not-tried', null))).toEqual([
      { to: 'north', rttMs: 0.4 },
    ]);
    expect(pathsOf(tried('ok', 1.1), tried('refused', null))).toEqual([{ to: 'north', rttMs: null }]);
    expect(pathsOf(tried('not-open', null))).toEqual([]);
    expect(seenServers([looked(0)], [])[0]).toMatchObject({ system: 'Debian 12, x86_64', clockMs: 4 });
  });

  it('is every engine, for the step that asks for it', () => {
    const service = {
      unit: 'iguanax.service',
      command: '/opt/iguanax/iguana',
      workingDirectory: '/share/wk1',
      running: true,
      openFiles: 1_024,
      memoryMb: 900,
      sockets: ['4711'],
    };
    const told = [{ server: 'north', unit: 'iguanax.service', components: ['ADT in', 'Fetch'] }];
    expect(foundEngines([looked(0, { services: [service] })], told)).toEqual([
      {
        server: 'north',
        unit: 'iguanax.service',
        product: 'IguanaX',
        version: null,
        workingDirectory: '/share/wk1',
        apiPort: 6_543,
        running: true,
        components: ['ADT in', 'Fetch'],
      },
    ]);
    const others = [{ ...told[0]!, server: 'south' }];
    expect(foundEngines([looked(0, { services: [service] })], others)[0]?.components).toBeNull();
  });
});
